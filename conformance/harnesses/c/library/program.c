/* SPDX-License-Identifier: MIT */
/* One program: run and recorded. */
#include "internal.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

_Thread_local unsigned int current_lane;

/* Tokens are addresses in memory that nobody can read, a cache line apart as kernel objects are. */
static char *tokens;

/* Before there are lanes: two that made the memory at the same time would have different addresses for one token. */
void program_begin(void)
{
	tokens = mmap(NULL, (size_t)8 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (tokens == MAP_FAILED)
		adapter_fail("the adapter has no address space left");
}

static void *token_address(long long token)
{
	return token < 0 ? NULL : (void *)((uintptr_t)tokens + (uintptr_t)token * 64);
}

void operation_run(const struct operation *operation)
{
	void *made = operation->object->made;
	bool is_producer = operation->object->is_producer;
	int status = 0;

	event_call(operation);
	lanes_called();
	if (operation->no_memory && implementation->set_memory)
		implementation->set_memory(false);
	inside_begins();
	switch (operation->kind) {
	case REGISTER_PRODUCER:
		status = implementation->register_producer(made, token_address(operation->token), operation->irq);
		break;
	case UNREGISTER_PRODUCER:
		implementation->unregister_producer(made);
		break;
	case REGISTER_CONSUMER:
		status = implementation->register_consumer(made, token_address(operation->token));
		break;
	case UNREGISTER_CONSUMER:
		implementation->unregister_consumer(made);
		break;
	case OVERWRITE_TOKEN:
		if (is_producer)
			implementation->overwrite_producer_token(made, token_address(operation->token));
		else
			implementation->overwrite_consumer_token(made, token_address(operation->token));
		break;
	case WIPE_OBJECT:
		if (is_producer)
			implementation->wipe_producer(made);
		else
			implementation->wipe_consumer(made);
		break;
	}
	inside_ends();
	if (operation->no_memory && implementation->set_memory)
		implementation->set_memory(true);
	event_return(operation_registers(operation->kind), status);
}

/* One lane runs in the worker itself. */
static void run_lanes(struct program *program)
{
	if (program->lane_count != 1) {
		lanes_run(program);
		return;
	}
	inside_ends();
	for (size_t i = 0; i < program->lanes[0].count; i++)
		operation_run(&program->lanes[0].operations[i]);
	inside_begins();
}

static void create_objects(const struct program *program)
{
	for (size_t i = 0; i < program->object_count; i++) {
		struct object *object = program->objects[i];

		if (object->is_producer)
			object->made = implementation->create_producer((struct adapter_producer *)object, object->callbacks);
		else
			object->made = implementation->create_consumer((struct adapter_consumer *)object, object->callbacks);
		if (!object->made)
			adapter_fail("the adapter did not create the object %s", object->id);
	}
}

static void destroy_objects(const struct program *program)
{
	for (size_t i = 0; i < program->object_count; i++) {
		struct object *object = program->objects[i];

		if (object->is_producer && implementation->destroy_producer)
			implementation->destroy_producer(object->made);
		if (!object->is_producer && implementation->destroy_consumer)
			implementation->destroy_consumer(object->made);
	}
}

/* The program runs elsewhere, as a whole. */
static void play(struct program *program)
{
	bool fit = implementation->play(program);

	current_lane = 0;
	trace_end();
	shared->program_index++;
	if (fit)
		return;
	output_flush();
	worker_end(PHASE_FINISHED, 0);
}

void program_run(json_t *json)
{
	struct program program = program_parse(json);

	if (implementation->play) {
		trace_begin();
		play(&program);
		program_free(&program);
		return;
	}
	create_objects(&program);
	trace_begin();
	atomic_store(&shared->phase, PHASE_RUNNING);
	run_lanes(&program);
	atomic_store(&shared->phase, PHASE_CLEANING);
	trace_end();
	shared->program_index++;
	if (!implementation->reset)
		worker_end(PHASE_RENEWING, 0);
	implementation->reset();
	destroy_objects(&program);
	program_free(&program);
	atomic_store(&shared->phase, PHASE_SERVING);
}

/* --- What callbacks call --- */

static void reenter(const struct object *object, enum callback callback)
{
	for (size_t i = 0; i < object->reentry_count; i++)
		if (object->reentries[i].callback == callback)
			operation_run(&object->reentries[i].operation);
}

static void call(struct object *object, enum callback callback, struct object *counterpart)
{
	inside_ends();
	event_enter(object, callback, counterpart, NULL);
	gates_in_callback(object, callback);
	reenter(object, callback);
	event_leave(object, callback, NULL);
	inside_begins();
}

static int call_add(struct object *object, struct object *counterpart, const int *irq)
{
	size_t add = atomic_fetch_add(&object->adds, 1);
	int result = add < object->result_count ? object->results[add] : 0;

	inside_ends();
	event_enter(object, CALLBACK_ADD, counterpart, irq);
	gates_in_callback(object, CALLBACK_ADD);
	reenter(object, CALLBACK_ADD);
	event_leave(object, CALLBACK_ADD, &result);
	inside_begins();
	return result;
}

int adapter_add_consumer(struct adapter_producer *producer, struct adapter_consumer *consumer)
{
	return call_add(&producer->object, &consumer->object, NULL);
}

void adapter_del_consumer(struct adapter_producer *producer, struct adapter_consumer *consumer)
{
	call(&producer->object, CALLBACK_DEL, &consumer->object);
}

void adapter_producer_stop(struct adapter_producer *producer)
{
	call(&producer->object, CALLBACK_STOP, NULL);
}

void adapter_producer_start(struct adapter_producer *producer)
{
	call(&producer->object, CALLBACK_START, NULL);
}

int adapter_add_producer(struct adapter_consumer *consumer, struct adapter_producer *producer, int irq)
{
	return call_add(&consumer->object, &producer->object, &irq);
}

void adapter_del_producer(struct adapter_consumer *consumer, struct adapter_producer *producer)
{
	call(&consumer->object, CALLBACK_DEL, &producer->object);
}

void adapter_consumer_stop(struct adapter_consumer *consumer)
{
	call(&consumer->object, CALLBACK_STOP, NULL);
}

void adapter_consumer_start(struct adapter_consumer *consumer)
{
	call(&consumer->object, CALLBACK_START, NULL);
}

void adapter_log(const char *level, const char *text)
{
	inside_ends();
	if (atomic_load(&shared->phase) == PHASE_RUNNING)
		event_log(level, text);
	inside_begins();
}

void adapter_hang(const char *detail)
{
	events_keep();
	service->lost(true, detail);
	worker_end(PHASE_RENEWING, 0);
}

unsigned int adapter_lane(void)
{
	return current_lane;
}
