/* SPDX-License-Identifier: MIT */
/*
 * Finds the programs in a request without parsing them, so that a new worker gets to the program after the crash at
 * once. It only counts brackets and minds strings; whether the text is JSON is seen when a program is parsed.
 */
#include "internal.h"

#include <string.h>

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r,:", *at) && *at)
		at++;
	return at;
}

/* From an opening quote to behind the closing one. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

/* Behind the value that begins here. */
static const char *skip_value(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		char c = *at;

		if (c == '"') {
			at = skip_string(at, end);
		} else if (c == '{' || c == '[') {
			depth++;
			at++;
		} else if (c == '}' || c == ']') {
			if (!depth)
				return at;
			depth--;
			at++;
		} else if (c == ',' && !depth) {
			return at;
		} else {
			at++;
			continue;
		}
		if (!depth)
			return at;
	}
	return end;
}

struct span scan_programs(struct span request)
{
	static const char key[] = "\"programs\"";
	const char *at = skip_space(request.start, request.end);

	if (at == request.end || *at != '{')
		return (struct span){NULL, NULL};
	for (at = skip_space(at + 1, request.end); at < request.end && *at == '"';) {
		const char *name = at;
		const char *name_end = skip_string(name, request.end);
		const char *value = skip_space(name_end, request.end);

		at = skip_value(value, request.end);
		if ((size_t)(name_end - name) == strlen(key) && !memcmp(name, key, strlen(key)) && value < at && *value == '[')
			return (struct span){value, at};
		at = skip_space(at, request.end);
	}
	return (struct span){NULL, NULL};
}

bool scan_next(struct span *programs, struct span *program)
{
	const char *start = skip_space(*programs->start == '[' ? programs->start + 1 : programs->start, programs->end);

	if (start >= programs->end || *start == ']')
		return false;
	*program = (struct span){start, skip_value(start, programs->end)};
	programs->start = program->end;
	return true;
}
