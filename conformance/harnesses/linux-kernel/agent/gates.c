// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Gates: where a lane is held, mostly in a callback, until another has called an operation, or has returned from it. The manager
 * holds its mutex in callbacks, so the other lane sleeps on that mutex and never returns: then no lane can go on, and the
 * gate gives up. Whether a lane sleeps inside the manager is seen from its thread: it sleeps at two looks, and has not been
 * awake in between.
 */
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "agent-internal.h"

static DECLARE_WAIT_QUEUE_HEAD(gates_changed);

static const struct agent_gate *gates;
static unsigned int gate_count;

/* What became of each gate of the running program. */
static struct {
	bool met;
	bool gave_up;
	bool told;
} fates[AGENT_MOST_GATES];

void gates_begin(const struct plan *plan)
{
	gates = plan->gates;
	gate_count = plan->program->gate_count;
	memset(fates, 0, sizeof(fates));
}

static bool may_pass(const struct lane *lane)
{
	const struct agent_gate *gate = &gates[lane->gate];
	const struct lane *other = &lanes[gate->lane];

	if (READ_ONCE(fates[lane->gate].gave_up))
		return true;
	/* The operation that a callback waits for is held until the callback is met. */
	if (gate->object != AGENT_NOBODY && lane->stage == LANE_HELD_BEFORE)
		return READ_ONCE(fates[lane->gate].met);
	return READ_ONCE(*(gate->until_returned ? &other->returned : &other->called)) > gate->operation;
}

static void hold(struct lane *lane, unsigned int gate, enum lane_stage stage)
{
	enum lane_stage before = lane->stage;

	lane->gate = gate;
	smp_store_release(&lane->stage, stage);
	if (may_pass(lane))
		goto passed;
	wake_up_all(&gates_changed);
	wake_up(&lanes_changed);
	wait_event_idle(gates_changed, may_pass(lane));
	if (fates[gate].gave_up && !fates[gate].told) {
		fates[gate].told = true;
		record((struct agent_event){ .type = AGENT_GAVE_UP, .object = AGENT_NOBODY, .counterpart = AGENT_NOBODY });
	}
passed:
	lane->nvcsw = 0;
	smp_store_release(&lane->stage, before);
	wake_up_all(&gates_changed);
}

void gates_in_callback(unsigned int object, enum agent_callback callback)
{
	struct lane *lane = gate_count ? lane_of(current) : NULL;
	unsigned int i;

	for (i = 0; lane && i < gate_count; i++) {
		if (gates[i].object != object || gates[i].callback != callback || gates[i].lane == lane->number)
			continue;
		if (xchg(&fates[i].met, true))
			continue;
		hold(lane, i, LANE_HELD_INSIDE);
	}
}

void gates_before_call(struct lane *lane)
{
	unsigned int i;

	for (i = 0; i < gate_count; i++) {
		const struct agent_gate *gate = &gates[i];
		bool at_call = gate->object == AGENT_NOBODY;

		if (!at_call && gate->lane == lane->number && gate->operation == lane->called && !READ_ONCE(fates[i].met))
			hold(lane, i, LANE_HELD_BEFORE);
		if (at_call && gate->held_lane == lane->number && gate->held_operation == lane->called)
			hold(lane, i, LANE_HELD_BEFORE);
	}
}

void gates_called(void)
{
	struct lane *lane = gate_count ? lane_of(current) : NULL;

	if (!lane || lane->stage != LANE_OUTSIDE)
		return;
	lane->nvcsw = 0;
	WRITE_ONCE(lane->called, lane->called + 1);
	smp_store_release(&lane->stage, LANE_INSIDE);
	wake_up_all(&gates_changed);
}

void gates_returned(struct lane *lane)
{
	if (!gate_count)
		return;
	WRITE_ONCE(lane->returned, lane->returned + 1);
	smp_store_release(&lane->stage, LANE_OUTSIDE);
	wake_up_all(&gates_changed);
}

bool gates_hold(void)
{
	unsigned int i;

	for (i = 0; i < lane_count; i++) {
		enum lane_stage stage = smp_load_acquire(&lanes[i].stage);

		if (stage == LANE_HELD_BEFORE || stage == LANE_HELD_INSIDE)
			return true;
	}
	return false;
}

/* Whether a thread has slept since it was last looked at. */
static bool sleeps(struct lane *lane)
{
	unsigned long seen = READ_ONCE(lane->task->nvcsw);
	bool asleep = task_state(lane->task) != TASK_RUNNING;
	bool slept = asleep && lane->nvcsw == seen + 1;

	lane->nvcsw = asleep ? seen + 1 : 0;
	return slept;
}

static bool goes_on(struct lane *lane)
{
	if (has_left(lane))
		return false;
	switch (smp_load_acquire(&lane->stage)) {
	case LANE_OUTSIDE:
		return true;
	case LANE_INSIDE:
		return !sleeps(lane);
	case LANE_HELD_BEFORE:
	case LANE_HELD_INSIDE:
		return may_pass(lane);
	}
	return true;
}

static struct lane *first_held(enum lane_stage stage)
{
	unsigned int i;

	for (i = 0; i < lane_count; i++)
		if (!has_left(&lanes[i]) && lanes[i].stage == stage)
			return &lanes[i];
	return NULL;
}

/* Lets a gate give up when no lane can go on: that of the first lane that is held in a callback, else of the first held. */
void gates_look(void)
{
	struct lane *first;
	bool any = false;
	unsigned int i;

	for (i = 0; i < lane_count; i++)
		any |= goes_on(&lanes[i]);
	if (any)
		return;
	first = first_held(LANE_HELD_INSIDE);
	if (!first)
		first = first_held(LANE_HELD_BEFORE);
	if (!first)
		return;
	WRITE_ONCE(fates[first->gate].gave_up, true);
	wake_up_all(&gates_changed);
}
