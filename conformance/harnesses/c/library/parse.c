/* SPDX-License-Identifier: MIT */
/* A program, from JSON. */
#include "internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void *program_allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		adapter_fail("the adapter has no memory left");
	return memory;
}

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
	for (int callback = 0; callback < CALLBACKS; callback++)
		if (!strcmp(name, callback_names[is_producer][callback]))
			return (enum callback)callback;
	adapter_fail("\"%.40s\" is not a callback of a %s", name, is_producer ? "producer" : "consumer");
}

bool operation_registers(enum operation_kind kind)
{
	return kind == REGISTER_PRODUCER || kind == REGISTER_CONSUMER;
}

bool writes_objects(void)
{
	return implementation->object_memory ||
	       (implementation->overwrite_producer_token && implementation->overwrite_consumer_token &&
		implementation->wipe_producer && implementation->wipe_consumer);
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
	if ((operation.kind == OVERWRITE_TOKEN || operation.kind == WIPE_OBJECT) && !writes_objects())
		adapter_fail("this adapter did not declare object-memory and was asked to %s", name);

	if (operation_registers(operation.kind) || operation.kind == OVERWRITE_TOKEN) {
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
	struct object *object = is_producer ? &((struct adapter_producer *)program_allocate(1, sizeof(struct adapter_producer)))->object
					    : &((struct adapter_consumer *)program_allocate(1, sizeof(struct adapter_consumer)))->object;
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
		object->results = program_allocate(object->result_count, sizeof(int));
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
		object->reentries = program_allocate(object->reentry_count, sizeof(struct reentry));
	json_array_foreach(reenters, i, item) {
		const char *name = string_of(json_object_get(item, "callback"), "callback");

		object->reentries[i].callback = callback_of(object->is_producer, name);
		object->reentries[i].operation = parse_operation(program, json_object_get(item, "operation"));
	}
}

static struct gate parse_gate(const struct program *program, json_t *json)
{
	const char *until = string_of(json_object_get(json, "until"), "until");
	struct gate gate = {
		.lane = (unsigned int)integer_of(json_object_get(json, "lane"), "lane"),
		.operation = (size_t)integer_of(json_object_get(json, "operation"), "operation"),
		.until_returned = !strcmp(until, "returned"),
	};

	if (!strcmp(string_of(json_object_get(json, "at"), "at"), "callback")) {
		struct object *object = find_object(program, string_of(json_object_get(json, "object"), "object"));

		gate.object = object;
		gate.callback = callback_of(object->is_producer, string_of(json_object_get(json, "callback"), "callback"));
	} else {
		gate.held_lane = (unsigned int)integer_of(json_object_get(json, "heldLane"), "heldLane");
		gate.held_operation = (size_t)integer_of(json_object_get(json, "heldOperation"), "heldOperation");
	}
	if (gate.lane >= program->lane_count || gate.operation >= program->lanes[gate.lane].count)
		adapter_fail("a gate waits for operation %zu of lane %u, which the program does not have", gate.operation, gate.lane);
	if (!implementation->lanes)
		adapter_fail("this adapter did not declare lanes and was given a gate");
	return gate;
}

struct program program_parse(json_t *json)
{
	json_t *objects = json_object_get(json, "objects");
	json_t *lanes = json_object_get(json, "lanes");
	struct program program = {
		.objects = program_allocate(json_array_size(objects), sizeof(struct object *)),
		.lane_count = json_array_size(lanes),
		.lanes = program_allocate(json_array_size(lanes), sizeof(struct lane)),
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
		lane->operations = program_allocate(lane->count, sizeof(struct operation));
		json_array_foreach(item, j, step)
			lane->operations[j] = parse_operation(&program, step);
	}

	json_t *gates = json_object_get(json, "gates");

	program.gate_count = json_array_size(gates);
	program.gates = program_allocate(program.gate_count, sizeof(struct gate));
	json_array_foreach(gates, i, item)
		program.gates[i] = parse_gate(&program, item);
	return program;
}

void program_free(struct program *program)
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
	free(program->gates);
}
