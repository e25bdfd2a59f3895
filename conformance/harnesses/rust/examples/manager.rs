// SPDX-License-Identifier: MIT
//! A small correct manager and its adapter: the model for your own.

use irqbypass_adapter::{serve, Consumer, Identity, Manager, Producer, Status, Token};
use std::rc::Rc;

const EBUSY: Status = 16;
const EINVAL: Status = 22;
const ENOMEM: Status = 12;

/// One side: who is registered, and under which token.
struct Side<T>(Vec<(Token, Rc<T>)>);

impl<T> Side<T> {
    fn under(&self, token: Token) -> Option<Rc<T>> {
        self.0.iter().find(|(held, _)| *held == token).map(|(_, one)| one.clone())
    }

    fn place(&self, object: &Rc<T>) -> Option<usize> {
        self.0.iter().position(|(_, one)| Rc::ptr_eq(one, object))
    }

    /// The token that the object held, if it was registered.
    fn remove(&mut self, object: &Rc<T>) -> Option<Token> {
        self.place(object).map(|place| self.0.remove(place).0)
    }

    /// The token to register under, or why not.
    fn accept(&self, object: &Rc<T>, token: Option<Token>, memory: bool) -> Result<Token, Status> {
        let token = token.ok_or(-EINVAL)?;
        if self.place(object).is_some() || self.under(token).is_some() {
            return Err(-EBUSY);
        }
        if memory {
            Ok(token)
        } else {
            Err(-ENOMEM)
        }
    }
}

struct ExampleManager {
    producers: Side<Producer>,
    consumers: Side<Consumer>,
    memory: bool,
}

impl ExampleManager {
    fn new() -> Self {
        ExampleManager { producers: Side(Vec::new()), consumers: Side(Vec::new()), memory: true }
    }

    fn bring_in_producer(&mut self, producer: &Rc<Producer>, token: Option<Token>, irq: i64) -> Result<(), Status> {
        let token = self.producers.accept(producer, token, self.memory)?;
        producer.irq.set(irq);
        if let Some(consumer) = self.consumers.under(token) {
            connect(producer, &consumer)?;
        }
        self.producers.0.push((token, producer.clone()));
        Ok(())
    }

    fn bring_in_consumer(&mut self, consumer: &Rc<Consumer>, token: Option<Token>) -> Result<(), Status> {
        if consumer.add_producer.is_none() || consumer.del_producer.is_none() {
            return Err(-EINVAL);
        }
        let token = self.consumers.accept(consumer, token, self.memory)?;
        if let Some(producer) = self.producers.under(token) {
            connect(&producer, consumer)?;
        }
        self.consumers.0.push((token, consumer.clone()));
        Ok(())
    }
}

impl Manager for ExampleManager {
    fn register_producer(&mut self, producer: &Rc<Producer>, token: Option<Token>, irq: i64) -> Status {
        self.bring_in_producer(producer, token, irq).err().unwrap_or(0)
    }

    fn unregister_producer(&mut self, producer: &Rc<Producer>) {
        if let Some(token) = self.producers.remove(producer) {
            if let Some(consumer) = self.consumers.under(token) {
                disconnect(producer, &consumer);
            }
        }
    }

    fn register_consumer(&mut self, consumer: &Rc<Consumer>, token: Option<Token>) -> Status {
        self.bring_in_consumer(consumer, token).err().unwrap_or(0)
    }

    fn unregister_consumer(&mut self, consumer: &Rc<Consumer>) {
        if let Some(token) = self.consumers.remove(consumer) {
            if let Some(producer) = self.producers.under(token) {
                disconnect(&producer, consumer);
            }
        }
    }

    fn set_memory(&mut self, available: bool) {
        self.memory = available;
    }
}

fn connect(producer: &Producer, consumer: &Consumer) -> Result<(), Status> {
    halt(producer, consumer);
    let mut status = producer.add_consumer.as_ref().map_or(0, |add| add(consumer));
    if status == 0 {
        status = consumer.add_producer.as_ref().map_or(0, |add| add(producer));
        if let (true, Some(del)) = (status != 0, &producer.del_consumer) {
            del(consumer);
        }
    }
    resume(producer, consumer);
    if status == 0 {
        Ok(())
    } else {
        Err(status)
    }
}

fn disconnect(producer: &Producer, consumer: &Consumer) {
    halt(producer, consumer);
    if let Some(del) = &consumer.del_producer {
        del(producer);
    }
    if let Some(del) = &producer.del_consumer {
        del(consumer);
    }
    resume(producer, consumer);
}

fn halt(producer: &Producer, consumer: &Consumer) {
    if let Some(stop) = &producer.stop {
        stop();
    }
    if let Some(stop) = &consumer.stop {
        stop();
    }
}

fn resume(producer: &Producer, consumer: &Consumer) {
    if let Some(start) = &consumer.start {
        start();
    }
    if let Some(start) = &producer.start {
        start();
    }
}

fn main() {
    let identity = Identity {
        name: "example-manager",
        version: "1.0",
        profile: None,
        capabilities: &["allocation-failure", "null-token", "missing-mandatory"],
    };
    serve(&identity, ExampleManager::new)
}
