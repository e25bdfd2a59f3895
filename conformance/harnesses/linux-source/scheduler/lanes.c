/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Lanes as coroutines, and what the closure's run.c is where there is one lane: callbacks, results, crashes.
 *
 * A lane gets its stack by makecontext(). From then on lanes are changed by setjmp() and longjmp(), which leave the mask of
 * signals alone: swapcontext() asks the kernel for it each time, and that takes longer than all else.
 */
#include "scheduler.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

struct lane lanes[MOST_LANES];
struct episode episode;
const char *broken;

static char stacks[MOST_LANES][STACK_SIZE] __attribute__((aligned(64)));
static jmp_buf explorer;
static sigjmp_buf out;
/* The lane that runs; `alone` when a member runs by itself, without stopping. */
static struct lane *now;
static struct lane alone;
struct event lane_event;
static bool event_is_new;
static char text[512];

static uint64_t mix(uint64_t digest, uint64_t number)
{
	digest = (digest ^ number) * 0xff51afd7ed558ccdull;
	return digest ^ digest >> 32;
}

static _Noreturn void fail(const char *what)
{
	broken = what;
	now = NULL;
	siglongjmp(out, 1);
}

void run_crash(const char *detail)
{
	fail(detail);
}

void run_hang(const char *detail)
{
	fail(detail);
}

static void on_fault(int signal)
{
	if (!now) {
		struct sigaction usual = {.sa_handler = SIG_DFL};

		sigaction(signal, &usual, NULL);
		raise(signal);
		return;
	}
	fail(signal == SIGSEGV ? "it crashes (SIGSEGV)" : signal == SIGBUS ? "it crashes (SIGBUS)" : "it crashes (SIGILL)");
}

static unsigned long progress, progress_at_tick;

static void on_tick(int signal)
{
	(void)signal;
	if (now && progress == progress_at_tick)
		fail("it does not return");
	progress_at_tick = progress;
}

void lanes_begin(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT};
	static char stack[1 << 16];
	struct itimerval clock = {{0, 50000}, {0, 50000}};
	struct sigaction fault = {.sa_handler = on_fault, .sa_flags = SA_NODEFER | SA_ONSTACK};
	struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_NODEFER | SA_ONSTACK | SA_RESTART};

	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof(stack)}, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &fault, NULL);
	sigaction(SIGVTALRM, &tick, NULL);
	setitimer(ITIMER_VIRTUAL, &clock, NULL);
}

void lanes_reset(void)
{
	for (int i = 0; i < bounds.lanes; i++) {
		lanes[i].busy = false;
		lanes[i].begun = 0;
	}
	episode.count = 0;
	episode.log = 1;
	episode.last_caller = -1;
	episode.open = true;
	episode.fresh = true;
}

/* --- Stopping and going on --- */

static void settle_event(void);

static void stop_at(enum point point, void *at, int size, bool marked, void *from)
{
	char here;

	if (!now || now == &alone)
		return;
	settle_event();
	now->point = point;
	now->at = at;
	now->size = size;
	now->marked = marked;
	now->from = from;
	now->lowest = &here;
	now->steps++;
	if (!_setjmp(now->context))
		_longjmp(explorer, 1);
}

/* Who unregistered an object, or failed to register it, has freed it. */
static bool is_freed(int object)
{
	if (object < 0 || bounds.same_object || registered[object])
		return false;
	for (int i = 0; i < bounds.lanes; i++)
		if (lanes[i].busy && plan.operations[episode.members[lanes[i].member].operation].object == object)
			return false;
	return now != &alone;
}

void lane_access(void *at, int size, bool write, bool marked, void *from)
{
	uint64_t value[2] = {0, 0};

	if (!now || now == &alone || !memory_is_shared(at))
		return;
	stop_at(write ? POINT_WRITE : POINT_READ, at, size, marked, from);
	if (is_freed(objects_at(at)))
		fail("an object is used after its unregistration has returned");
	if (write)
		return;
	memcpy(value, at, (size_t)size < sizeof(value) ? (size_t)size : sizeof(value));
	now->seen = mix(mix(now->seen, value[0]), value[1]);
}

void run_point(enum point point, void *at, void *from)
{
	/* The only access that is told as a point is the consumer's look at the interrupt. */
	stop_at(point, at, point == POINT_READ ? (int)sizeof(int) : 0, false, from);
}

void run_saw(uint64_t value)
{
	if (now)
		now->seen = mix(now->seen, value);
}

unsigned int run_lane(void)
{
	return now && now != &alone ? (unsigned int)(now - lanes) : 0;
}

static struct member *my_member(void)
{
	return &episode.members[now->member];
}

/* The object is free for its caller once the operation has returned. */
static void returned(struct member *member)
{
	const struct operation *operation = &plan.operations[member->operation];
	bool registers = operation->kind == REGISTER_PRODUCER || operation->kind == REGISTER_CONSUMER;

	settle_event();
	member->returned = true;
	episode.open = true;
	if (registers && !member->status)
		registered[operation->object] = (uint64_t)(operation->token + 2);
	if (registers && !member->status)
		return;
	if (!registers)
		registered[operation->object] = 0;
	if (!bounds.same_object)
		objects_remake(operation->object, plan.callbacks[0]);
}

