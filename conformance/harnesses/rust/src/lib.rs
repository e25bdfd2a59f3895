// SPDX-License-Identifier: MIT
//! Plug a manager written in Rust into the conformance kit. It has no dependencies.
//!
//! ```text
//!     kit  <── JSON lines ──>  serve()  <── Manager ──>  your manager
//!                                ^                            |
//!                                └──── (producer.stop)() ... ─┘
//! ```
//!
//! [`serve`] makes the objects of each program, calls the operations of a new [`Manager`] of yours, and records what that
//! does: the callbacks of the objects record that they were called, return what the program wants returned, and do
//! nothing more. A panic is a crash of its operation. What is printed goes to standard error: standard output belongs to
//! the protocol. `examples/manager.rs` is a small manager with its complete adapter.

mod json;

use json::Value;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, Write};
use std::os::unix::io::FromRawFd;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

/// What producers and consumers are registered under. It is compared, and otherwise meaningless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(usize);

/// 0, a negative Linux errno, or what a callback returned.
pub type Status = i64;

/// A producer. A callback that it does not have is `None`.
pub struct Producer {
    id: String,
    /// The interrupt. Set it when it must be visible to the consumer.
    pub irq: Cell<i64>,
    pub stop: Option<Box<dyn Fn()>>,
    pub start: Option<Box<dyn Fn()>>,
    pub add_consumer: Option<Box<dyn Fn(&Consumer) -> Status>>,
    pub del_consumer: Option<Box<dyn Fn(&Consumer)>>,
}

/// A consumer. A callback that it does not have is `None`.
pub struct Consumer {
    id: String,
    pub stop: Option<Box<dyn Fn()>>,
    pub start: Option<Box<dyn Fn()>>,
    pub add_producer: Option<Box<dyn Fn(&Producer) -> Status>>,
    pub del_producer: Option<Box<dyn Fn(&Producer)>>,
}

/// Your manager. Two objects are the same if `Rc::ptr_eq` says so.
pub trait Manager {
    fn register_producer(&mut self, producer: &Rc<Producer>, token: Option<Token>, irq: i64) -> Status;
    fn unregister_producer(&mut self, producer: &Rc<Producer>);
    fn register_consumer(&mut self, consumer: &Rc<Consumer>, token: Option<Token>) -> Status;
    fn unregister_consumer(&mut self, consumer: &Rc<Consumer>);
    /// With the capability `allocation-failure`: registrations fail for lack of memory from now on, or no longer do.
    fn set_memory(&mut self, _available: bool) {}
}

/// Who the implementation is, and what it can be given.
pub struct Identity<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// The profile that it claims; `None` for core.
    pub profile: Option<&'a str>,
    pub capabilities: &'a [&'a str],
}

/// Speak the protocol until the kit says bye, and end the process. `new_manager` makes a manager with nothing registered.
pub fn serve<M: Manager>(identity: &Identity, new_manager: impl Fn() -> M) -> ! {
    let wire: Wire = Rc::new(RefCell::new(take_standard_output()));
    let outcome = speak(identity, &new_manager, &wire);
    if let Err(message) = &outcome {
        let error = Value::object(vec![("type", Value::text("error")), ("message", Value::text(message))]);
        say(&wire, &error);
    }
    std::process::exit(if outcome.is_ok() { 0 } else { 2 })
}

type Wire = Rc<RefCell<File>>;

extern "C" {
    fn dup(fd: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
}

/// What the manager prints must not get between two messages.
fn take_standard_output() -> File {
    // SAFETY: both calls take numbers of files that are open, and the new number belongs to nobody else.
    unsafe {
        let wire = dup(1);
        dup2(2, 1);
        File::from_raw_fd(wire)
    }
}

fn say(wire: &Wire, message: &Value) {
    // A kit that has gone reads nothing: then the end of the input ends the adapter.
    let _ = wire.borrow_mut().write_all(format!("{message}\n").as_bytes());
}

fn speak<M: Manager>(identity: &Identity, new_manager: &impl Fn() -> M, wire: &Wire) -> Result<(), String> {
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let request = json::parse(&line).map_err(|error| format!("the kit sent a line that is not JSON: {error}"))?;
        match request.get("type").as_text() {
            Some("hello") => say(wire, &hello(identity)),
            Some("run") => run(&request, new_manager, wire)?,
            Some("bye") => return Ok(()),
            other => return Err(format!("the adapter does not know the request {other:?}")),
        }
    }
    Ok(())
}

