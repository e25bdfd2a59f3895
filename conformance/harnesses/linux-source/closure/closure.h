/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Walks the manager's own states to the end.
 *
 *     state ──> every operation, with every result of every callback ──> step ──> state
 *
 * A state is the memory of the manager and of the objects. It is put back, one operation is run from it, and what comes
 * out is kept if it is new; until nothing is new. What a step did is not judged here. Steps that found the same and did
 * the same are one record; the kit judges each record once, and a state is gone on from only by steps that were right.
 *
 *     plan.c      the plan from the kit
 *     main.c      the records to the kit, and its judgements
 *     walk.c      states and steps, breadth first, so that the way to a state is a shortest one
 *     record.c    what a step found and did
 *     state.c     states without repetition
 *     memory.c    what a state is made of: put back and taken
 *     run.c       one operation, from call to return, crash or hang
 *     choices.c   which of its results each fallible callback returns
 *     objects.c   the objects and their callbacks
 *     standin.c   the stand-ins for the kernel's functions, all of whose memory is part of the state
 *     pristine.c  runs again in a process in which nothing has run, to see what lies outside of the memory
 */
#ifndef CLOSURE_H
#define CLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_OBJECTS 9
#define MOST_TOKENS 9
#define MOST_OPERATIONS 1024
#define MOST_RESULTS 3
/* An operation that makes more callbacks than this, or more that can fail, makes them without end. */
#define MOST_EVENTS 64
#define MOST_CHOICES 8

/* --- plan.c and main.c: what is to be walked, and who judges --- */

enum operation_kind { REGISTER_PRODUCER, UNREGISTER_PRODUCER, REGISTER_CONSUMER, UNREGISTER_CONSUMER };

struct operation {
	enum operation_kind kind;
	/* Producers are counted from 0, consumers from the number of producers. */
	int object;
	/* -1 is the null token. */
	int token;
	int irq;
	bool no_memory;
	/* Only taken from beginnings from which the unusual is done. */
	bool unusual;
};

struct plan {
	int producers;
	int consumers;
	int tokens;
	/* What a fallible callback may return other than 0. */
	int results[MOST_RESULTS];
	int result_count;
	/* Whether what is registered is registered, and what is not is unregistered. That is unusual, too. */
	bool misuse;
	uint32_t most_states;
	struct operation operations[MOST_OPERATIONS];
	int operation_count;
	/* For each beginning the callbacks of each object, and whether the unusual is done from there. */
	unsigned char (*callbacks)[2 * MOST_OBJECTS];
	bool *unusual;
	uint32_t callbacks_count;
};

extern struct plan plan;

/* Reads it from standard input; see plan.c. */
void plan_read(void);
long long plan_number(long long least, long long most);
/* Says why the walk cannot go on, and ends the program: never the manager's fault. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *need(void *memory);
/* Has the records from a number on judged. */
void judge_records(uint32_t from);

/* --- run.c --- */

enum callback { CALLBACK_STOP, CALLBACK_START, CALLBACK_ADD, CALLBACK_DEL, LOGGED };

struct event {
	enum callback what;
	int object;
	/* -1: none. */
	int counterpart;
	int irq;
	int result;
	/* Of what was logged. */
	const char *level;
	const char *text;
};

enum end { RETURNED, CRASHED, HUNG };

/* What an operation did. */
struct step {
	enum end end;
	int status;
	const char *detail;
	int event_count;
	struct event events[MOST_EVENTS];
};

/* The results of the fallible callbacks of one operation: which of the plan's each call returns, 0 for success. */
struct choices {
	int count;
	unsigned char of[MOST_CHOICES];
};

uint16_t choices_pack(const struct choices *choices);
void choices_unpack(struct choices *choices, uint16_t packed);
/* The next combination after one that was run. False when there is none. */
bool choices_next(struct choices *choices);

void run_begin(void);
/* Runs an operation. Calls beyond the choices succeed and are added to them. */
void run_operation(const struct operation *operation, struct choices *choices, struct step *step);
/* Notes an event of the running operation. */
struct event *run_event(enum callback what);
/* The result of the fallible callback that is being called. */
int run_choose(void);
_Noreturn void run_crash(const char *detail);
_Noreturn void run_hang(const char *detail);
/* A callback is about to return. */
void run_left(void);

/* What another lane may come in between of, where there is more than one (../scheduler); and what was seen of what
 * lanes share. `from` is where in the code. */
enum point { POINT_LOCK, POINT_UNLOCK, POINT_ARRAY, POINT_READ, POINT_WRITE, POINT_CALLBACK, POINT_LEFT, POINT_RESULT };
void run_point(enum point point, void *at, void *from);
void run_saw(uint64_t value);
unsigned int run_lane(void);
/* Text that lives until the next operation. */
char *run_text(size_t *room);
void run_text_used(size_t length);

