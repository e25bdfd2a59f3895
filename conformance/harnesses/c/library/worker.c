/* SPDX-License-Identifier: MIT */
/* Requests to a manager: hello, run, bye. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

const struct adapter_implementation *implementation;

/* The request with an empty array in place of its programs, which are parsed one at a time. */
static json_t *parse_envelope(struct span request, struct span programs)
{
	if (!programs.start)
		return input_parse(request);

	size_t before = (size_t)(programs.start - request.start);
	size_t after = (size_t)(request.end - programs.end);
	char *text = malloc(before + 2 + after);

	if (!text)
		adapter_fail("the adapter has no memory left");
	memcpy(text, request.start, before);
	memcpy(text + before, "[]", 2);
	memcpy(text + before + 2, programs.end, after);

	json_t *envelope = input_parse((struct span){text, text + before + 2 + after});

	free(text);
	return envelope;
}

static void serve_run(json_t *request, struct span programs)
{
	json_t *id = json_object_get(request, "id");
	struct span program;
	size_t index = 0;

	if (!json_is_integer(id) || !programs.start)
		adapter_fail("a run needs an integer id and an array of programs: see protocol.md");
	shared->run_id = json_integer_value(id);
	shared->streaming = json_is_true(json_object_get(request, "stream"));
	arena_reset();
	while (scan_next(&programs, &program)) {
		/* Earlier workers ran the first of them. */
		if (index++ < shared->program_index)
			continue;
		program_run(input_parse(program));
		arena_reset();
	}
	shared->program_index = 0;
}

static void serve_hello(json_t *hello)
{
	const struct {
		bool has;
		const char *capability;
	} known[] = {
		{implementation->set_memory || implementation->allocation_failure, "allocation-failure"},
		{implementation->null_token, "null-token"},
		{implementation->missing_mandatory, "missing-mandatory"},
		{writes_objects(), "object-memory"},
		{implementation->reentry, "reentry"},
		{implementation->lanes, "lanes"},
		{implementation->data_races, "data-races"},
	};
	json_t *capabilities = json_array();

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].has)
			json_array_append_new(capabilities, json_string(known[i].capability));

	json_t *answer = hello_answer(hello, implementation->name, implementation->version, implementation->language, capabilities);

	if (implementation->profile)
		json_object_set_new(answer, "profile", json_string(implementation->profile));
	if (implementation->facts) {
		json_t *facts = json_object();

		for (const struct adapter_fact *fact = implementation->facts; fact->name; fact++)
			json_object_set_new(facts, fact->name, json_string(fact->value));
		json_object_set_new(answer, "facts", facts);
	}
	output_json(answer);
}

static void serve_line(struct span line)
{
	struct span programs = scan_programs(line);
	json_t *request = parse_envelope(line, programs);
	const char *type = input_type(request);

	if (!strcmp(type, "run"))
		serve_run(request, programs);
	else if (!strcmp(type, "hello"))
		serve_hello(request);
	else if (!strcmp(type, "bye"))
		serve_bye();
	else
		adapter_fail("this adapter does not know the request \"%.40s\"", type);
	arena_reset();
}

static _Noreturn void serve(void)
{
	arena_use();
	program_begin();
	for (;;) {
		struct span line = input_line();

		serve_line(line);
		input_done(line);
	}
}

static void lost(bool silent, const char *detail)
{
	if (silent)
		event_hang(detail);
	else
		event_crash(detail);
	trace_end();
	shared->program_index++;
}

int adapter_main(const struct adapter_implementation *given)
{
	implementation = given;
	return supervise(&(struct service){.watchdog_seconds = given->watchdog_seconds, .serve = serve, .lost = lost});
}
