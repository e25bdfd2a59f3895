/* SPDX-License-Identifier: MIT */
/*
 * Plug a producer or a consumer written in C (or anything that C can call) into the conformance kit: what VFIO is, or
 * what KVM is, on a host of which the kit simulates the rest. The words are those of spec/formats/role-protocol.ts.
 *
 *     kit  <── JSON lines ──>  this library  <── struct irqbypass_role ──>  your driver
 *                                   ^                                          |
 *                                   └─────────────── role_ask() ... ───────────┘
 *
 * The system calls of a program come to the functions of the table. In them you ask for what a kernel would give you, and
 * while you do, others of your functions may be called: a callback while you register, a waiter while you signal. It all
 * happens in one thread, in a worker process: when your driver crashes in a call, or makes no progress in it, the kit is
 * told so in place of what it returns, and the next program begins in a new worker. adapter_fail() and adapter_hang() of
 * irqbypass_adapter.h do here what they do there. example/producer.c and example/consumer.c are complete drivers.
 */
#ifndef IRQBYPASS_ROLE_H
#define IRQBYPASS_ROLE_H

#include "irqbypass_adapter.h"

#include <jansson.h>
#include <stddef.h>

/* What is to be called when the kit says a name: a system call, which returns 0 or a negative errno, or `interrupt` or
 * `endOfInterrupt`, whose return value is of no meaning. The arguments are gone when it returns. */
struct role_function {
	const char *name;
	int (*call)(json_t *arguments);
};

/* Your driver. */
struct irqbypass_role {
	const char *name;
	const char *version;
	/* "producer" or "consumer". */
	const char *plays;
	/* Seconds without progress after which a call is told as a hang; 0 means 10. */
	int watchdog_seconds;
	/* Be a driver with nothing open. The arguments have the back end and the devices. Asks for nothing. */
	void (*begin)(json_t *arguments);
	/* Ends with an entry whose name is NULL. */
	const struct role_function *functions;
};

/* A producer or a consumer, part of a struct of yours, as struct irq_bypass_producer is of the kernel's. All zero but for
 * the callbacks that it has. `irq` is the producer's; only consumers are told. */
struct role_object {
	void (*stop)(struct role_object *object);
	void (*start)(struct role_object *object);
	int (*add)(struct role_object *object, int irq);
	void (*del)(struct role_object *object);
	/* The library's. */
	int number;
};

/* Who waits for an eventfd, part of a struct of yours: told when it is signalled, and when user space has closed it. */
struct role_waiter {
	void (*signalled)(struct role_waiter *waiter);
	/* May be NULL. */
	void (*hung_up)(struct role_waiter *waiter);
	/* The library's. */
	int number;
};

/* Your struct, of which something is a part. */
#define role_container(part, type, member) ((type *)((char *)(part) - offsetof(type, member)))

/* Speak with the kit on standard input and output until it says bye; returns the exit status for main(). What the
 * driver prints to standard output goes to standard error instead. */
int role_main(const struct irqbypass_role *role);

/* The number of an argument: itself, or that in a name such as "vm3". -1 where there is none. */
#define role_number(arguments, key) role_number_of(json_object_get(arguments, key))
int role_number_of(json_t *value);
/* Whether an argument is this word. */
bool role_is(json_t *arguments, const char *key, const char *word);

/* Ask for something. The format gives the members of the question in JSON, with ' in place of ", as in
 * role_ask("wait", "'eventfd':'e%d'", 3). The answer is gone when the function returns that asked. */
json_t *role_ask(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, for what is answered by a number, or by yes or no. */
#define role_ask_number(...) role_answer_number(role_ask(__VA_ARGS__))
int role_answer_number(json_t *answer);

/* Register an object as what the driver plays, under the token of an eventfd; returns what the manager returned. `irq` is
 * a producer's. */
int role_register(struct role_object *object, int eventfd, int irq);
void role_unregister(struct role_object *object);
/* Wait for an eventfd to which a reference is held, and end that. */
void role_wait(struct role_waiter *waiter, int eventfd);
void role_end_waiting(struct role_waiter *waiter);

#endif