fn hello(identity: &Identity) -> Value {
    let capabilities = identity.capabilities.iter().map(|one| Value::text(one)).collect();
    let mut hello = vec![
        ("type", Value::text("hello")),
        ("protocol", Value::number(1)),
        ("name", Value::text(identity.name)),
        ("version", Value::text(identity.version)),
        ("language", Value::text("rust")),
    ];
    if let Some(profile) = identity.profile {
        hello.push(("profile", Value::text(profile)));
    }
    hello.push(("capabilities", Value::List(capabilities)));
    Value::object(hello)
}

/// Where the events of a program go.
#[derive(Clone)]
struct Recorder {
    place: Value,
    events: Rc<RefCell<Vec<Value>>>,
    /// Set where each event is sent as it happens.
    stream: Option<Wire>,
}

impl Recorder {
    fn note(&self, event: Value) {
        match &self.stream {
            Some(wire) => say(wire, &self.place.with("type", Value::text("event")).with("event", event)),
            None => self.events.borrow_mut().push(event),
        }
    }
}

fn run<M: Manager>(request: &Value, new_manager: &impl Fn() -> M, wire: &Wire) -> Result<(), String> {
    let stream = matches!(request.get("stream"), Value::Bool(true));
    let mut answers = String::new();
    for (index, program) in request.get("programs").items().iter().enumerate() {
        let place = Value::object(vec![("id", request.get("id").clone()), ("index", Value::number(index as i64))]);
        let recorder = Recorder {
            place: place.clone(),
            events: Rc::default(),
            stream: stream.then(|| wire.clone()),
        };
        let lanes = program.get("lanes").items();
        let fault = lanes.len() > 1;
        if !fault {
            play(program, lanes.first(), &mut new_manager(), &recorder)?;
        }
        let mut trace = place
            .with("type", Value::text("trace"))
            .with("events", Value::List(recorder.events.take()));
        if fault {
            trace = trace.with("fault", Value::text("this adapter runs one lane only"));
        }
        if stream {
            say(wire, &trace);
        } else {
            answers.push_str(&format!("{trace}\n"));
        }
    }
    let _ = wire.borrow_mut().write_all(answers.as_bytes());
    Ok(())
}

