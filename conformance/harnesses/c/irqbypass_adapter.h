/* SPDX-License-Identifier: MIT */
/*
 * Plug a manager written in C (or anything that C can call) into the conformance kit.
 *
 *     kit  <── JSON lines ──>  this library  <── the table below ──>  your manager
 *                                   ^                                      |
 *                                   └──────── adapter_add_producer() ... ──┘   (your callbacks call these)
 *
 * Fill in a `struct adapter_implementation`, call adapter_main() with it and link with libjansson and pthread.
 * The library creates the objects of each program through the table, calls the operations, and records what your
 * manager does: the callbacks that you set in your objects call the adapter_* functions below, which record the
 * call, return what the program wants returned, and nothing more.
 *
 * Programs run in a worker process. When your manager crashes, only the worker dies: the crash is recorded in the
 * trace after the exact call that caused it, and the next program runs in a new worker. A worker that makes no
 * progress for ten seconds is ended and the program is recorded as a hang.
 *
 * example/manager.c is a small manager with its complete adapter.
 */
#ifndef IRQBYPASS_ADAPTER_H
#define IRQBYPASS_ADAPTER_H

#include <stdbool.h>

/* The library's handle of a producer or of a consumer of the running program. Keep it in your object. */
struct adapter_producer;
struct adapter_consumer;

/* A whole program, for managers that lie elsewhere; library/internal.h has what is in it. */
struct program;

/* The callbacks that an object has, as a set. Leave every other callback of your object unset. */
enum adapter_callbacks {
	ADAPTER_STOP = 1 << 0,
	ADAPTER_START = 1 << 1,
	/* addConsumer of a producer, addProducer of a consumer. */
	ADAPTER_ADD = 1 << 2,
	/* delConsumer of a producer, delProducer of a consumer. */
	ADAPTER_DEL = 1 << 3,
};

/* Something worth keeping in a report, such as a kernel release. */
struct adapter_fact {
	const char *name;
	const char *value;
};

/* Your manager. A hook that is marked optional may be NULL. */
struct adapter_implementation {
	/* Who it is. `profile` NULL means "core"; `language` NULL means "c". */
	const char *name;
	const char *version;
	const char *language;
	const char *profile;
	/* Ends with an entry whose name is NULL. Optional. */
	const struct adapter_fact *facts;

	/* What it can be given: a registration with the token NULL; a consumer without add or del; operations that
	 * are called from inside a callback. All of them are undefined in some manager. */
	bool null_token;
	bool missing_mandatory;
	bool reentry;
	/* It may be called from several threads at once, and its callbacks may block. */
	bool lanes;
	/* A data race is logged in its operation, by adapter_log("info", "data race: ..."), as a sanitizer that watches tells it. */
	bool data_races;

	/* Seconds without progress after which a program is recorded as a hang; 0 means 10. */
	int watchdog_seconds;

	/* Make an object with these callbacks (a set of enum adapter_callbacks). What you return is passed to the
	 * hooks below; the handle is what you pass to the adapter_* functions. */
	void *(*create_producer)(struct adapter_producer *handle, unsigned int callbacks);
	void *(*create_consumer)(struct adapter_consumer *handle, unsigned int callbacks);
	/* Called at the end of each program, after reset. Optional. */
	void (*destroy_producer)(void *producer);
	void (*destroy_consumer)(void *consumer);

	/* The four operations. A token is an address to compare and never to look into: reading through it crashes.
	 * Each registration returns 0, a negative Linux errno, or what a callback returned. */
	int (*register_producer)(void *producer, void *token, int irq);
	void (*unregister_producer)(void *producer);
	int (*register_consumer)(void *consumer, void *token);
	void (*unregister_consumer)(void *consumer);

	/* Run a whole program, in place of everything above but who it is and what it can be given: for managers that
	 * lie elsewhere, as in a kernel. Records what happens with the event functions of library/internal.h. False when
	 * no other program can be run after this one: the adapter then ends, and the kit starts it anew. Optional. */
	bool (*play)(const struct program *program);
	/* With play: whether it makes allocations fail, and whether it writes to objects (see below). */
	bool allocation_failure;
	bool object_memory;

	/* Make the manager forget everything without calling a callback. Optional: without it every program runs in
	 * a process of its own, which is always clean and costs a fork. */
	void (*reset)(void);
	/* From now on every allocation of the calling thread's operations fails, or succeeds again. Optional: leave
	 * it NULL if registering allocates nothing. */
	void (*set_memory)(bool available);
	/* Undefined behaviour, for objects in memory that the caller can write: overwrite the token field; set the
	 * whole object to zero but for its callbacks. Optional; either all four or none. */
	void (*overwrite_producer_token)(void *producer, void *token);
	void (*overwrite_consumer_token)(void *consumer, void *token);
	void (*wipe_producer)(void *producer);
	void (*wipe_consumer)(void *consumer);
};

/* Speak the protocol on standard input and output until the kit says bye; returns the exit status for main().
 * What the implementation prints to standard output goes to standard error instead. */
int adapter_main(const struct adapter_implementation *implementation);

/*
 * What the callbacks of your objects call. Each records that the manager called the callback, and returns what the
 * program wants it to return. `irq` is the producer's interrupt as the consumer sees it at that moment.
 */
int adapter_add_consumer(struct adapter_producer *producer, struct adapter_consumer *consumer);
void adapter_del_consumer(struct adapter_producer *producer, struct adapter_consumer *consumer);
void adapter_producer_stop(struct adapter_producer *producer);
void adapter_producer_start(struct adapter_producer *producer);
int adapter_add_producer(struct adapter_consumer *consumer, struct adapter_producer *producer, int irq);
void adapter_del_producer(struct adapter_consumer *consumer, struct adapter_producer *producer);
void adapter_consumer_stop(struct adapter_consumer *consumer);
void adapter_consumer_start(struct adapter_consumer *consumer);

/* Record what the manager logs. `level` is "info", "warning" or "error". */
void adapter_log(const char *level, const char *text);

/* The manager can make no progress, and knows it: ends the program, saying why. Does not return. */
_Noreturn void adapter_hang(const char *detail);

/* The adapter itself cannot go on: ends the run without a verdict. Never use it for what the manager does. */
_Noreturn void adapter_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The lane (thread) that calls, counted from 0. */
unsigned int adapter_lane(void);

#endif
