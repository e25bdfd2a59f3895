/* SPDX-License-Identifier: MIT */
/* A caller of the manager: objects of zeros with the callbacks that the program gives them. */
#include "caller.h"

#include <linux/kernel.h>

#include "../c/irqbypass_adapter.h"
#include "standin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char a_producer[] = "producer", a_consumer[] = "consumer";

/* A callback that is passed something else than what it is for goes astray in a kernel. Here that is a crash at once. */
static _Noreturn void astray(const char *kind)
{
	/* The adapter library takes a summary for the reason of a crash. */
	fprintf(stderr, "SUMMARY: a callback is passed a %s that there is not\n", kind);
	abort();
}

static struct adapter_producer *of_producer(struct irq_bypass_producer *producer)
{
	const struct caller_producer *mine = container_of(producer, struct caller_producer, producer);

	if (mine->kind != a_producer)
		astray(a_producer);
	return mine->handle;
}

static struct adapter_consumer *of_consumer(struct irq_bypass_consumer *consumer)
{
	const struct caller_consumer *mine = container_of(consumer, struct caller_consumer, consumer);

	if (mine->kind != a_consumer)
		astray(a_consumer);
	return mine->handle;
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
	const int *irq = caller_irq(producer);

	return adapter_add_producer(of_consumer(consumer), of_producer(producer), irq ? *irq : 0);
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
	mine->kind = a_producer;
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
	mine->kind = a_consumer;
	mine->consumer.stop = callbacks & ADAPTER_STOP ? on_consumer_stop : NULL;
	mine->consumer.start = callbacks & ADAPTER_START ? on_consumer_start : NULL;
	mine->consumer.add_producer = callbacks & ADAPTER_ADD ? on_add_producer : NULL;
	mine->consumer.del_producer = callbacks & ADAPTER_DEL ? on_del_producer : NULL;
	return mine;
}

/* Tells the races of an operation that is over. */
static int told(int status)
{
	if (races_tell)
		races_tell();
	return status;
}

/*
 * An interrupt that is a field is not written while the object is registered: a consumer of another lane would see it,
 * and it would be the caller's word and none of the manager's.
 */
static int register_producer(void *producer, void *token, int irq)
{
	struct caller_producer *mine = producer;
	const int *held = mine->registered && CALLER_PASSES != 2 ? caller_irq(&mine->producer) : NULL;
	int status = caller_register_producer(&mine->producer, token, held ? *held : irq);

	if (!status)
		mine->registered = true;
	return told(status);
}

static void unregister_producer(void *producer)
{
	struct caller_producer *mine = producer;

	irq_bypass_unregister_producer(&mine->producer);
	mine->registered = false;
	told(0);
}

static int register_consumer(void *consumer, void *token)
{
	return told(caller_register_consumer(&((struct caller_consumer *)consumer)->consumer, token));
}

static void unregister_consumer(void *consumer)
{
	irq_bypass_unregister_consumer(&((struct caller_consumer *)consumer)->consumer);
	told(0);
}

/* What is undefined: the caller writes into an object that is registered. Where the token cannot be reached, nothing is. */
#ifdef CALLER_TOKEN
#define CALLER_WRITES(function) function

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

#else
#define CALLER_WRITES(function) NULL
#endif

/* What the kit knows how to call. */
static bool is_judged(const char *name)
{
	static const char *const judged[] = {
		"irq_bypass_register_producer",
		"irq_bypass_unregister_producer",
		"irq_bypass_register_consumer",
		"irq_bypass_unregister_consumer",
	};

	for (size_t i = 0; i < ARRAY_SIZE(judged); i++)
		if (!strcmp(name, judged[i]))
			return true;
	return false;
}

/* The exported functions that no program calls, in one line; NULL where there is none. */
static const char *not_judged(void)
{
	static char names[1024];
	const char *const *exports;
	size_t count = standin_exports(&exports), length = 0;

	for (size_t i = 0; i < count; i++) {
		const char *comma = length ? ", " : "";

		if (is_judged(exports[i]) || length + strlen(exports[i]) + 3 > sizeof(names))
			continue;
		length += (size_t)sprintf(names + length, "%s%s", comma, exports[i]);
	}
	return length ? names : NULL;
}

#define MOST_FACTS 32

/*
 * The arguments: VERSION PROFILE MEMORY [NAME=VALUE ...], what hello says of the tree that the file came from. MEMORY is
 * "allocates" when registering does, so that it can be made to fail; "tells" to log each allocation, which is how that is
 * found out; or else "-".
 */
int main(int argc, char **argv)
{
	static struct adapter_fact facts[MOST_FACTS + 2];
	const char *others;
	size_t count = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: %s VERSION PROFILE allocates|tells|- [FACT=VALUE ...]\n", argv[0]);
		return 64;
	}
	for (int i = 4; i < argc && count < MOST_FACTS; i++) {
		char *value = strchr(argv[i], '=');

		if (!value) {
			fprintf(stderr, "%s: a fact is written NAME=VALUE, and this is \"%s\"\n", argv[0], argv[i]);
			return 64;
		}
		*value = '\0';
		facts[count++] = (struct adapter_fact){argv[i], value + 1};
	}
	others = not_judged();
	if (others)
		facts[count++] = (struct adapter_fact){"not judged:", others};
	if (!strcmp(argv[3], "tells"))
		standin_tell_allocations();
	standin_begin();
	return adapter_main(&(struct adapter_implementation){
		.name = "linux-source",
		.version = argv[1],
		.profile = argv[2],
		.facts = facts,
		.null_token = true,
		.missing_mandatory = true,
		.reentry = true,
		.lanes = true,
		.data_races = races_told != NULL,
		.create_producer = create_producer,
		.create_consumer = create_consumer,
		.destroy_producer = free,
		.destroy_consumer = free,
		.register_producer = register_producer,
		.unregister_producer = unregister_producer,
		.register_consumer = register_consumer,
		.unregister_consumer = unregister_consumer,
		.reset = standin_reset,
		.set_memory = strcmp(argv[3], "allocates") ? NULL : standin_set_memory,
		.overwrite_producer_token = CALLER_WRITES(overwrite_producer_token),
		.overwrite_consumer_token = CALLER_WRITES(overwrite_consumer_token),
		.wipe_producer = CALLER_WRITES(wipe_producer),
		.wipe_consumer = CALLER_WRITES(wipe_consumer),
	});
}