fn play<M: Manager>(program: &Value, lane: Option<&Value>, manager: &mut M, recorder: &Recorder) -> Result<(), String> {
    let mut objects = Objects::default();
    for one in program.get("objects").items() {
        objects.make(one, recorder);
    }
    for operation in lane.map(Value::items).unwrap_or_default() {
        recorder.note(operation.with("type", Value::text("call")));
        match catch_unwind(AssertUnwindSafe(|| call(operation, &mut objects, manager))) {
            Ok(status) => recorder.note(match status? {
                None => Value::object(vec![("type", Value::text("return"))]),
                Some(status) => Value::object(vec![("type", Value::text("return")), ("status", Value::number(status))]),
            }),
            Err(panic) => {
                let told = panic.downcast_ref::<String>().cloned();
                let detail = told.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
                let detail = format!("panic: {}", detail.unwrap_or_default());
                recorder.note(Value::object(vec![("type", Value::text("crash")), ("detail", Value::text(&detail))]));
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The objects and the tokens of a program, by the names that the program gives them.
#[derive(Default)]
struct Objects {
    producers: HashMap<String, Rc<Producer>>,
    consumers: HashMap<String, Rc<Consumer>>,
    tokens: HashMap<String, Token>,
}

impl Objects {
    fn make(&mut self, described: &Value, recorder: &Recorder) {
        let id = described.get("id").as_text().unwrap_or_default().to_string();
        let results = Rc::new(RefCell::new(described.get("results").items().to_vec()));
        let callbacks = described.get("callbacks").items();
        let has = |name: &str| callbacks.iter().any(|one| one.as_text() == Some(name));
        let told = Callbacks { id: id.clone(), results, recorder: recorder.clone() };
        let plain = |name: &'static str| -> Option<Box<dyn Fn()>> {
            let told = told.clone();
            has(name).then(|| -> Box<dyn Fn()> { Box::new(move || told.call(name, None, None)) })
        };
        let (adds, dels) = (told.clone(), told.clone());
        if id.starts_with('p') {
            let producer = Producer {
                irq: Cell::new(0),
                stop: plain("stop"),
                start: plain("start"),
                add_consumer: has("addConsumer").then(|| -> Box<dyn Fn(&Consumer) -> Status> {
                    Box::new(move |consumer| adds.add("addConsumer", &consumer.id, None))
                }),
                del_consumer: has("delConsumer").then(|| -> Box<dyn Fn(&Consumer)> {
                    Box::new(move |consumer| dels.call("delConsumer", Some(&consumer.id), None))
                }),
                id: id.clone(),
            };
            self.producers.insert(id, Rc::new(producer));
        } else {
            let consumer = Consumer {
                stop: plain("stop"),
                start: plain("start"),
                add_producer: has("addProducer").then(|| -> Box<dyn Fn(&Producer) -> Status> {
                    Box::new(move |producer| adds.add("addProducer", &producer.id, Some(producer.irq.get())))
                }),
                del_producer: has("delProducer").then(|| -> Box<dyn Fn(&Producer)> {
                    Box::new(move |producer| dels.call("delProducer", Some(&producer.id), None))
                }),
                id: id.clone(),
            };
            self.consumers.insert(id, Rc::new(consumer));
        }
    }

    fn token(&mut self, name: &Value) -> Option<Token> {
        let next = Token(self.tokens.len());
        name.as_text().map(|name| *self.tokens.entry(name.to_string()).or_insert(next))
    }

    fn producer(&self, id: &str) -> Result<Rc<Producer>, String> {
        self.producers.get(id).cloned().ok_or_else(|| unknown(id))
    }

    fn consumer(&self, id: &str) -> Result<Rc<Consumer>, String> {
        self.consumers.get(id).cloned().ok_or_else(|| unknown(id))
    }
}

fn unknown(id: &str) -> String {
    format!("an operation names {id:?}, which the program does not have")
}

/// What a callback of one object does: it tells that it was called, and returns what it is to return.
#[derive(Clone)]
struct Callbacks {
    id: String,
    results: Rc<RefCell<Vec<Value>>>,
    recorder: Recorder,
}

impl Callbacks {
    fn call(&self, name: &str, counterpart: Option<&str>, result: Option<Value>) {
        self.enter(name, counterpart, None);
        self.leave(name, result);
    }

    fn add(&self, name: &str, counterpart: &str, irq: Option<i64>) -> Status {
        self.enter(name, Some(counterpart), irq);
        let mut results = self.results.borrow_mut();
        let result = if results.is_empty() { Value::number(0) } else { results.remove(0) };
        let status = result.as_number().unwrap_or(0);
        drop(results);
        self.leave(name, Some(result));
        status
    }

    fn enter(&self, name: &str, counterpart: Option<&str>, irq: Option<i64>) {
        let mut event = self.event("enter", name);
        if let Some(counterpart) = counterpart {
            event = event.with("counterpart", Value::text(counterpart));
        }
        if let Some(irq) = irq {
            event = event.with("irq", Value::number(irq));
        }
        self.recorder.note(event);
    }

    fn leave(&self, name: &str, result: Option<Value>) {
        let event = self.event("leave", name);
        self.recorder.note(match result {
            Some(result) => event.with("result", result),
            None => event,
        });
    }

    fn event(&self, kind: &str, name: &str) -> Value {
        Value::object(vec![
            ("type", Value::text(kind)),
            ("callback", Value::text(name)),
            ("object", Value::text(&self.id)),
        ])
    }
}

/// Call one operation. @returns the status of a registration, and nothing for an unregistration
fn call<M: Manager>(operation: &Value, objects: &mut Objects, manager: &mut M) -> Result<Option<Status>, String> {
    let id = operation.get("object").as_text().unwrap_or_default().to_string();
    let token = objects.token(operation.get("token"));
    let scarce = operation.get("memory").as_text() == Some("none");
    if scarce {
        manager.set_memory(false);
    }
    let status = match operation.get("operation").as_text() {
        Some("registerProducer") => {
            let irq = operation.get("irq").as_number().unwrap_or(0);
            Some(manager.register_producer(&objects.producer(&id)?, token, irq))
        }
        Some("registerConsumer") => Some(manager.register_consumer(&objects.consumer(&id)?, token)),
        Some("unregisterProducer") => {
            manager.unregister_producer(&objects.producer(&id)?);
            None
        }
        Some("unregisterConsumer") => {
            manager.unregister_consumer(&objects.consumer(&id)?);
            None
        }
        other => return Err(format!("the adapter does not know the operation {other:?}")),
    };
    if scarce {
        manager.set_memory(true);
    }
    Ok(status)
}
