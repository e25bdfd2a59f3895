/* SPDX-License-Identifier: MIT */
/* One program: parsed from JSON, run, recorded. */
#include "internal.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

_Thread_local unsigned int current_lane;

struct lane {
	unsigned int number;
	struct operation *operations;
	size_t count;
	pthread_barrier_t *start;
};

struct program {
	struct object **objects;
	size_t object_count;
	struct lane *lanes;
	size_t lane_count;
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		adapter_fail("the adapter has no memory left");
	return memory;
}

/* --- Parsing --- */

static const char *string_of(json_t *value, const char *what)
{
	const char *text = json_string_value(value);

	if (!text)
		adapter_fail("a program needs a string as %s: see protocol.md", what);
	return text;
}

/* The number in "p12" or "t3". */
static long long number_of(const char *name, const char *letters, const char *what)
{
	char *end;

	if (!*name || !strchr(letters, *name) || name[1] < '0' || name[1] > '9' || strlen(name) > 18)
		adapter_fail("\"%.40s\" is not %s", name, what);

	long long number = strtoll(name + 1, &end, 10);

	if (*end)
		adapter_fail("\"%.40s\" is not %s", name, what);
	return number;
}

static int integer_of(json_t *value, const char *what)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < INT_MIN || number > INT_MAX)
		adapter_fail("a program needs an integer of 32 bits as %s: see protocol.md", what);
	return (int)number;
}

static struct object *find_object(const struct program *program, const char *id)
{
	for (size_t i = 0; i < program->object_count; i++)
		if (!strcmp(program->objects[i]->id, id))
			return program->objects[i];
	adapter_fail("an operation names the object \"%.40s\", which the program does not have", id);
}

static enum callback callback_of(bool is_producer, const char *name)
{
	if (!strcmp(name, "stop"))
		return CALLBACK_STOP;
	if (!strcmp(name, "start"))
		return CALLBACK_START;
	if (!strcmp(name, is_producer ? "addConsumer" : "addProducer"))
		return CALLBACK_ADD;
	if (!strcmp(name, is_producer ? "delConsumer" : "delProducer"))
		return CALLBACK_DEL;
	adapter_fail("\"%.40s\" is not a callback of a %s", name, is_producer ? "producer" : "consumer");
}

static bool is_registration(enum operation_kind kind)
{
	return kind == REGISTER_PRODUCER || kind == REGISTER_CONSUMER;
}

static struct operation parse_operation(const struct program *program, json_t *json)
{
	static const struct {
		const char *name;
		enum operation_kind kind;
		const char *roles;
	} kinds[] = {
		{"registerProducer", REGISTER_PRODUCER, "p"},	  {"unregisterProducer", UNREGISTER_PRODUCER, "p"},
		{"registerConsumer", REGISTER_CONSUMER, "c"},	  {"unregisterConsumer", UNREGISTER_CONSUMER, "c"},
		{"overwriteToken", OVERWRITE_TOKEN, "pc"},	  {"wipeObject", WIPE_OBJECT, "pc"},
	};
	const char *name = string_of(json_object_get(json, "operation"), "operation");
	const char *id = string_of(json_object_get(json, "object"), "object");
	struct operation operation = {.object = find_object(program, id), .token = -1};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			break;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		adapter_fail("this adapter does not know the operation \"%.40s\"", name);
	if (!strchr(kinds[i].roles, *id))
		adapter_fail("%s was given \"%s\", an object of the other role", name, id);
	operation.kind = kinds[i].kind;
	if ((operation.kind == OVERWRITE_TOKEN && !implementation->overwrite_producer_token) ||
	    (operation.kind == WIPE_OBJECT && !implementation->wipe_producer))
		adapter_fail("this adapter did not declare object-memory and was asked to %s", name);

	if (is_registration(operation.kind) || operation.kind == OVERWRITE_TOKEN) {
		json_t *token = json_object_get(json, "token");

		if (!json_is_null(token))
			operation.token = number_of(string_of(token, "token"), "t", "a token");
	}
	if (operation.kind == REGISTER_PRODUCER)
		operation.irq = integer_of(json_object_get(json, "irq"), "irq");
	operation.no_memory = json_object_get(json, "memory") != NULL;
	return operation;
}

static struct object *parse_object(json_t *json)
{
	const char *id = string_of(json_object_get(json, "id"), "id");
	bool is_producer = *id == 'p';
	/* The handle that the implementation sees is the object. */
	struct object *object = is_producer ? &((struct adapter_producer *)allocate(1, sizeof(struct adapter_producer)))->object
					    : &((struct adapter_consumer *)allocate(1, sizeof(struct adapter_consumer)))->object;
	json_t *item;
	size_t i;

	number_of(id, "pc", "the id of a producer or a consumer");
	object->is_producer = is_producer;
	strcpy(object->id, id);
	json_array_foreach(json_object_get(json, "callbacks"), i, item)
		object->callbacks |= 1u << callback_of(is_producer, string_of(item, "callback"));

	json_t *results = json_object_get(json, "results");

	object->result_count = json_array_size(results);
	if (object->result_count)
		object->results = allocate(object->result_count, sizeof(int));
	json_array_foreach(results, i, item)
		object->results[i] = integer_of(item, "result");
	return object;
}

