/* SPDX-License-Identifier: MIT */
/* Requests: hello, run, bye. */
#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void worker_end(enum phase phase, int exit_status)
{
	shared->exit_status = exit_status;
	atomic_store(&shared->phase, phase);
	_exit(exit_status);
}

void adapter_fail(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (atomic_load(&shared->phase) == PHASE_RUNNING)
		trace_drop();
	output_message("%s", text);
	output_flush();
	worker_end(PHASE_FINISHED, 2);
}

/* Reads more input, after the answers so far were sent. False at the end of the input. */
static bool read_more(void)
{
	ssize_t got;

	output_flush();
	if (shared->input_start) {
		size_t left = shared->input_end - shared->input_start;

		memmove(shared->input, shared->input + shared->input_start, left);
		shared->input_start = 0;
		shared->input_end = left;
	}
	if (shared->input_end >= INPUT_SIZE - 1)
		adapter_fail("a request is longer than %zu bytes: send fewer programs at a time", INPUT_SIZE);
	do
		got = read(STDIN_FILENO, shared->input + shared->input_end, INPUT_SIZE - 1 - shared->input_end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		adapter_fail("the adapter cannot read its input: %s", strerror(errno));
	shared->input_end += (size_t)got;
	return got > 0;
}

/* The length of the next line. The line stays in the input until it was worked on, so that the next worker has it. */
static size_t next_line(void)
{
	size_t seen = 0;

	for (;;) {
		char *line = shared->input + shared->input_start;
		size_t length = shared->input_end - shared->input_start;
		char *end = memchr(line + seen, '\n', length - seen);

		if (end)
			return (size_t)(end - line);
		seen = length;
		if (read_more())
			continue;
		if (!length)
			worker_end(PHASE_FINISHED, 0);
		/* The last line may lack its end. */
		shared->input[shared->input_end++] = '\n';
	}
}

static json_t *parse(struct span text)
{
	json_error_t error;
	json_t *value = json_loadb(text.start, (size_t)(text.end - text.start), 0, &error);

	if (!value)
		adapter_fail("a request is not JSON: %s", error.text);
	return value;
}

/* The request with an empty array in place of its programs, which are parsed one at a time. */
static json_t *parse_envelope(struct span request, struct span programs)
{
	if (!programs.start)
		return parse(request);

	size_t before = (size_t)(programs.start - request.start);
	size_t after = (size_t)(request.end - programs.end);
	char *text = malloc(before + 2 + after);

	if (!text)
		adapter_fail("the adapter has no memory left");
	memcpy(text, request.start, before);
	memcpy(text + before, "[]", 2);
	memcpy(text + before + 2, programs.end, after);

	json_t *envelope = parse((struct span){text, text + before + 2 + after});

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
		program_run(parse(program));
		arena_reset();
	}
	shared->program_index = 0;
}

static void serve_line(struct span line)
{
	struct span programs = scan_programs(line);
	json_t *request = parse_envelope(line, programs);
	const char *type = json_string_value(json_object_get(request, "type"));

	if (!type)
		adapter_fail("a request needs a type: hello, run or bye");
	if (!strcmp(type, "run")) {
		serve_run(request, programs);
	} else if (!strcmp(type, "hello")) {
		if (json_integer_value(json_object_get(request, "protocol")) != 1)
			adapter_fail("this adapter speaks protocol 1");
		output_hello();
	} else if (!strcmp(type, "bye")) {
		output_flush();
		worker_end(PHASE_FINISHED, 0);
	} else {
		adapter_fail("this adapter does not know the request \"%.40s\"", type);
	}
	arena_reset();
}

void worker_serve(void)
{
	arena_use();
	for (;;) {
		size_t length = next_line();

		const char *line = shared->input + shared->input_start;

		if (length)
			serve_line((struct span){line, line + length});
		shared->input_start += length + 1;
	}
}
