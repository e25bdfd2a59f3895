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

static void quiet(enum callback what, int object, int counterpart)
{
	callback(what, object, counterpart);
	run_left();
}

static int fallible(struct event *event)
{
	int result = run_choose();

	event->result = result;
	run_left();
	return result;
}

static int on_add_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	return fallible(callback(CALLBACK_ADD, number_of_producer(producer), number_of_consumer(consumer)));
}

static void on_del_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	quiet(CALLBACK_DEL, number_of_producer(producer), number_of_consumer(consumer));
}

static void on_producer_stop(struct irq_bypass_producer *producer)
{
	quiet(CALLBACK_STOP, number_of_producer(producer), -1);
}

static void on_producer_start(struct irq_bypass_producer *producer)
{
	quiet(CALLBACK_START, number_of_producer(producer), -1);
}

static int on_add_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	int consumer_number = number_of_consumer(consumer), producer_number = number_of_producer(producer);

	const int *irq = caller_irq(producer);

	if (irq)
		run_point(POINT_READ, (void *)irq, __builtin_return_address(0));

	int seen = irq ? *irq : 0;
	struct event *event = callback(CALLBACK_ADD, consumer_number, producer_number);

	event->irq = seen;
	return fallible(event);
}

static void on_del_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	quiet(CALLBACK_DEL, number_of_consumer(consumer), number_of_producer(producer));
}

static void on_consumer_stop(struct irq_bypass_consumer *consumer)
{
	quiet(CALLBACK_STOP, number_of_consumer(consumer), -1);
}

static void on_consumer_start(struct irq_bypass_consumer *consumer)
{
	quiet(CALLBACK_START, number_of_consumer(consumer), -1);
}

void objects_remake(int object, const unsigned char *callbacks)
{
	unsigned int has = callbacks[object];

	if (object < plan.producers) {
		producers[object] = (struct irq_bypass_producer){
			.stop = has & ADAPTER_STOP ? on_producer_stop : NULL,
			.start = has & ADAPTER_START ? on_producer_start : NULL,
			.add_consumer = has & ADAPTER_ADD ? on_add_consumer : NULL,
			.del_consumer = has & ADAPTER_DEL ? on_del_consumer : NULL,
		};
	} else {
		consumers[object - plan.producers] = (struct irq_bypass_consumer){
			.stop = has & ADAPTER_STOP ? on_consumer_stop : NULL,
			.start = has & ADAPTER_START ? on_consumer_start : NULL,
			.add_producer = has & ADAPTER_ADD ? on_add_producer : NULL,
			.del_producer = has & ADAPTER_DEL ? on_del_producer : NULL,
		};
	}
}

void objects_make(const unsigned char *callbacks)
{
	for (int object = 0; object < plan.producers + plan.consumers; object++)
		objects_remake(object, callbacks);
}

int objects_at(const void *address)
{
	const char *at = address, *first = (const char *)producers, *second = (const char *)consumers;

	if (at >= first && at < (const char *)(producers + plan.producers))
		return (int)((size_t)(at - first) / sizeof(*producers));
	if (at >= second && at < (const char *)(consumers + plan.consumers))
		return plan.producers + (int)((size_t)(at - second) / sizeof(*consumers));
	return -1;
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
