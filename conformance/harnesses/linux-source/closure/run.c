/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * One operation, from call to return, crash or hang.
 *
 * A crash is a signal. A hang is a lock that is taken twice, callbacks without end, or a step that takes more of this
 * process's own time than any that makes progress. In each case the operation is left where it is; its state is not
 * gone on from.
 */
#define _GNU_SOURCE
#include "closure.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static sigjmp_buf out;
static volatile sig_atomic_t running;
static struct step *now;
static struct choices *now_choices;
static int chosen;
static char texts[4096];
static size_t texts_used;

/* The clock ticks with the time that this process computes. A step takes less than a thousandth of a tick. */
#define TICK_MICROSECONDS 4000
#define TICKS_OF_A_HANG 2
static unsigned long step_number;
static unsigned long step_at_tick;
static int ticks;

static void end_with(enum end end, const char *detail)
{
	now->end = end;
	now->detail = detail;
	running = 0;
	siglongjmp(out, 1);
}

void run_crash(const char *detail)
{
	end_with(CRASHED, detail);
	abort();
}

void run_hang(const char *detail)
{
	end_with(HUNG, detail);
	abort();
}

static void on_fault(int signal)
{
	static const char *const names[] = {
		[SIGSEGV] = "SIGSEGV", [SIGBUS] = "SIGBUS", [SIGILL] = "SIGILL",
		[SIGFPE] = "SIGFPE", [SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT",
	};

	if (!running) {
		/* Our own fault: die of it. */
		struct sigaction usual = {.sa_handler = SIG_DFL};

		sigaction(signal, &usual, NULL);
		raise(signal);
		return;
	}
	run_crash(names[signal]);
}

static void on_tick(int signal)
{
	(void)signal;
	if (!running || step_at_tick != step_number) {
		step_at_tick = step_number;
		ticks = 0;
	} else if (++ticks >= TICKS_OF_A_HANG) {
		ticks = 0;
		run_hang("the operation does not return");
	}
}

void run_begin(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
	static char stack[1 << 16];
	struct itimerval clock = {{0, TICK_MICROSECONDS}, {0, TICK_MICROSECONDS}};
	struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_NODEFER | SA_ONSTACK | SA_RESTART};
	struct sigaction fault = {.sa_handler = on_fault, .sa_flags = SA_NODEFER | SA_ONSTACK};

	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof(stack)}, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &fault, NULL);
	sigaction(SIGVTALRM, &tick, NULL);
	setitimer(ITIMER_VIRTUAL, &clock, NULL);
}

void run_operation(const struct operation *operation, struct choices *choices, struct step *step)
{
	step->event_count = 0;
	step->status = 0;
	step->detail = NULL;
	now = step;
	now_choices = choices;
	chosen = 0;
	texts_used = 0;
	step_number++;
	if (!sigsetjmp(out, 0)) {
		running = 1;
		step->status = objects_call(operation);
		running = 0;
		step->end = RETURNED;
	}
	standin_set_memory(true);
	/* What was planned for calls that were not made. */
	choices->count = chosen;
}

struct event *run_event(enum callback what)
{
	if (now->event_count == MOST_EVENTS)
		run_hang("the program makes events without end");

	struct event *event = &now->events[now->event_count++];

	*event = (struct event){.what = what, .object = -1, .counterpart = -1};
	return event;
}

int run_choose(void)
{
	if (chosen == MOST_CHOICES)
		run_hang("the program makes events without end");
	if (chosen == now_choices->count)
		now_choices->of[now_choices->count++] = 0;

	int choice = now_choices->of[chosen++];

	return choice ? plan.results[choice - 1] : 0;
}

/* There is one lane. */
void run_point(enum point point, void *at, void *from)
{
	(void)point;
	(void)at;
	(void)from;
}

void run_saw(uint64_t value)
{
	(void)value;
}

void run_left(void)
{
}

unsigned int run_lane(void)
{
	return 0;
}

char *run_text(size_t *room)
{
	*room = sizeof(texts) - texts_used;
	return texts + texts_used;
}

void run_text_used(size_t length)
{
	texts_used += length;
}
