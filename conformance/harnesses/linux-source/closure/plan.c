/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What is to be walked, as numbers between blanks:
 *     PRODUCERS CONSUMERS TOKENS MISUSE MOST_STATES
 *     the number of results of failures, and the results
 *     the number of beginnings, and for each UNUSUAL and a number an object, made of enum adapter_callbacks
 *     the number of operations, and for each KIND OBJECT TOKEN IRQ NO_MEMORY UNUSUAL; see struct operation
 */
#include "closure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct plan plan;

void give_up(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

void *need(void *memory)
{
	if (!memory)
		give_up("there is no memory left for the states");
	return memory;
}

long long plan_number(long long least, long long most)
{
	long long number;

	if (scanf("%lld", &number) != 1)
		give_up("the kit's message ends early, or holds something other than numbers");
	if (number < least || number > most)
		give_up("the kit sends %lld where a number from %lld to %lld is due", number, least, most);
	return number;
}

void plan_read(void)
{
	plan.producers = (int)plan_number(1, MOST_OBJECTS);
	plan.consumers = (int)plan_number(1, MOST_OBJECTS);
	plan.tokens = (int)plan_number(1, MOST_TOKENS);
	plan.misuse = plan_number(0, 1);
	plan.most_states = (uint32_t)plan_number(1, UINT32_MAX - 1);
	plan.result_count = (int)plan_number(0, MOST_RESULTS);
	for (int i = 0; i < plan.result_count; i++)
		plan.results[i] = (int)plan_number(INT32_MIN, INT32_MAX);
	plan.callbacks_count = (uint32_t)plan_number(1, 1 << 24);
	plan.callbacks = need(calloc(plan.callbacks_count, sizeof(*plan.callbacks)));
	plan.unusual = need(calloc(plan.callbacks_count, sizeof(*plan.unusual)));
	for (uint32_t i = 0; i < plan.callbacks_count; i++) {
		plan.unusual[i] = plan_number(0, 1);
		for (int object = 0; object < plan.producers + plan.consumers; object++)
			plan.callbacks[i][object] = (unsigned char)plan_number(0, 15);
	}
	plan.operation_count = (int)plan_number(0, MOST_OPERATIONS);
	for (int i = 0; i < plan.operation_count; i++) {
		struct operation *operation = &plan.operations[i];

		operation->kind = (enum operation_kind)plan_number(REGISTER_PRODUCER, UNREGISTER_CONSUMER);
		operation->object = (int)plan_number(0, plan.producers + plan.consumers - 1);
		operation->token = (int)plan_number(-1, plan.tokens - 1);
		operation->irq = (int)plan_number(INT32_MIN, INT32_MAX);
		operation->no_memory = plan_number(0, 1);
		operation->unusual = plan_number(0, 1);
	}
}
