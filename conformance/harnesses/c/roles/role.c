/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The protocol: every message is answered before anything else, and they nest. */
#include "role.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct role *playing;

static void give_up(const char *why)
{
	fprintf(stderr, "role: %s\n", why);
	exit(2);
}

static void say(json_t *message)
{
	if (json_dumpf(message, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF || fflush(stdout) != 0)
		give_up("the kit does not listen");
	json_decref(message);
}

static json_t *hear(void)
{
	static char *line;
	static size_t room;
	json_t *message;

	if (getline(&line, &room, stdin) < 0)
		exit(0);
	message = json_loads(line, 0, NULL);
	if (!message)
		give_up("expected a JSON object");
	return message;
}

const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

int number_of(json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

/* Do what a message says, and say that it is done. */
static void obey(const char *type, json_t *message)
{
	if (strcmp(type, "begin") == 0) {
		playing->begin(message);
		say(json_pack("{ss}", "type", "done"));
	} else if (strcmp(type, "do") == 0) {
		say(json_pack("{sssi}", "type", "done", "status", playing->call(text_of(message, "operation"), message)));
	} else if (strcmp(type, "tell") == 0) {
		say(json_pack("{sssi}", "type", "done", "status", playing->tell(text_of(message, "what"), message)));
	} else {
		give_up("expected begin, do or tell");
	}
}

json_t *ask(const char *what, const char *format, ...)
{
	va_list arguments;
	json_t *question;

	va_start(arguments, format);
	question = json_vpack_ex(NULL, 0, format, arguments);
	va_end(arguments);
	if (!question)
		give_up("a question that cannot be put into words");
	json_object_set_new(question, "type", json_string("ask"));
	json_object_set_new(question, "what", json_string(what));
	say(question);
	for (;;) {
		json_t *message = hear();
		const char *type = text_of(message, "type");

		if (strcmp(type, "answer") == 0) {
			json_t *value = json_incref(json_object_get(message, "value"));

			json_decref(message);
			return value;
		}
		obey(type, message);
		json_decref(message);
	}
}

int take_number(json_t *answer)
{
	int number = json_is_true(answer) ? 1 : (int)json_integer_value(answer);

	json_decref(answer);
	return number;
}

int role_main(const struct role *role)
{
	playing = role;
	for (;;) {
		json_t *message = hear();
		const char *type = text_of(message, "type");

		if (strcmp(type, "bye") == 0)
			return 0;
		if (strcmp(type, "hello") == 0)
			say(json_pack("{sssissssss s[s]}", "type", "hello", "protocol", 1, "name", role->name, "version", "1",
				      "language", "c", "capabilities", role->plays));
		else
			obey(type, message);
		json_decref(message);
	}
}
