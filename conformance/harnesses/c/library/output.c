/* SPDX-License-Identifier: MIT */
/* Answers: messages and events, as JSON text in shared memory. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Lanes record their events one at a time. */
static pthread_mutex_t events_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

/* A text in an event is cut here; each character may take six. */
#define TEXT_LIMIT 2000

/* What goes with the running program's trace. */
static char log_text[16384];

const char *const callback_names[2][CALLBACKS] = {
	{"stop", "start", "addProducer", "delProducer"},
	{"stop", "start", "addConsumer", "delConsumer"},
};

static const char *const operation_names[] = {
	"registerProducer", "unregisterProducer", "registerConsumer", "unregisterConsumer", "overwriteToken", "wipeObject",
};

/* Send what waits. Short writes are gone on with, so that a worker that follows knows what was sent. */
void output_flush(void)
{
	atomic_store(&shared->waiting, true);
	while (shared->output_sent < shared->output_end) {
		ssize_t sent = write(answers, shared->output + shared->output_sent, shared->output_end - shared->output_sent);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			worker_end(PHASE_FINISHED, 2); /* The kit has gone. */
		shared->output_sent += (size_t)sent;
	}
	shared->output_sent = 0;
	shared->output_end = 0;
	atomic_store(&shared->waiting, false);
}

static char *put(char *at, const char *text)
{
	size_t length = strlen(text);

	memcpy(at, text, length);
	return at + length;
}

static char *put_number(char *at, long long number)
{
	char digits[24];
	size_t count = 0;
	unsigned long long rest = number < 0 ? -(unsigned long long)number : (unsigned long long)number;

	if (number < 0)
		*at++ = '-';
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	while (count)
		*at++ = digits[--count];
	return at;
}

/* A JSON string. What is not plain ASCII becomes a question mark: the text may be anything that a program prints. */
static char *put_string(char *at, const char *text, size_t limit)
{
	static const char hex[] = "0123456789abcdef";

	*at++ = '"';
	for (size_t i = 0; text[i] && i < limit; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = (char)c;
		} else if (c < 0x20) {
			at = put(at, "\\u00");
			*at++ = hex[c >> 4];
			*at++ = hex[c & 15];
		} else {
			*at++ = c < 0x7f ? (char)c : '?';
		}
	}
	*at++ = '"';
	return at;
}

static char *put_ids(char *at)
{
	at = put(at, "\"id\":");
	at = put_number(at, shared->run_id);
	at = put(at, ",\"index\":");
	return put_number(at, (long long)shared->program_index);
}

void output_message(const char *format, ...)
{
	va_list arguments;
	char text[4096];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);

	char *at = put(shared->output + shared->output_end, "{\"type\":\"error\",\"message\":");

	at = put(put_string(at, text, TEXT_LIMIT), "}\n");
	shared->output_end = (size_t)(at - shared->output);
}

void output_json(json_t *message)
{
	size_t room = OUTPUT_SIZE - shared->output_end;
	size_t length = json_dumpb(message, shared->output + shared->output_end, room, JSON_COMPACT);

	if (length == 0 || length >= room)
		adapter_fail("the adapter cannot write a message");
	shared->output[shared->output_end + length] = '\n';
	shared->output_end += length + 1;
}

void trace_log(const char *text)
{
	snprintf(log_text, sizeof(log_text), "%s", text);
}

void trace_begin(void)
{
	*log_text = '\0';
	shared->trace_start = shared->output_end;
	shared->event_count = 0;
	if (!shared->streaming) {
		char *at = put(shared->output + shared->output_end, "{\"type\":\"trace\",");

		at = put(put_ids(at), ",\"events\":[");
		shared->output_end = (size_t)(at - shared->output);
	}
}

void trace_end(void)
{
	char *at = shared->output + shared->output_end;

	if (shared->streaming) {
		at = put(at, "{\"type\":\"trace\",");
		at = put(put_ids(at), ",\"events\":[");
	}
	*at++ = ']';
	if (*log_text)
		at = put_string(put(at, ",\"log\":"), log_text, sizeof(log_text));
	at = put(at, "}\n");
	shared->output_end = (size_t)(at - shared->output);
	if (shared->output_end > OUTPUT_CHUNK)
		output_flush();
}