static void call(struct member *member)
{
	member->status = objects_call(&plan.operations[member->operation]);
	returned(member);
}

static void body(void)
{
	struct lane *lane = now;

	call(my_member());
	lane->busy = false;
	now = NULL;
	_longjmp(explorer, 1);
}

/* Goes on to the lane's next point; from the beginning of its operation where that is given. */
static void go(struct lane *lane, const ucontext_t *beginning)
{
	broken = NULL;
	progress++;
	event_is_new = false;
	now = lane;
	if (!sigsetjmp(out, 0) && !_setjmp(explorer)) {
		if (beginning)
			setcontext(beginning);
		_longjmp(lane->context, 1);
	}
	now = NULL;
}

void lane_call(int number, int operation)
{
	struct lane *lane = &lanes[number];
	struct member *member = &episode.members[episode.count];
	unsigned int after = 0;
	ucontext_t beginning;

	for (int i = 0; i < episode.count; i++)
		after |= (unsigned int)episode.members[i].returned << i;
	*member = (struct member){.lane = number, .operation = operation, .after = after};
	lane->member = episode.count++;
	lane->busy = true;
	lane->begun++;
	lane->seen = 1;
	lane->steps = 0;
	lane->in_callback = lane->has_called = false;
	getcontext(&beginning);
	beginning.uc_stack.ss_sp = stacks[number];
	beginning.uc_stack.ss_size = STACK_SIZE;
	beginning.uc_link = NULL;
	makecontext(&beginning, body, 0);
	go(lane, &beginning);
}

void lane_go(int number, int choice)
{
	episode.open = false;
	episode.fresh = false;
	lanes[number].choice = choice;
	go(&lanes[number], NULL);
}

bool lane_can_go(int number)
{
	const struct lane *lane = &lanes[number];

	return lane->busy && !(lane->point == POINT_LOCK && standin_is_locked(lane->at));
}

void member_alone(int number)
{
	broken = NULL;
	progress++;
	event_is_new = false;
	alone = (struct lane){.member = number, .seen = 1};
	now = &alone;
	if (!sigsetjmp(out, 0))
		call(&episode.members[number]);
	now = NULL;
}

/* What of a lane's stack is in use, with what lies below the last frame's variables. */
#define MARGIN 512

size_t lanes_stack(int number, char **from)
{
	char *top = stacks[number] + STACK_SIZE;

	*from = lanes[number].lowest - MARGIN;
	if (*from < stacks[number])
		give_up("an operation needs more stack than there is");
	return (size_t)(top - *from);
}

/* --- Callbacks --- */

/* A callback stops before anything of it has happened; it has happened when its objects are known. */
struct event *run_event(enum callback what)
{
	if (what != LOGGED)
		stop_at(POINT_CALLBACK, NULL, 0, false, NULL);
	settle_event();
	lane_event = (struct event){.what = what, .object = -1, .counterpart = -1};
	event_is_new = true;
	return &lane_event;
}

static void settle_event(void)
{
	if (!event_is_new)
		return;
	event_is_new = false;
	if (lane_event.what == LOGGED) {
		if (lane_event.level && strcmp(lane_event.level, "info"))
			fail("it warns");
		return;
	}
	if (is_freed(lane_event.object) || is_freed(lane_event.counterpart))
		fail("a callback names an object whose unregistration has returned");
	for (int i = 0; i < bounds.lanes; i++)
		if (now != &alone && &lanes[i] != now && lanes[i].busy && lanes[i].in_callback)
			fail("callbacks of two operations overlap");
	if (now != &alone && now->has_called && episode.last_caller != now->member)
		fail("callbacks of two operations come between each other");
	now->in_callback = now->has_called = true;
	episode.last_caller = now->member;
	episode.log = mix(episode.log, (uint64_t)now->member);
	episode.log = mix(episode.log, (uint64_t)lane_event.what << 40 | (uint64_t)(lane_event.object + 1) << 20 |
						(uint64_t)(lane_event.counterpart + 1));
	episode.log = mix(episode.log, (uint64_t)lane_event.irq);
}

int run_choose(void)
{
	struct choices *choices = &my_member()->choices;
	int choice;

	settle_event();
	if (now == &alone) {
		if (now->choice == choices->count)
			fail("no order does the same");
		choice = choices->of[now->choice++];
	} else {
		stop_at(POINT_RESULT, NULL, 0, false, NULL);
		choice = now->choice;
		if (choices->count == MOST_CHOICES)
			fail("it makes callbacks without end");
		choices->of[choices->count++] = (unsigned char)choice;
	}
	now->seen = mix(now->seen, (uint64_t)choice);
	episode.log = mix(episode.log, (uint64_t)choice);
	return choice ? plan.results[choice - 1] : 0;
}

void run_left(void)
{
	settle_event();
	if (now->point != POINT_RESULT)
		stop_at(POINT_LEFT, NULL, 0, false, NULL);
	now->in_callback = false;
}

char *run_text(size_t *room)
{
	*room = sizeof(text);
	return text;
}

void run_text_used(size_t length)
{
	(void)length;
}
