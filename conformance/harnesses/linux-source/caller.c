/* SPDX-License-Identifier: MIT */
/* A caller of the manager: objects of zeros with the callbacks that the program gives them. */
#include "caller.h"

#include <linux/kernel.h>

#include "../c/irqbypass_adapter.h"
#include "standin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct adapter_producer *of_producer(struct irq_bypass_producer *producer)
{
	return container_of(producer, struct caller_producer, producer)->handle;
}

static struct adapter_consumer *of_consumer(struct irq_bypass_consumer *consumer)
{
	return container_of(consumer, struct caller_consumer, consumer)->handle;
}

static int on_add_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	return adapter_add_consumer(of_producer(producer), of_consumer(consumer));
}

static void on_del_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	adapter_del_consumer(of_producer(producer), of_consumer(consumer));
}

static void on_producer_stop(struct irq_bypass_producer *producer)
{
	adapter_producer_stop(of_producer(producer));
}

static void on_producer_start(struct irq_bypass_producer *producer)
{
	adapter_producer_start(of_producer(producer));
}

static int on_add_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	return adapter_add_producer(of_consumer(consumer), of_producer(producer), producer->irq);
}

static void on_del_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	adapter_del_producer(of_consumer(consumer), of_producer(producer));
}

static void on_consumer_stop(struct irq_bypass_consumer *consumer)
{
	adapter_consumer_stop(of_consumer(consumer));
}

static void on_consumer_start(struct irq_bypass_consumer *consumer)
{
	adapter_consumer_start(of_consumer(consumer));
}

/* From the heap, so that the sanitizer sees what happens to an object that is gone. */
static void *create_producer(struct adapter_producer *handle, unsigned int callbacks)
{
	struct caller_producer *mine = calloc(1, sizeof(*mine));

	if (!mine)
		return NULL;
	mine->handle = handle;
	mine->producer.stop = callbacks & ADAPTER_STOP ? on_producer_stop : NULL;
	mine->producer.start = callbacks & ADAPTER_START ? on_producer_start : NULL;
	mine->producer.add_consumer = callbacks & ADAPTER_ADD ? on_add_consumer : NULL;
	mine->producer.del_consumer = callbacks & ADAPTER_DEL ? on_del_consumer : NULL;
	return mine;
}

static void *create_consumer(struct adapter_consumer *handle, unsigned int callbacks)
{
	struct caller_consumer *mine = calloc(1, sizeof(*mine));

	if (!mine)
		return NULL;
	mine->handle = handle;
	mine->consumer.stop = callbacks & ADAPTER_STOP ? on_consumer_stop : NULL;
	mine->consumer.start = callbacks & ADAPTER_START ? on_consumer_start : NULL;
	mine->consumer.add_producer = callbacks & ADAPTER_ADD ? on_add_producer : NULL;
	mine->consumer.del_producer = callbacks & ADAPTER_DEL ? on_del_producer : NULL;
	return mine;
}

static int register_producer(void *producer, void *token, int irq)
{
	return caller_register_producer(&((struct caller_producer *)producer)->producer, token, irq);
}

static void unregister_producer(void *producer)
{
	irq_bypass_unregister_producer(&((struct caller_producer *)producer)->producer);
}

static int register_consumer(void *consumer, void *token)
{
	return caller_register_consumer(&((struct caller_consumer *)consumer)->consumer, token);
}

static void unregister_consumer(void *consumer)
{
	irq_bypass_unregister_consumer(&((struct caller_consumer *)consumer)->consumer);
}

static void overwrite_producer_token(void *producer, void *token)
{
	caller_overwrite_producer(&((struct caller_producer *)producer)->producer, token);
}

static void overwrite_consumer_token(void *consumer, void *token)
{
	caller_overwrite_consumer(&((struct caller_consumer *)consumer)->consumer, token);
}

/* vhost-vdpa once did this to a registered producer. */
static void wipe_producer(void *producer)
{
	struct irq_bypass_producer *mine = &((struct caller_producer *)producer)->producer;
	struct irq_bypass_producer kept = *mine;

	memset(mine, 0, sizeof(*mine));
	mine->stop = kept.stop;
	mine->start = kept.start;
	mine->add_consumer = kept.add_consumer;
	mine->del_consumer = kept.del_consumer;
}

static void wipe_consumer(void *consumer)
{
	struct irq_bypass_consumer *mine = &((struct caller_consumer *)consumer)->consumer;
	struct irq_bypass_consumer kept = *mine;

	memset(mine, 0, sizeof(*mine));
	mine->stop = kept.stop;
	mine->start = kept.start;
	mine->add_producer = kept.add_producer;
	mine->del_producer = kept.del_producer;
}

/* The arguments: VERSION PROFILE [NAME=VALUE ...], what hello says of the tree that the file came from. */
int main(int argc, char **argv)
{
	static struct adapter_fact facts[32];

	if (argc < 3) {
		fprintf(stderr, "usage: %s VERSION PROFILE [FACT=VALUE ...]\n", argv[0]);
		return 64;
	}
	for (int i = 3; i < argc && i < 3 + 31; i++) {
		char *value = strchr(argv[i], '=');

		if (!value) {
			fprintf(stderr, "%s: a fact is written NAME=VALUE, and this is \"%s\"\n", argv[0], argv[i]);
			return 64;
		}
		*value = '\0';
		facts[i - 3] = (struct adapter_fact){argv[i], value + 1};
	}
	return adapter_main(&(struct adapter_implementation){
		.name = "linux-source",
		.version = argv[1],
		.profile = argv[2],
		.facts = facts,
		.null_token = true,
		.missing_mandatory = true,
		.reentry = true,
		.create_producer = create_producer,
		.create_consumer = create_consumer,
		.destroy_producer = free,
		.destroy_consumer = free,
		.register_producer = register_producer,
		.unregister_producer = unregister_producer,
		.register_consumer = register_consumer,
		.unregister_consumer = unregister_consumer,
		.reset = standin_reset,
		.set_memory = caller_allocates ? standin_set_memory : NULL,
		.overwrite_producer_token = overwrite_producer_token,
		.overwrite_consumer_token = overwrite_consumer_token,
		.wipe_producer = wipe_producer,
		.wipe_consumer = wipe_consumer,
	});
}