void trace_drop(void)
{
	if (!shared->streaming)
		shared->output_end = shared->trace_start;
}

/* The text of an event is written straight into the output and counts when event_end() has moved its end, so a death
 * in between leaves no half event. */
static char *event_begin(const char *type)
{
	pthread_mutex_lock(&events_lock);

	char *at = shared->output + shared->output_end;

	if (shared->streaming)
		at = put(put_ids(put(at, "{\"type\":\"event\",")), ",\"event\":");
	else if (shared->event_count)
		*at++ = ',';
	at = put(put(at, "{\"type\":\""), type);
	*at++ = '"';
	if (current_lane)
		at = put_number(put(at, ",\"lane\":"), current_lane);
	return at;
}

static void event_end(char *at)
{
	*at++ = '}';
	if (shared->streaming)
		at = put(at, "}\n");
	shared->event_count++;
	shared->output_end = (size_t)(at - shared->output);
	atomic_fetch_add_explicit(&shared->progress, 1, memory_order_relaxed);
	if (shared->streaming)
		output_flush();
	pthread_mutex_unlock(&events_lock);
}

void events_keep(void)
{
	pthread_mutex_lock(&events_lock);
}

/* A manager that calls callbacks, or logs, for ever. */
static void stop_endless(void)
{
	bool long_text = !shared->streaming && shared->output_end - shared->trace_start > TRACE_LIMIT;

	if (long_text || shared->event_count > EVENT_LIMIT)
		adapter_hang("the program makes events without end");
}

void event_call(const struct operation *operation)
{
	stop_endless();

	char *at = event_begin("call");

	at = put(put(at, ",\"operation\":\""), operation_names[operation->kind]);
	at = put(put(at, "\",\"object\":\""), operation->object->id);
	*at++ = '"';
	if (operation->kind == REGISTER_PRODUCER || operation->kind == REGISTER_CONSUMER ||
	    operation->kind == OVERWRITE_TOKEN) {
		if (operation->token < 0) {
			at = put(at, ",\"token\":null");
		} else {
			at = put_number(put(at, ",\"token\":\"t"), operation->token);
			*at++ = '"';
		}
	}
	if (operation->kind == REGISTER_PRODUCER)
		at = put_number(put(at, ",\"irq\":"), operation->irq);
	if (operation->no_memory)
		at = put(at, ",\"memory\":\"none\"");
	event_end(at);
}

void event_return(bool has_status, int status)
{
	char *at = event_begin("return");

	if (has_status)
		at = put_number(put(at, ",\"status\":"), status);
	event_end(at);
}

static char *put_callback(char *at, const struct object *object, enum callback callback)
{
	at = put(put(at, ",\"callback\":\""), callback_names[object->is_producer][callback]);
	at = put(put(at, "\",\"object\":\""), object->id);
	*at++ = '"';
	return at;
}

void event_enter(const struct object *object, enum callback callback, const struct object *counterpart, const int *irq)
{
	stop_endless();

	char *at = put_callback(event_begin("enter"), object, callback);

	if (counterpart) {
		at = put(put(at, ",\"counterpart\":\""), counterpart->id);
		*at++ = '"';
	}
	if (irq)
		at = put_number(put(at, ",\"irq\":"), *irq);
	event_end(at);
}

void event_leave(const struct object *object, enum callback callback, const int *result)
{
	char *at = put_callback(event_begin("leave"), object, callback);

	if (result)
		at = put_number(put(at, ",\"result\":"), *result);
	event_end(at);
}

void event_gave_up(void)
{
	event_end(event_begin("gave-up"));
}

void event_log(const char *level, const char *text)
{
	stop_endless();

	char *at = put_string(put(event_begin("log"), ",\"level\":"), level, TEXT_LIMIT);

	event_end(put_string(put(at, ",\"text\":"), text, TEXT_LIMIT));
}

void event_crash(const char *detail)
{
	event_end(put_string(put(event_begin("crash"), ",\"detail\":"), detail, TEXT_LIMIT));
}

void event_hang(const char *detail)
{
	event_end(put_string(put(event_begin("hang"), ",\"detail\":"), detail, TEXT_LIMIT));
}
