/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Every interleaving of what a few lanes do, on the real manager.
 *
 *     the manager, compiled with -fsanitize=thread, whose calls come to hooks.c and not to the sanitizer
 *       stops before each access to memory that lanes share, each lock, unlock and array function, and around callbacks
 *     lanes.c       coroutines: a lane goes on from one such point to the next
 *     explore.c     from a state in which no lane is in an operation, every order of going on, until none is again
 *     explain.c     one order of the operations, one after the other, must do the same
 *     replay.c      one order of going on again, and what happens in it
 *     main.c        the plan, and the answers
 *
 * Memory and states are those of ../closure. Callers are correct: an object is used by one lane at a time, and is made
 * anew after its unregistration returned, since by then its caller has freed it.
 */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#define _GNU_SOURCE
#include "../closure/closure.h"

#include <setjmp.h>

#define MOST_LANES 3
#define MOST_EPISODE 6
#define MOST_MOVES 1024
#define STACK_SIZE 65536

/* How much is explored. */
struct bounds {
	int lanes;
	/* Operations of each lane. */
	int each;
	/* An object may be used by several lanes at once, which no caller may do; it is then not made anew. */
	bool same_object;
	uint32_t most_states;
	int most_findings;
};

extern struct bounds bounds;

/* One lane: idle, or in an operation and stopped at a point. */
struct lane {
	jmp_buf context;
	/* How far down its stack is in use. */
	char *lowest;
	bool busy;
	/* How many operations it began, and which of the episode's it is in. */
	int begun;
	int member;
	/* Where it stopped: nothing of it has happened yet. */
	enum point point;
	void *at;
	void *from;
	int size;
	/* The access is marked in the source as one that others may race with. */
	bool marked;
	/* What it saw since its operation began, and how far it is: with these two it is determined what it does next. */
	uint64_t seen;
	uint32_t steps;
	/* The result that its callback is to return. */
	int choice;
	bool in_callback;
	bool has_called;
};

/* One operation between two states in which no lane is in any. */
struct member {
	int lane;
	int operation;
	struct choices choices;
	int status;
	bool returned;
	/* The members that had returned when it was called, as bits. */
	unsigned int after;
};

struct episode {
	int count;
	struct member members[MOST_EPISODE];
	/* Of all callbacks so far, in order. */
	uint64_t log;
	/* Whose callback was the last; -1 for none. */
	int last_caller;
	/* Whether lanes may call now, and whether no lane has gone on yet; see explore.c. */
	bool open;
	bool fresh;
};

extern struct lane lanes[MOST_LANES];
extern struct episode episode;
/* Why the lane that went on last cannot go on; NULL when it can. */
extern const char *broken;
/* The last callback that was entered. */
extern struct event lane_event;

/* --- lanes.c --- */

void lanes_begin(void);
/* All lanes idle, and a new episode. */
void lanes_reset(void);
/* A lane calls an operation and goes to its first point. */
void lane_call(int lane, int operation);
/* A lane goes on to its next point, or to the end of its operation. */
void lane_go(int lane, int choice);
bool lane_can_go(int lane);
/* A member runs from call to return without stopping, by itself. */
void member_alone(int member);
/* Notes an access that the compiler reports. */
void lane_access(void *at, int size, bool write, bool marked, void *from);
size_t lanes_stack(int lane, char **from);

/* --- explain.c --- */

/* Whether one order of the episode's members, run alone from a state, does what was done. Leaves that order in `way`. */
bool explain(uint32_t root, struct way_step *way);

/* --- explore.c --- */

/* A lane calls an operation (from 0), or goes on with a choice (-1 less the choice). */
struct move {
	int lane;
	int what;
};

struct finding {
	const char *what;
	/* Two places in the code, where it is about two. */
	void *places[2];
	uint32_t root;
	int move_count;
	struct move moves[MOST_MOVES];
};

struct explored {
	bool complete;
	const char *reason;
	uint32_t roots;
	uint64_t states;
	double schedules;
	uint64_t programs;
	int depth;
	int finding_count;
	struct finding *findings;
};

void explore(struct explored *explored);
size_t root_way(uint32_t root, struct way_step *way);
/* Whether two lanes are about to access the same memory, one of them to write. */
bool lanes_race(int one, int other);
/* What is wrong with the state as it is, with all lanes where they are; NULL when nothing is. */
const char *look(uint32_t root, void **places);
bool may_call(int lane, int operation);
bool all_idle(void);

/* --- replay.c --- */

/* Runs moves from the state after a way; tells each when asked to. Returns a number of all that happened. */
uint64_t replay(const struct way_step *way, size_t length, const struct move *moves, int count, bool tell,
		const char **what);

#endif
