/* SPDX-License-Identifier: MIT */
/* Requests, line by line, and those that are the same for all. */
#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	atomic_store(&shared->waiting, true);
	do
		got = read(STDIN_FILENO, shared->input + shared->input_end, INPUT_SIZE - 1 - shared->input_end);
	while (got < 0 && errno == EINTR);
	atomic_store(&shared->waiting, false);
	if (got < 0)
		adapter_fail("the adapter cannot read its input: %s", strerror(errno));
	shared->input_end += (size_t)got;
	return got > 0;
}

struct span input_line(void)
{
	size_t seen = 0;

	for (;;) {
		char *line = shared->input + shared->input_start;
		size_t length = shared->input_end - shared->input_start;
		char *end = memchr(line + seen, '\n', length - seen);

		if (end && end > line)
			return (struct span){line, end};
		if (end) {
			input_done((struct span){line, end});
			continue;
		}
		seen = length;
		if (read_more())
			continue;
		if (!length)
			worker_end(PHASE_FINISHED, 0);
		/* The last line may lack its end. */
		shared->input[shared->input_end++] = '\n';
	}
}

void input_done(struct span line)
{
	shared->input_start += (size_t)(line.end - line.start) + 1;
}

json_t *input_parse(struct span text)
{
	json_error_t error;
	json_t *value = json_loadb(text.start, (size_t)(text.end - text.start), 0, &error);

	if (!value)
		adapter_fail("a request is not JSON: %s", error.text);
	return value;
}

const char *input_type(json_t *message)
{
	const char *type = json_string_value(json_object_get(message, "type"));

	if (!type)
		adapter_fail("a request needs a type, such as hello: see protocol.md");
	return type;
}

json_t *hello_answer(json_t *hello, const char *name, const char *version, const char *language, json_t *capabilities)
{
	json_t *answer = json_pack("{ss, si, ss, ss, ss, so}", "type", "hello", "protocol", 1, "name", name, "version", version,
				   "language", language ? language : "c", "capabilities", capabilities);

	if (json_integer_value(json_object_get(hello, "protocol")) != 1)
		adapter_fail("this adapter speaks protocol 1");
	if (!answer)
		adapter_fail("the adapter has no name or no version: set both in its table, in UTF-8");
	return answer;
}

void serve_bye(void)
{
	output_flush();
	worker_end(PHASE_FINISHED, 0);
}
