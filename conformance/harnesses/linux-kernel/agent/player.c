// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Plays producers and consumers: calls the operations of a program and answers the manager's callbacks. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "agent-internal.h"

struct player_object *objects;
unsigned int object_count;

static const struct agent_reentry *reentries;

unsigned int index_of(const struct player_object *object)
{
	unsigned long distance = (unsigned long)object - (unsigned long)objects;

	if (distance % sizeof(*object) || distance / sizeof(*object) >= object_count)
		return AGENT_NOBODY;
	return distance / sizeof(*object);
}

struct player_object *object_of_producer(struct irq_bypass_producer *producer)
{
	return container_of(producer, struct player_object, producer);
}

struct player_object *object_of_consumer(struct irq_bypass_consumer *consumer)
{
	return container_of(consumer, struct player_object, consumer);
}

void player_call(const struct agent_operation *operation)
{
	struct player_object *object = &objects[operation->object];
	bool registers = operation->kind == AGENT_REGISTER_PRODUCER || operation->kind == AGENT_REGISTER_CONSUMER;
	int status = 0;

	record((struct agent_event){ .type = AGENT_CALL,
				     .what = operation->kind,
				     .flag = operation->no_memory,
				     .object = operation->object,
				     .counterpart = AGENT_NOBODY,
				     .value = operation->token,
				     .second = operation->irq });
	gates_called();
	if (operation->no_memory)
		manager_set_memory(false);
	switch (operation->kind) {
	case AGENT_REGISTER_PRODUCER:
	case AGENT_REGISTER_CONSUMER:
		status = manager_register(object, operation->token, operation->irq);
		break;
	case AGENT_UNREGISTER_PRODUCER:
	case AGENT_UNREGISTER_CONSUMER:
		manager_unregister(object);
		break;
	case AGENT_OVERWRITE_TOKEN:
		manager_overwrite_token(object, operation->token);
		break;
	case AGENT_WIPE_OBJECT:
		manager_wipe(object);
		break;
	}
	if (operation->no_memory)
		manager_set_memory(true);
	record((struct agent_event){ .type = AGENT_RETURN, .flag = registers, .counterpart = AGENT_NOBODY, .value = status });
}

/* --- Callbacks --- */

static void reenter(const struct player_object *object, enum agent_callback callback)
{
	const struct agent_object *planned = object->planned;
	unsigned int i;

	for (i = 0; i < planned->reentry_count; i++)
		if (reentries[planned->first_reentry + i].callback == callback)
			player_call(&reentries[planned->first_reentry + i].operation);
}

static int call(struct player_object *object, enum agent_callback callback, const struct player_object *other, int irq)
{
	bool adds = callback == AGENT_ADD;
	unsigned int index = index_of(object);
	int result = 0;

	/* The manager is being cleaned up, or calls about something that is none of ours. */
	if (!READ_ONCE(recording) || index == AGENT_NOBODY)
		return 0;
	if (adds) {
		unsigned int add = atomic_fetch_inc(&object->adds);

		if (add < object->planned->result_count)
			result = object->results[add];
	}
	record((struct agent_event){ .type = AGENT_ENTER,
				     .what = callback,
				     .object = index,
				     .counterpart = other ? index_of(other) : AGENT_NOBODY,
				     .value = irq });
	gates_in_callback(index, callback);
	if (object->planned->reentry_count)
		reenter(object, callback);
	record((struct agent_event){ .type = AGENT_LEAVE,
				     .what = callback,
				     .flag = adds,
				     .object = index,
				     .counterpart = AGENT_NOBODY,
				     .value = result });
	return result;
}

static int on_add_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	return call(object_of_producer(producer), AGENT_ADD, object_of_consumer(consumer), 0);
}

static void on_del_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	call(object_of_producer(producer), AGENT_DEL, object_of_consumer(consumer), 0);
}

static void on_producer_stop(struct irq_bypass_producer *producer)
{
	call(object_of_producer(producer), AGENT_STOP, NULL, 0);
}

static void on_producer_start(struct irq_bypass_producer *producer)
{
	call(object_of_producer(producer), AGENT_START, NULL, 0);
}

static int on_add_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	return call(object_of_consumer(consumer), AGENT_ADD, object_of_producer(producer), producer->irq);
}

static void on_del_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	call(object_of_consumer(consumer), AGENT_DEL, object_of_producer(producer), 0);
}

static void on_consumer_stop(struct irq_bypass_consumer *consumer)
{
	call(object_of_consumer(consumer), AGENT_STOP, NULL, 0);
}

static void on_consumer_start(struct irq_bypass_consumer *consumer)
{
	call(object_of_consumer(consumer), AGENT_START, NULL, 0);
}

static void create_object(struct player_object *object, const struct agent_object *planned, const s32 *results)
{
	unsigned int callbacks = planned->callbacks;

	memset(object, 0, sizeof(*object));
	object->planned = planned;
	object->results = results + planned->first_result;
	if (planned->is_producer) {
		object->producer.stop = callbacks & 1 << AGENT_STOP ? on_producer_stop : NULL;
		object->producer.start = callbacks & 1 << AGENT_START ? on_producer_start : NULL;
		object->producer.add_consumer = callbacks & 1 << AGENT_ADD ? on_add_consumer : NULL;
		object->producer.del_consumer = callbacks & 1 << AGENT_DEL ? on_del_consumer : NULL;
	} else {
		object->consumer.stop = callbacks & 1 << AGENT_STOP ? on_consumer_stop : NULL;
		object->consumer.start = callbacks & 1 << AGENT_START ? on_consumer_start : NULL;
		object->consumer.add_producer = callbacks & 1 << AGENT_ADD ? on_add_producer : NULL;
		object->consumer.del_producer = callbacks & 1 << AGENT_DEL ? on_del_producer : NULL;
	}
}

void player_cast(const struct plan *plan)
{
	unsigned int i;

	object_count = plan->program->object_count;
	reentries = plan->reentries;
	for (i = 0; i < object_count; i++)
		create_object(&objects[i], &plan->objects[i], plan->results);
	memory->object_count = object_count;
}

int player_begin(void)
{
	objects = vzalloc(array_size(AGENT_MOST_OBJECTS, sizeof(*objects)));
	if (!objects)
		return -ENOMEM;
	memory->first_object = (unsigned long)objects;
	memory->object_size = sizeof(*objects);
	return 0;
}
