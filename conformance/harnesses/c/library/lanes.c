/* SPDX-License-Identifier: MIT */
/*
 * Lanes and gates: each lane of a program runs in a thread of its own, and gates make two of them meet.
 *
 *     lane 0   register p0 ── stop of p0 ──────(held)────── leaves ──
 *     lane 1            (held) ──────── unregister c0 ── returns ──
 *
 * A manager that holds a lock in its callbacks makes the other lane wait for that lock, and not return before the gate
 * lets go: so a gate gives up when no lane can go on. Whether a thread that is inside the manager can go on is seen from
 * outside: one that has slept since it was last looked at, without a moment awake, waits for something; so does one that has spent
 * processor time and done nothing that is recorded. The load of the machine has no part in it.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Between two looks at a thread. */
#define LOOK_US 300
/* Processor time without an event after which a thread that runs is taken for one that waits in a loop. */
#define SPINNING_NS 20000000LL
/* Lanes that all wait, with no gate that could let one go, for so long, wait for ever. */
#define DEADLOCK_MS 200

enum stage {
	/* Not inside the manager: it goes on by itself. */
	OUTSIDE,
	/* Inside the manager. */
	INSIDE,
	/* At a gate, before it calls an operation, or in a callback. */
	HELD_BEFORE,
	HELD_INSIDE,
	OVER,
};

/* What was seen of a thread. */
struct look {
	bool asleep;
	/* How often it has fallen asleep; an event of the program that was recorded since makes a look worthless. */
	unsigned long long slept;
	unsigned long events;
	long long processor;
};

struct runner {
	const struct lane *lane;
	pthread_t thread;
	pid_t task;
	enum stage stage;
	struct gate *gate;
	/* Operations called, and returned. */
	size_t called;
	size_t returned;
	struct look last;
	/* When it was last seen to go on, in processor time and events. */
	struct look busy;
	/* It has slept between two looks, without a moment awake; it has run and done nothing. */
	bool sleeps;
	bool spins;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct runner *runners;
static size_t runner_count;
static struct program *running;
static pthread_barrier_t start;

/* --- Whether a thread can go on --- */

/* Reads "State:" and "voluntary_ctxt_switches:" of a thread. */
static struct look look_at(const struct runner *runner)
{
	struct look seen = {.events = atomic_load(&shared->progress)};
	char path[64], line[256];
	struct timespec time;
	clockid_t clock;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", (int)runner->task);

	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "State:", 6))
			seen.asleep = strchr(line, 'S') != NULL && strstr(line, "(sleeping)") != NULL;
		sscanf(line, "voluntary_ctxt_switches: %llu", &seen.slept);
	}
	if (file)
		fclose(file);
	if (!pthread_getcpuclockid(runner->thread, &clock) && !clock_gettime(clock, &time))
		seen.processor = time.tv_sec * 1000000000LL + time.tv_nsec;
	return seen;
}

static void look_again(struct runner *runner)
{
	struct look seen = look_at(runner);
	const struct look *before = &runner->last;

	if (seen.events != runner->busy.events)
		runner->busy = seen;
	runner->sleeps = seen.asleep && before->asleep && seen.slept == before->slept && seen.events == before->events;
	runner->spins = seen.processor - runner->busy.processor > SPINNING_NS;
	runner->last = seen;
}

/* --- Gates, with the lock held --- */

static bool is_open(const struct gate *gate)
{
	const struct runner *other = &runners[gate->lane];

	return gate->gave_up || (gate->until_returned ? other->returned : other->called) > gate->operation;
}

/* Whether what a lane is held for has come. The operation that a callback waits for is held until the callback is met. */
static bool may_pass(const struct runner *runner)
{
	const struct gate *gate = runner->gate;

	return gate->object && runner->stage == HELD_BEFORE ? gate->met || gate->gave_up : is_open(gate);
}

/* Whether a lane goes on by itself, as far as can be seen. */
static bool goes_on(struct runner *runner)
{
	switch (runner->stage) {
	case OVER:
		return false;
	case OUTSIDE:
		return true;
	case HELD_BEFORE:
	case HELD_INSIDE:
		return may_pass(runner);
	case INSIDE:
		return !runner->sleeps && !runner->spins;
	}
	return true;
}

static bool all_wait(void)
{
	bool wait = true;

	for (size_t i = 0; i < runner_count; i++)
		if (goes_on(&runners[i]))
			wait = false;
	return wait;
}

static bool gates_hold(enum stage stage)
{
	for (size_t i = 0; i < runner_count; i++)
		if (runners[i].stage == stage)
			return true;
	return false;
}

/* Of lanes that all wait, the one to go on: the first that is held in a callback, else the first that is held at all. */
static struct runner *first_to_go_on(void)
{
	enum stage stage = gates_hold(HELD_INSIDE) ? HELD_INSIDE : HELD_BEFORE;

	for (size_t i = 0; i < runner_count; i++)
		if (runners[i].stage == stage)
			return &runners[i];
	return NULL;
}

static struct runner *self(void)
{
	return &runners[current_lane];
}

static void hold(struct gate *gate, enum stage stage)
{
	struct runner *runner = self();
	enum stage before = runner->stage;

	runner->stage = stage;
	runner->gate = gate;
	if (may_pass(runner)) {
		runner->stage = before;
		return;
	}
	pthread_cond_broadcast(&changed);
	while (!may_pass(runner))
		pthread_cond_wait(&changed, &lock);
	runner->stage = before;
	pthread_cond_broadcast(&changed);
	if (gate->gave_up && !gate->told) {
		gate->told = true;
		event_gave_up();
	}
}

