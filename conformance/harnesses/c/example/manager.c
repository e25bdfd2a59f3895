/* SPDX-License-Identifier: MIT */
/*
 * A small correct manager and its adapter: the model for your own.
 *
 * The first half is the manager, which knows nothing of the kit. It holds each side in a hash table of its own and
 * remembers the token in the entry, so nothing that a caller writes into its object can lead it astray. The second
 * half is the adapter: what a caller of the manager would be, with callbacks that tell the kit that they were called.
 */
#include "irqbypass_adapter.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* --- The manager --- */

struct consumer;

struct producer {
	/* Set while registered. */
	struct entry *entry;
	struct consumer *partner;
	int irq;
	int (*add_consumer)(struct producer *, struct consumer *);
	void (*del_consumer)(struct producer *, struct consumer *);
	void (*stop)(struct producer *);
	void (*start)(struct producer *);
};

struct consumer {
	struct entry *entry;
	struct producer *partner;
	int (*add_producer)(struct consumer *, struct producer *);
	void (*del_producer)(struct consumer *, struct producer *);
	void (*stop)(struct consumer *);
	void (*start)(struct consumer *);
};

struct entry {
	struct entry *next;
	const void *token;
	void *object;
};

#define BUCKETS 256

static struct entry *producers[BUCKETS];
static struct entry *consumers[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool no_memory;

static struct entry **bucket(struct entry **table, const void *token)
{
	return &table[((uintptr_t)token >> 6) % BUCKETS];
}

static struct entry *find(struct entry **table, const void *token)
{
	struct entry *entry = *bucket(table, token);

	while (entry && entry->token != token)
		entry = entry->next;
	return entry;
}

static struct entry *insert(struct entry **table, const void *token, void *object)
{
	struct entry *entry = no_memory ? NULL : malloc(sizeof(*entry));

	if (entry) {
		*entry = (struct entry){*bucket(table, token), token, object};
		*bucket(table, token) = entry;
	}
	return entry;
}

static void remove_entry(struct entry **table, struct entry *entry)
{
	struct entry **link = bucket(table, entry->token);

	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	free(entry);
}

static void stop(struct producer *producer, struct consumer *consumer)
{
	if (producer->stop)
		producer->stop(producer);
	if (consumer->stop)
		consumer->stop(consumer);
}

static void start(struct producer *producer, struct consumer *consumer)
{
	if (consumer->start)
		consumer->start(consumer);
	if (producer->start)
		producer->start(producer);
}

static int connect(struct producer *producer, struct consumer *consumer)
{
	int status = 0;

	stop(producer, consumer);
	if (producer->add_consumer)
		status = producer->add_consumer(producer, consumer);
	if (!status) {
		status = consumer->add_producer(consumer, producer);
		if (status && producer->del_consumer)
			producer->del_consumer(producer, consumer);
	}
	start(producer, consumer);
	if (!status) {
		producer->partner = consumer;
		consumer->partner = producer;
	}
	return status;
}

static void disconnect(struct producer *producer, struct consumer *consumer)
{
	stop(producer, consumer);
	consumer->del_producer(consumer, producer);
	if (producer->del_consumer)
		producer->del_consumer(producer, consumer);
	start(producer, consumer);
	producer->partner = NULL;
	consumer->partner = NULL;
}

static int register_producer_locked(struct producer *producer, const void *token, int irq)
{
	if (producer->entry || find(producers, token))
		return -EBUSY;

	struct entry *entry = insert(producers, token, producer);
	struct entry *match = find(consumers, token);

	if (!entry)
		return -ENOMEM;
	producer->irq = irq;

	int status = match ? connect(producer, match->object) : 0;

	if (status)
		remove_entry(producers, entry);
	else
		producer->entry = entry;
	return status;
}

static int register_producer(struct producer *producer, const void *token, int irq)
{
	if (!token)
		return -EINVAL;
	pthread_mutex_lock(&lock);

	int status = register_producer_locked(producer, token, irq);

	pthread_mutex_unlock(&lock);
	return status;
}

static void unregister_producer(struct producer *producer)
{
	pthread_mutex_lock(&lock);
	if (producer->entry) {
		if (producer->partner)
			disconnect(producer, producer->partner);
		remove_entry(producers, producer->entry);
		producer->entry = NULL;
	}
	pthread_mutex_unlock(&lock);
}

static int register_consumer_locked(struct consumer *consumer, const void *token)
{
	if (consumer->entry || find(consumers, token))
		return -EBUSY;

	struct entry *entry = insert(consumers, token, consumer);
	struct entry *match = find(producers, token);

	if (!entry)
		return -ENOMEM;

	int status = match ? connect(match->object, consumer) : 0;

	if (status)
		remove_entry(consumers, entry);
	else
		consumer->entry = entry;
	return status;
}

static int register_consumer(struct consumer *consumer, const void *token)
{
	if (!token || !consumer->add_producer || !consumer->del_producer)
		return -EINVAL;
	pthread_mutex_lock(&lock);

	int status = register_consumer_locked(consumer, token);

	pthread_mutex_unlock(&lock);
	return status;
}

static void unregister_consumer(struct consumer *consumer)
{
	pthread_mutex_lock(&lock);
	if (consumer->entry) {
		if (consumer->partner)
			disconnect(consumer->partner, consumer);
		remove_entry(consumers, consumer->entry);
		consumer->entry = NULL;
	}
	pthread_mutex_unlock(&lock);
}

/* --- The adapter --- */

/* The objects of the caller: the manager's struct first, so that a pointer to one is a pointer to the other. */
struct my_producer {
	struct producer producer;
	struct adapter_producer *handle;
};

struct my_consumer {
	struct consumer consumer;
	struct adapter_consumer *handle;
};

static struct adapter_producer *of_producer(struct producer *producer)
{
	return ((struct my_producer *)producer)->handle;
}

static struct adapter_consumer *of_consumer(struct consumer *consumer)
{
	return ((struct my_consumer *)consumer)->handle;
}

static int on_add_consumer(struct producer *producer, struct consumer *consumer)
{
	return adapter_add_consumer(of_producer(producer), of_consumer(consumer));
}

static void on_del_consumer(struct producer *producer, struct consumer *consumer)
{
	adapter_del_consumer(of_producer(producer), of_consumer(consumer));
}

static void on_producer_stop(struct producer *producer)
{
	adapter_producer_stop(of_producer(producer));
}

static void on_producer_start(struct producer *producer)
{
	adapter_producer_start(of_producer(producer));
}

static int on_add_producer(struct consumer *consumer, struct producer *producer)
{
	return adapter_add_producer(of_consumer(consumer), of_producer(producer), producer->irq);
}

static void on_del_producer(struct consumer *consumer, struct producer *producer)
{
	adapter_del_producer(of_consumer(consumer), of_producer(producer));
}

static void on_consumer_stop(struct consumer *consumer)
{
	adapter_consumer_stop(of_consumer(consumer));
}

static void on_consumer_start(struct consumer *consumer)
{
	adapter_consumer_start(of_consumer(consumer));
}

static void *create_producer(struct adapter_producer *handle, unsigned int callbacks)
{
	struct my_producer *mine = calloc(1, sizeof(*mine));

	mine->handle = handle;
	mine->producer.stop = callbacks & ADAPTER_STOP ? on_producer_stop : NULL;
	mine->producer.start = callbacks & ADAPTER_START ? on_producer_start : NULL;
	mine->producer.add_consumer = callbacks & ADAPTER_ADD ? on_add_consumer : NULL;
	mine->producer.del_consumer = callbacks & ADAPTER_DEL ? on_del_consumer : NULL;
	return mine;
}

static void *create_consumer(struct adapter_consumer *handle, unsigned int callbacks)
{
	struct my_consumer *mine = calloc(1, sizeof(*mine));

	mine->handle = handle;
	mine->consumer.stop = callbacks & ADAPTER_STOP ? on_consumer_stop : NULL;
	mine->consumer.start = callbacks & ADAPTER_START ? on_consumer_start : NULL;
	mine->consumer.add_producer = callbacks & ADAPTER_ADD ? on_add_producer : NULL;
	mine->consumer.del_producer = callbacks & ADAPTER_DEL ? on_del_producer : NULL;
	return mine;
}

static int adapt_register_producer(void *producer, void *token, int irq)
{
	return register_producer(producer, token, irq);
}

static void adapt_unregister_producer(void *producer)
{
	unregister_producer(producer);
}

static int adapt_register_consumer(void *consumer, void *token)
{
	return register_consumer(consumer, token);
}

static void adapt_unregister_consumer(void *consumer)
{
	unregister_consumer(consumer);
}

static void forget(struct entry **table)
{
	for (int i = 0; i < BUCKETS; i++)
		while (table[i])
			remove_entry(table, table[i]);
}

static void reset(void)
{
	forget(producers);
	forget(consumers);
}

static void set_memory(bool available)
{
	no_memory = !available;
}

/* For whoever loads this as a shared library. */
const struct adapter_implementation irqbypass_adapter = {
	.name = "example-manager",
	.version = "1.0",
	.null_token = true,
	.missing_mandatory = true,
	.lanes = true,
	.create_producer = create_producer,
	.create_consumer = create_consumer,
	.destroy_producer = free,
	.destroy_consumer = free,
	.register_producer = adapt_register_producer,
	.unregister_producer = adapt_unregister_producer,
	.register_consumer = adapt_register_consumer,
	.unregister_consumer = adapt_unregister_consumer,
	.reset = reset,
	.set_memory = set_memory,
};

int main(void)
{
	return adapter_main(&irqbypass_adapter);
}