/* After all objects are there, because a reentry may name any of them. */
static void parse_reentries(const struct program *program, struct object *object, json_t *json)
{
	json_t *reenters = json_object_get(json, "reenters");
	json_t *item;
	size_t i;

	object->reentry_count = json_array_size(reenters);
	if (object->reentry_count)
		object->reentries = allocate(object->reentry_count, sizeof(struct reentry));
	json_array_foreach(reenters, i, item) {
		const char *name = string_of(json_object_get(item, "callback"), "callback");

		object->reentries[i].callback = callback_of(object->is_producer, name);
		object->reentries[i].operation = parse_operation(program, json_object_get(item, "operation"));
	}
}

static struct program parse_program(json_t *json)
{
	json_t *objects = json_object_get(json, "objects");
	json_t *lanes = json_object_get(json, "lanes");
	struct program program = {
		.objects = allocate(json_array_size(objects), sizeof(struct object *)),
		.lane_count = json_array_size(lanes),
		.lanes = allocate(json_array_size(lanes), sizeof(struct lane)),
	};
	json_t *item;
	size_t i;

	if (!json_is_array(objects) || !json_is_array(lanes))
		adapter_fail("a program needs the arrays objects and lanes: see protocol.md");
	json_array_foreach(objects, i, item)
		program.objects[program.object_count++] = parse_object(item);
	json_array_foreach(objects, i, item)
		parse_reentries(&program, program.objects[i], item);
	json_array_foreach(lanes, i, item) {
		struct lane *lane = &program.lanes[i];
		json_t *step;
		size_t j;

		lane->number = (unsigned int)i;
		lane->count = json_array_size(item);
		lane->operations = allocate(lane->count, sizeof(struct operation));
		json_array_foreach(item, j, step)
			lane->operations[j] = parse_operation(&program, step);
	}
	return program;
}

static void free_program(struct program *program)
{
	for (size_t i = 0; i < program->object_count; i++) {
		free(program->objects[i]->results);
		free(program->objects[i]->reentries);
		free(program->objects[i]);
	}
	for (size_t i = 0; i < program->lane_count; i++)
		free(program->lanes[i].operations);
	free(program->objects);
	free(program->lanes);
}

/* --- Running --- */

/* Tokens are addresses in memory that nobody can read, a cache line apart as kernel objects are. */
static void *token_address(long long token)
{
	static char *base;

	if (token < 0)
		return NULL;
	if (!base) {
		base = mmap(NULL, (size_t)1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (base == MAP_FAILED)
			adapter_fail("the adapter has no address space left");
	}
	return (void *)((uintptr_t)base + (uintptr_t)token * 64);
}

static void run_operation(const struct operation *operation)
{
	void *made = operation->object->made;
	bool is_producer = operation->object->is_producer;
	int status = 0;

	event_call(operation);
	if (operation->no_memory && implementation->set_memory)
		implementation->set_memory(false);
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
	if (operation->no_memory && implementation->set_memory)
		implementation->set_memory(true);
	event_return(is_registration(operation->kind), status);
}

static void *run_lane(void *argument)
{
	const struct lane *lane = argument;

	current_lane = lane->number;
	if (lane->start)
		pthread_barrier_wait(lane->start);
	for (size_t i = 0; i < lane->count; i++)
		run_operation(&lane->operations[i]);
	return NULL;
}

/* One lane runs in the worker itself; more run in threads that start together. */
static void run_lanes(struct program *program)
{
	if (program->lane_count == 1) {
		run_lane(&program->lanes[0]);
		return;
	}

	pthread_t *threads = allocate(program->lane_count, sizeof(pthread_t));
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, (unsigned int)(program->lane_count ? program->lane_count : 1));
	for (size_t i = 0; i < program->lane_count; i++) {
		program->lanes[i].start = &start;
		if (pthread_create(&threads[i], NULL, run_lane, &program->lanes[i]))
			adapter_fail("the adapter cannot start a thread for lane %zu", i);
	}
	for (size_t i = 0; i < program->lane_count; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
	free(threads);
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

void program_run(json_t *json)
{
	struct program program = parse_program(json);

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
	free_program(&program);
	atomic_store(&shared->phase, PHASE_SERVING);
}

/* --- What callbacks call --- */

static void reenter(const struct object *object, enum callback callback)
{
	for (size_t i = 0; i < object->reentry_count; i++)
		if (object->reentries[i].callback == callback)
			run_operation(&object->reentries[i].operation);
}

static void call(struct object *object, enum callback callback, struct object *counterpart)
{
	event_enter(object, callback, counterpart, NULL);
	reenter(object, callback);
	event_leave(object, callback, NULL);
}

static int call_add(struct object *object, struct object *counterpart, const int *irq)
{
	size_t add = atomic_fetch_add(&object->adds, 1);
	int result = add < object->result_count ? object->results[add] : 0;

	event_enter(object, CALLBACK_ADD, counterpart, irq);
	reenter(object, CALLBACK_ADD);
	event_leave(object, CALLBACK_ADD, &result);
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
	if (atomic_load(&shared->phase) == PHASE_RUNNING)
		event_log(level, text);
}

void adapter_hang(const char *detail)
{
	events_keep();
	event_hang(detail);
	trace_end();
	shared->program_index++;
	worker_end(PHASE_RENEWING, 0);
}

unsigned int adapter_lane(void)
{
	return current_lane;
}