void gates_in_callback(const struct object *object, enum callback callback)
{
	if (!running || !running->gate_count)
		return;
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < running->gate_count; i++) {
		struct gate *gate = &running->gates[i];

		if (gate->met || !gate->object || gate->object != object || gate->callback != callback || gate->lane == current_lane)
			continue;
		gate->met = true;
		hold(gate, HELD_INSIDE);
	}
	pthread_mutex_unlock(&lock);
}

/* Before a lane calls its next operation: every gate that waits for it is to be met first, and those that hold it opened. */
static void before_call(struct runner *runner)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < running->gate_count; i++) {
		struct gate *gate = &running->gates[i];

		if (gate->object && gate->lane == runner->lane->number && gate->operation == runner->called && !gate->met)
			hold(gate, HELD_BEFORE);
		if (!gate->object && gate->held_lane == runner->lane->number && gate->held_operation == runner->called)
			hold(gate, HELD_BEFORE);
	}
	pthread_mutex_unlock(&lock);
}

static void go_to(struct runner *runner, enum stage stage)
{
	pthread_mutex_lock(&lock);
	runner->stage = stage;
	if (stage == OUTSIDE)
		runner->returned++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void lanes_called(void)
{
	struct runner *runner = running ? self() : NULL;

	if (!runner || runner->stage != OUTSIDE)
		return;
	pthread_mutex_lock(&lock);
	runner->called++;
	runner->stage = INSIDE;
	runner->last = (struct look){.asleep = false};
	runner->sleeps = runner->spins = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* --- Lanes --- */

static void *run_lane(void *argument)
{
	struct runner *runner = argument;

	current_lane = runner->lane->number;
	runner->task = gettid();
	pthread_barrier_wait(&start);
	inside_ends();
	for (size_t i = 0; i < runner->lane->count; i++) {
		before_call(runner);
		operation_run(&runner->lane->operations[i]);
		go_to(runner, OUTSIDE);
	}
	go_to(runner, OVER);
	inside_begins();
	return NULL;
}

static bool all_over(void)
{
	for (size_t i = 0; i < runner_count; i++)
		if (runners[i].stage != OVER)
			return false;
	return true;
}

/* Whether every lane that is inside the manager sleeps. One that runs may yet come to an end. */
static bool all_sleep(void)
{
	for (size_t i = 0; i < runner_count; i++)
		if (runners[i].stage == INSIDE && !runners[i].sleeps)
			return false;
	return true;
}

static bool any_inside(void)
{
	return gates_hold(INSIDE) || gates_hold(HELD_INSIDE) || gates_hold(HELD_BEFORE);
}

static struct timespec after(long long microseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += microseconds * 1000;
	time.tv_sec += time.tv_nsec / 1000000000L;
	time.tv_nsec %= 1000000000L;
	return time;
}

static _Noreturn void tell_deadlock(void)
{
	char text[128] = "nothing can go on: lane";
	const char *separator = " ";

	for (size_t i = 0; i < runner_count && strlen(text) < 100; i++) {
		if (runners[i].stage != INSIDE)
			continue;
		if (*separator == ' ')
			current_lane = runners[i].lane->number;
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%zu", separator, i);
		separator = ", ";
	}
	snprintf(text + strlen(text), sizeof(text) - strlen(text), " waits inside the manager");
	adapter_hang(text);
}

/* Looks at the lanes until they are over; lets a gate give up, or tells that nothing can go on. */
static void watch(void)
{
	long long waited = 0;

	pthread_mutex_lock(&lock);
	while (!all_over()) {
		/* While lanes come and go there is nothing to look at. */
		struct timespec until = after(LOOK_US);
		bool quiet = pthread_cond_timedwait(&changed, &lock, &until) != 0;

		if (!quiet || !any_inside()) {
			waited = 0;
			continue;
		}
		for (size_t i = 0; i < runner_count; i++)
			if (runners[i].stage == INSIDE)
				look_again(&runners[i]);
		if (!all_wait()) {
			waited = 0;
			continue;
		}

		struct runner *first = first_to_go_on();

		if (first) {
			first->gate->gave_up = true;
			pthread_cond_broadcast(&changed);
			continue;
		}
		waited = all_sleep() ? waited + LOOK_US : 0;
		if (waited > DEADLOCK_MS * 1000LL) {
			pthread_mutex_unlock(&lock);
			tell_deadlock();
		}
	}
	pthread_mutex_unlock(&lock);
}

void lanes_run(struct program *program)
{
	if (program->lane_count == 0)
		return;
	runners = program_allocate(program->lane_count, sizeof(*runners));
	runner_count = program->lane_count;
	running = program;
	pthread_barrier_init(&start, NULL, (unsigned int)program->lane_count);
	for (size_t i = 0; i < program->lane_count; i++) {
		runners[i].lane = &program->lanes[i];
		if (pthread_create(&runners[i].thread, NULL, run_lane, &runners[i]))
			adapter_fail("the adapter cannot start a thread for lane %zu", i);
	}
	watch();
	for (size_t i = 0; i < program->lane_count; i++)
		pthread_join(runners[i].thread, NULL);
	pthread_barrier_destroy(&start);
	running = NULL;
	free(runners);
}
