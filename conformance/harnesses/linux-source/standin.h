/* SPDX-License-Identifier: MIT */
/*
 * What the stand-ins for the kernel's headers rest on. They are written from the behaviour of the kernel's functions,
 * as far as the IRQ bypass manager uses them; none of the kernel's text is in them.
 *
 *     virt/lib/irqbypass.c of a tree, unchanged
 *       includes  include/linux/               our stand-ins
 *       calls     standin.c                  locks, arrays, warnings, memory
 *     token-in-object.c or token-as-argument.c   how a caller of that generation calls it
 *       with      caller.c                   objects, callbacks, main
 *         calls   the adapter library in ../c
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stddef.h>

/* Log an event of the trace. */
void standin_log(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether this is the first time in this program, for what warns once. */
bool standin_once(unsigned long *seen);

/* Memory that is zero, or NULL while there is none. */
void *standin_allocate(size_t size);
void standin_free(const void *memory);
void standin_set_memory(bool available);

/* State of the file goes back to what it was, at the start of each program, without being named: the macros that define
 * it enter it in a list before main() begins. */
struct standin_state {
	void (*reset)(void *variable);
	void *variable;
	struct standin_state *next;
};

void standin_enter_state(struct standin_state *state);
void standin_reset(void);

#define STANDIN_AT_RESET(name, function, address)                                               \
	;                                                                                       \
	__attribute__((constructor)) static void standin_enter_##name(void)                     \
	{                                                                                       \
		static struct standin_state state = {.reset = (function), .variable = (address)}; \
		standin_enter_state(&state);                                                    \
	}

#endif
