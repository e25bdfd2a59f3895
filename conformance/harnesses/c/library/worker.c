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

static void serve_run(json_t *request)
{
	json_t *id = json_object_get(request, "id");
	json_t *programs = json_object_get(request, "programs");

	if (!json_is_integer(id) || !json_is_array(programs))
		adapter_fail("a run needs an integer id and an array of programs: see protocol.md");
	shared->run_id = json_integer_value(id);
	shared->streaming = json_is_true(json_object_get(request, "stream"));
	while (shared->program_index < json_array_size(programs))
		program_run(json_array_get(programs, shared->program_index));
	shared->program_index = 0;
}

static void serve_line(const char *line, size_t length)
{
	json_error_t error;
	json_t *request = json_loadb(line, length, 0, &error);

	if (!request)
		adapter_fail("a request is not JSON: %s at column %d", error.text, error.column);

	const char *type = json_string_value(json_object_get(request, "type"));

	if (!type)
		adapter_fail("a request needs a type: hello, run or bye");
	if (!strcmp(type, "run")) {
		serve_run(request);
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

		if (length)
			serve_line(shared->input + shared->input_start, length);
		shared->input_start += length + 1;
	}
}
