/* SPDX-License-Identifier: MIT */
/*
 * A participant: what the kit says, for the functions of its table; what these ask, for the kit. Every message is
 * answered before anything else, and they nest: while a question waits for its answer, the kit may tell something.
 */
#include "internal.h"
#include "../irqbypass_role.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUESTION_LIMIT 1024

static const struct irqbypass_role *role;
/* The objects that are registered and the waiters that wait, at the numbers by which the kit speaks of them. */
static void *named[1 << 16];
static int last_number;

static void say(json_t *message)
{
	output_json(message);
	output_flush();
}

static json_t *hear(void)
{
	struct span line = input_line();
	json_t *message = input_parse(line);

	input_done(line);
	atomic_fetch_add_explicit(&shared->progress, 1, memory_order_relaxed);
	return message;
}

int role_number_of(json_t *value)
{
	const char *name = json_string_value(value);

	if (name)
		return atoi(name + strcspn(name, "0123456789"));
	return json_is_integer(value) ? (int)json_integer_value(value) : -1;
}

bool role_is(json_t *arguments, const char *key, const char *word)
{
	const char *text = json_string_value(json_object_get(arguments, key));

	return text && !strcmp(text, word);
}

static int give_number(void *thing, int *number)
{
	if (!*number)
		*number = ++last_number;
	if (*number >= (int)(sizeof(named) / sizeof(named[0])))
		adapter_fail("this adapter has no number left for another object or waiter");
	named[*number] = thing;
	return *number;
}

static int tell_object(json_t *message, struct role_object *object)
{
	if (role_is(message, "what", "addProducer") || role_is(message, "what", "addConsumer"))
		return object->add(object, role_number(message, "irq"));
	if (role_is(message, "what", "stop"))
		object->stop(object);
	else if (role_is(message, "what", "start"))
		object->start(object);
	else
		object->del(object);
	return 0;
}

static int tell_waiter(json_t *message, struct role_waiter *waiter)
{
	if (role_is(message, "what", "signalled"))
		waiter->signalled(waiter);
	else if (waiter->hung_up)
		waiter->hung_up(waiter);
	return 0;
}

static int call(json_t *message, const char *key)
{
	const struct role_function *function = role->functions;

	while (function->name && !role_is(message, key, function->name))
		function++;
	if (!function->name)
		adapter_fail("this %s lacks a function: %s", role->plays, json_dumps(message, 0));
	return function->call(message);
}

static void obey(json_t *message)
{
	const char *type = input_type(message);
	int object = role_number(message, "object"), waiter = role_number(message, "waiter"), status = 0;

	if (!strcmp(type, "begin")) {
		memset(named, 0, (size_t)(last_number + 1) * sizeof(named[0]));
		last_number = 0;
		role->begin(message);
	} else if (!strcmp(type, "do")) {
		status = call(message, "operation");
	} else if (strcmp(type, "tell") != 0) {
		adapter_fail("this adapter expected begin, do or tell; came \"%.40s\"", type);
	} else if (object < 0 && waiter < 0) {
		status = call(message, "what");
	} else if (object > 0 && object <= last_number && named[object]) {
		status = tell_object(message, named[object]);
	} else if (waiter > 0 && waiter <= last_number && named[waiter]) {
		status = tell_waiter(message, named[waiter]);
	}
	say(json_pack("{ss, si}", "type", "done", "status", status));
}

static _Noreturn void serve(void)
{
	arena_use();
	for (;;) {
		json_t *message = hear();

		if (role_is(message, "type", "bye"))
			serve_bye();
		if (role_is(message, "type", "begin"))
			shared->orphaned = false;
		if (role_is(message, "type", "hello")) {
			say(hello_answer(message, role->name, role->version, NULL, json_pack("[s]", role->plays)));
		} else if (!shared->orphaned) {
			atomic_store(&shared->phase, PHASE_RUNNING);
			obey(message);
			atomic_store(&shared->phase, PHASE_SERVING);
		}
		arena_reset();
	}
}

static void lost(bool silent, const char *detail)
{
	shared->orphaned = true;
	say(json_pack("{ss, ss}", "type", silent ? "hang" : "crash", "detail", detail));
}

int role_main(const struct irqbypass_role *given)
{
	role = given;
	return supervise(&(struct service){.watchdog_seconds = role->watchdog_seconds, .serve = serve, .lost = lost});
}

json_t *role_ask(const char *what, const char *format, ...)
{
	char text[QUESTION_LIMIT];
	int start = snprintf(text, sizeof(text), "{'type':'ask','what':'%s',", what);
	va_list arguments;
	json_t *message;

	va_start(arguments, format);
	vsnprintf(text + start, sizeof(text) - (size_t)start - 1, format, arguments);
	va_end(arguments);
	strcat(text, "}");
	for (char *quote = text; (quote = strchr(quote, '\'')); )
		*quote = '"';
	say(input_parse((struct span){text, text + strlen(text)}));
	while (message = hear(), !role_is(message, "type", "answer"))
		obey(message);
	return json_object_get(message, "value");
}

int role_answer_number(json_t *answer)
{
	return json_is_true(answer) ? 1 : (int)json_integer_value(answer);
}

int role_register(struct role_object *object, int eventfd, int irq)
{
	bool producer = !strcmp(role->plays, "producer");
	json_t *callbacks = json_pack("[s*, s*, s*, s*]", object->stop ? "stop" : NULL, object->start ? "start" : NULL,
				      !object->add ? NULL : producer ? "addConsumer" : "addProducer",
				      !object->del ? NULL : producer ? "delConsumer" : "delProducer");

	return role_ask_number(producer ? "registerProducer" : "registerConsumer",
			       producer ? "'object':%d,'callbacks':%s,'token':'t%d','irq':%d" :
					  "'object':%d,'callbacks':%s,'token':'t%d'",
			       give_number(object, &object->number), json_dumps(callbacks, 0), eventfd, irq);
}

void role_unregister(struct role_object *object)
{
	role_ask(strcmp(role->plays, "producer") ? "unregisterConsumer" : "unregisterProducer", "'object':%d", object->number);
	named[object->number] = NULL;
}

void role_wait(struct role_waiter *waiter, int eventfd)
{
	waiter->number = 0;
	role_ask("wait", "'eventfd':'e%d','waiter':%d", eventfd, give_number(waiter, &waiter->number));
}

void role_end_waiting(struct role_waiter *waiter)
{
	role_ask("endWaiting", "'waiter':%d", waiter->number);
	named[waiter->number] = NULL;
}
