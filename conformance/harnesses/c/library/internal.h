/* SPDX-License-Identifier: MIT */
/*
 * How the library works inside.
 *
 *     supervisor process                     worker process (forked, replaced when it dies)
 *       waits, watches, tells of deaths ──── reads requests, does what they say, writes answers
 *                 └────────── struct shared, one memory for both ──────────┘
 *
 * Everything that must outlive a crash lies in shared memory: the input that was read, the answers that were not
 * yet sent, and how far the running program came. A new worker goes on where the dead one stopped.
 *
 *     for all       supervisor.c  forks the worker; sees its death and its silence
 *                   input.c       requests, line by line
 *                   output.c      answers, as JSON text in shared memory
 *                   arena.c       memory for parsed requests
 *     managers      worker.c      hello, run, bye
 *                   scan.c        where in a request its programs are
 *                   parse.c       one program, from JSON
 *                   program.c     one program: run and recorded
 *                   lanes.c       several lanes: threads, and the gates where they meet
 *                   inside.c      when a lane is inside the manager, for ThreadSanitizer
 *     participants  role.c        what the kit says, for the functions of a role; what these ask, for the kit
 */
#ifndef IRQBYPASS_ADAPTER_INTERNAL_H
#define IRQBYPASS_ADAPTER_INTERNAL_H

#include "../irqbypass_adapter.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The longest request line, and the most that may wait to be sent. The memory is used only as far as it is filled. */
#define INPUT_SIZE ((size_t)64 << 20)
#define OUTPUT_SIZE ((size_t)64 << 20)
/* A program whose trace is longer than this, in bytes or in events, never ends. */
#define TRACE_LIMIT ((size_t)16 << 20)
#define EVENT_LIMIT 200000
/* Answers are sent when this much is waiting, and always before the worker waits for input. */
#define OUTPUT_CHUNK ((size_t)256 << 10)

/* What the worker does; decides what its death means. */
enum phase {
	/* Reading, parsing, creating objects: a death is the adapter's own fault. */
	PHASE_SERVING,
	/* Running the operations of a program: a death is the implementation's crash. */
	PHASE_RUNNING,
	/* The trace is complete and is cleaned up after: a death is charged to nobody. */
	PHASE_CLEANING,
	/* The worker ended on purpose, to be replaced. */
	PHASE_RENEWING,
	/* The run is over. */
	PHASE_FINISHED,
};

struct shared {
	_Atomic enum phase phase;
	int exit_status;

	/* The line being worked on starts at input_start; what was read ends at input_end. */
	size_t input_start;
	size_t input_end;

	/* What is to be sent lies between output_sent and output_end. */
	size_t output_sent;
	size_t output_end;
	/* True while the worker waits for the kit, to take its answers or to say more. */
	atomic_bool waiting;

	/* The run and the program in it. */
	long long run_id;
	bool streaming;
	size_t program_index;
	/* Where the text of the program's trace begins, and how many events it has. */
	size_t trace_start;
	size_t event_count;
	/* Grows with every event, program and message; the watchdog looks at it. */
	atomic_ulong progress;
	/* A participant died in the middle of something: what the kit says is for it, until all begins anew. */
	bool orphaned;

	char input[INPUT_SIZE];
	char output[OUTPUT_SIZE];
};

/* What a supervisor keeps alive. */
struct service {
	/* Seconds without progress after which a worker is ended; 0 means 10. */
	int watchdog_seconds;
	/* In the worker: serve the kit until it says bye. Does not return. */
	void (*serve)(void);
	/* What the worker ran will not end: put that into the answers. */
	void (*lost)(bool silent, const char *detail);
};

extern struct shared *shared;
extern const struct service *service;
extern const struct adapter_implementation *implementation;
/* The descriptor of the real standard output. */
extern int answers;

/* A piece of text. */
struct span {
	const char *start;
	const char *end;
};

enum operation_kind {
	REGISTER_PRODUCER,
	UNREGISTER_PRODUCER,
	REGISTER_CONSUMER,
	UNREGISTER_CONSUMER,
	OVERWRITE_TOKEN,
	WIPE_OBJECT,
};

struct object;

struct operation {
	enum operation_kind kind;
	struct object *object;
	/* -1 is the null token. */
	long long token;
	int irq;
	bool no_memory;
};

