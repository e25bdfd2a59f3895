/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The objects, of zeros but for their callbacks; each callback is an event, and what a fallible one returns a choice. */
#include "closure.h"

#include "../caller.h"

#include "../../c/irqbypass_adapter.h"

#include <linux/kernel.h>
#include <string.h>

static struct irq_bypass_producer producers[MOST_OBJECTS];
static struct irq_bypass_consumer consumers[MOST_OBJECTS];

/* Tokens are addresses that cannot be read, a cache line apart as kernel objects are. */
#define TOKENS_AT 0x100000000000ul

static void *token_address(int token)
{
	return token < 0 ? NULL : (void *)(TOKENS_AT + 64ul * (unsigned long)token);
}

static int number_of_producer(const struct irq_bypass_producer *producer)
{
	for (int i = 0; i < plan.producers; i++)
		if (producer == &producers[i])
			return i;
	run_crash("a callback is passed a producer that there is not");
}

static int number_of_consumer(const struct irq_bypass_consumer *consumer)
{
	for (int i = 0; i < plan.consumers; i++)
		if (consumer == &consumers[i])
			return plan.producers + i;
	run_crash("a callback is passed a consumer that there is not");
}

static struct event *callback(enum callback what, int object, int counterpart)
{
	struct event *event = run_event(what);

	event->object = object;
	event->counterpart = counterpart;
	return event;
}

static int fallible(struct event *event)
{
	event->result = run_choose();
	return event->result;
}

static int on_add_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	return fallible(callback(CALLBACK_ADD, number_of_producer(producer), number_of_consumer(consumer)));
}

static void on_del_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	callback(CALLBACK_DEL, number_of_producer(producer), number_of_consumer(consumer));
}

static void on_producer_stop(struct irq_bypass_producer *producer)
{
	callback(CALLBACK_STOP, number_of_producer(producer), -1);
}

static void on_producer_start(struct irq_bypass_producer *producer)
{
	callback(CALLBACK_START, number_of_producer(producer), -1);
}

static int on_add_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	struct event *event = callback(CALLBACK_ADD, number_of_consumer(consumer), number_of_producer(producer));

	event->irq = producer->irq;
	return fallible(event);
}

static void on_del_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	callback(CALLBACK_DEL, number_of_consumer(consumer), number_of_producer(producer));
}

static void on_consumer_stop(struct irq_bypass_consumer *consumer)
{
	callback(CALLBACK_STOP, number_of_consumer(consumer), -1);
}

static void on_consumer_start(struct irq_bypass_consumer *consumer)
{
	callback(CALLBACK_START, number_of_consumer(consumer), -1);
}

void objects_make(const unsigned char *callbacks)
{
	memset(producers, 0, sizeof(producers));
	memset(consumers, 0, sizeof(consumers));
	for (int i = 0; i < plan.producers; i++, callbacks++) {
		producers[i].stop = *callbacks & ADAPTER_STOP ? on_producer_stop : NULL;
		producers[i].start = *callbacks & ADAPTER_START ? on_producer_start : NULL;
		producers[i].add_consumer = *callbacks & ADAPTER_ADD ? on_add_consumer : NULL;
		producers[i].del_consumer = *callbacks & ADAPTER_DEL ? on_del_consumer : NULL;
	}
	for (int i = 0; i < plan.consumers; i++, callbacks++) {
		consumers[i].stop = *callbacks & ADAPTER_STOP ? on_consumer_stop : NULL;
		consumers[i].start = *callbacks & ADAPTER_START ? on_consumer_start : NULL;
		consumers[i].add_producer = *callbacks & ADAPTER_ADD ? on_add_producer : NULL;
		consumers[i].del_producer = *callbacks & ADAPTER_DEL ? on_del_producer : NULL;
	}
}

int objects_call(const struct operation *operation)
{
	void *token = token_address(operation->token);
	int object = operation->object;

	standin_set_memory(!operation->no_memory);
	switch (operation->kind) {
	case REGISTER_PRODUCER:
		return caller_register_producer(&producers[object], token, operation->irq);
	case REGISTER_CONSUMER:
		return caller_register_consumer(&consumers[object - plan.producers], token);
	case UNREGISTER_PRODUCER:
		irq_bypass_unregister_producer(&producers[object]);
		return 0;
	case UNREGISTER_CONSUMER:
		irq_bypass_unregister_consumer(&consumers[object - plan.producers]);
		return 0;
	}
	return 0;
}

void *objects_memory(bool of_producers, size_t *size)
{
	*size = of_producers ? (size_t)plan.producers * sizeof(*producers) : (size_t)plan.consumers * sizeof(*consumers);
	return of_producers ? (void *)producers : (void *)consumers;
}