/* --- objects.c --- */

/* Gives the objects zeros and these callbacks. */
void objects_make(const unsigned char *callbacks);
/* Makes one of them as it was, as a caller does that frees it and makes another. */
void objects_remake(int object, const unsigned char *callbacks);
/* The object in whose memory an address is; -1 for none. */
int objects_at(const void *address);
int objects_call(const struct operation *operation);
void *objects_memory(bool producers, size_t *size);

/* --- standin.c --- */

struct region {
	const char *name;
	void *at;
	/* How many bytes of it there may be, and how many were ever used; NULL where that is all. The rest is zero. */
	size_t size;
	const size_t *used;
};

/* The memory of the stand-ins. */
#define STANDIN_REGIONS 7
/* Runs the file's own initialisation, before memory is looked at. */
void standin_initialise(void);
void standin_regions(struct region regions[STANDIN_REGIONS]);
void standin_set_memory(bool available);
bool standin_is_locked(const void *mutex);
bool standin_holds_locks(void);
/* Set when the manager needed more memory than there is here for it. */
extern bool standin_outgrown;

/* --- memory.c --- */

/* Under which token each object is registered, by what its operations returned: 0 for none, 1 for the null token. */
extern uint64_t registered[2 * MOST_OBJECTS];

void memory_begin(void);
/* The memory as it is now, in words. */
extern uint64_t *memory_image;
size_t memory_words(void);
void memory_take(void);
void memory_put(void);
/* Whether the memory is as the image has it. */
bool memory_is_image(void);
/* Whether a word is the account of who is registered, and not of the manager. */
bool memory_is_account(size_t word);
uintptr_t memory_address(size_t word);
uint64_t memory_digest(void);
/* Whether an address is in memory that lanes share. */
bool memory_is_shared(const void *address);

/* --- state.c --- */

struct state {
	uint32_t callbacks;
	uint32_t length;
	const uint16_t *codes;
};

extern uint32_t state_count;
#define NO_STATE UINT32_MAX

void states_begin(void);
/* Puts the beginning with these callbacks into memory: nothing is registered, and nothing has ever been. */
void states_put_beginning(uint32_t callbacks);
/* The state in memory: its number, and whether it is new. NO_STATE where it cannot be kept; see states_outgrown. */
uint32_t state_enter(uint32_t callbacks, bool *is_new);
/* The number of the state in memory; NO_STATE when it is not known. */
uint32_t state_find(uint32_t callbacks);
/* Puts a state back into memory. */
void state_load(uint32_t state);
uint32_t state_callbacks(uint32_t state);
/* Takes back all states from a number on. */
void states_drop(uint32_t from);
/* How many different memories of the manager there are. */
uint32_t states_of_manager(void);
/* Why no more states can be kept; NULL when they can. */
extern const char *states_outgrown;
extern uintptr_t states_outgrown_at;
/* What it costs. */
size_t states_bytes(void);

/* --- record.c --- */

enum verdict { NOT_JUDGED, RIGHT, WRONG };

extern uint32_t record_count;
void records_begin(void);
/* The record of a step that was run from a state whose account was `before`; noted with the way to it when new. */
uint32_t record_of(const uint64_t *before, const unsigned char *callbacks, int operation, const struct step *step,
		   uint32_t state, uint16_t choices);
enum verdict record_verdict(uint32_t record);
void record_judge(uint32_t record, bool right);
void record_way(uint32_t record, uint32_t *state, int *operation, uint16_t *choices);
/* What an operation did, as a number. */
uint64_t step_digest(const struct step *step);

/* --- walk.c --- */

struct walked {
	/* Whether nothing is new any more. */
	bool closed;
	/* Steps that were run, and of them those that were not right, after which the walk does not go on. */
	uint64_t steps;
	uint64_t wrong;
	/* The most operations that it takes to come to a state. */
	int depth;
	/* States that were gone through again, and ways that were run again in a new process. */
	uint32_t again;
	uint32_t pristine;
	/* What shows that there is state outside of the memory; NULL when nothing does. */
	const char *unstable;
};

/* One operation of a way, with what its callbacks return. */
struct way_step {
	uint16_t operation;
	uint16_t choices;
};

#define LONGEST_WAY 4096

void walk(struct walked *walked);
/* The way from the beginning to a state, in `way`; returns its length. */
size_t way_to(uint32_t state, struct way_step *way);
/* Runs a way from the beginning, telling each step. Returns a number of all that it did and left behind. */
uint64_t way_run(uint32_t callbacks, const struct way_step *way, size_t length,
		 void (*tell)(int operation, const struct step *step));

/* --- pristine.c --- */

void pristine_begin(void);
/* The number of a way that is run in a process in which nothing has run before; 0 when that process dies. */
uint64_t pristine_run(uint32_t callbacks, const struct way_step *way, size_t length);

#endif