enum callback { CALLBACK_STOP, CALLBACK_START, CALLBACK_ADD, CALLBACK_DEL, CALLBACKS };

/* What they are called: those of a consumer, then those of a producer. */
extern const char *const callback_names[2][CALLBACKS];

struct reentry {
	enum callback callback;
	struct operation operation;
};

/* A producer or a consumer of the running program. */
struct object {
	bool is_producer;
	char id[24];
	unsigned int callbacks;
	/* What the n-th add returns. */
	int *results;
	size_t result_count;
	atomic_size_t adds;
	struct reentry *reentries;
	size_t reentry_count;
	/* What the implementation made of it. */
	void *made;
};

struct adapter_producer {
	struct object object;
};

struct adapter_consumer {
	struct object object;
};

struct lane {
	unsigned int number;
	struct operation *operations;
	size_t count;
};

/* Where a callback, or the call of an operation, is held until another lane has called an operation or returned from it. */
struct gate {
	/* The callback; the object is NULL where a call is held. */
	const struct object *object;
	enum callback callback;
	unsigned int held_lane;
	size_t held_operation;
	unsigned int lane;
	size_t operation;
	bool until_returned;
	/* The callback was entered; nothing could go on; that was told. */
	bool met;
	bool gave_up;
	bool told;
};

struct program {
	struct object **objects;
	size_t object_count;
	struct lane *lanes;
	size_t lane_count;
	struct gate *gates;
	size_t gate_count;
};

/* supervisor.c: forks workers until one finishes. Returns the exit status of the program. */
int supervise(const struct service *service);
/* Ends the worker in a phase that the supervisor understands. */
_Noreturn void worker_end(enum phase phase, int exit_status);

/* input.c */
/* The next line that is not empty. It stays in the input until input_done(), so that the next worker has it. */
struct span input_line(void);
void input_done(struct span line);
json_t *input_parse(struct span text);
/* The word that says what a message is. */
const char *input_type(json_t *message);
/* The answer to hello, to which more may be added. */
json_t *hello_answer(json_t *hello, const char *name, const char *version, const char *language, json_t *capabilities);
_Noreturn void serve_bye(void);

/* output.c */
void output_flush(void);
void output_json(json_t *message);
void output_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
void trace_begin(void);
void trace_end(void);
/* Goes with the trace: what the implementation's log says of it, at length. */
void trace_log(const char *text);
/* Takes back the trace of the program that is running. */
void trace_drop(void);
/* From now on only the calling lane records events. */
void events_keep(void);
void event_call(const struct operation *operation);
void event_return(bool has_status, int status);
void event_enter(const struct object *object, enum callback callback, const struct object *counterpart, const int *irq);
void event_leave(const struct object *object, enum callback callback, const int *result);
void event_gave_up(void);
void event_log(const char *level, const char *text);
void event_crash(const char *detail);
void event_hang(const char *detail);

/* parse.c */
void *program_allocate(size_t count, size_t size);
struct program program_parse(json_t *json);
void program_free(struct program *program);
bool operation_registers(enum operation_kind kind);
/* Whether the objects lie in memory that the implementation lets be overwritten. */
bool writes_objects(void);

/* program.c */
/* In a worker, before its first program. */
void program_begin(void);
void program_run(json_t *program);
void operation_run(const struct operation *operation);
extern _Thread_local unsigned int current_lane;

/* inside.c: what ThreadSanitizer, where the adapter is built with it, sees of the library's own locks: nothing. */
/* The calling lane is about to enter the manager, or has come back into it. */
void inside_begins(void);
/* It has left the manager, or is called back by it. */
void inside_ends(void);

/* lanes.c */
/* Runs a program of several lanes, each in a thread. */
void lanes_run(struct program *program);
/* The calling lane has called an operation. */
void lanes_called(void);
/* The calling lane is in a callback: holds it there as long as a gate says. */
void gates_in_callback(const struct object *object, enum callback callback);

/* arena.c: what jansson allocates, from arena_use() on, goes at arena_reset(). */
void arena_use(void);
void arena_reset(void);

/* scan.c */
/* The array of programs in the text of a request, brackets included; NULL when there is none. */
struct span scan_programs(struct span request);
/* Takes the next program off the array. False when there is none left. */
bool scan_next(struct span *programs, struct span *program);

#endif
