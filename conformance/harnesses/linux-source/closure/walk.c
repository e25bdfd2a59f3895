/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * States and steps, breadth first.
 *
 *     level 0   the beginnings, one for each set of callbacks
 *     level 1   what one operation makes of them
 *     ...       until a level has no state that is new
 *
 * The steps of a few states are taken before their records are judged. Where a record turns out wrong, the steps of
 * these states are taken again, without the states behind those that are wrong.
 */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

/* How a state was first reached. */
struct node {
	uint32_t before;
	struct way_step by;
	uint16_t depth;
	/* Of all that its steps did and led to. */
	uint64_t steps_digest;
};

static struct node *nodes;
static uint32_t node_room;
static struct walked *count;

/* How many states' steps are judged together. */
#define AT_ONCE 128

/* How many states are gone through again and how many ways are run again: enough to notice, few enough not to. */
#define MOST_AGAIN 20000
#define MOST_PRISTINE 256

static struct node *node_of(uint32_t state)
{
	while (state >= node_room) {
		node_room = node_room ? 2 * node_room : 1 << 15;
		nodes = need(realloc(nodes, node_room * sizeof(*nodes)));
	}
	return &nodes[state];
}

static bool registers(const struct operation *operation)
{
	return operation->kind == REGISTER_PRODUCER || operation->kind == REGISTER_CONSUMER;
}

/* The account is kept by what operations return, as the rules keep it. */
static void keep_account(const struct operation *operation, const struct step *step)
{
	if (!registers(operation))
		registered[operation->object] = 0;
	else if (!step->status)
		registered[operation->object] = (uint64_t)(operation->token + 2);
}

static bool is_taken(const struct operation *operation, const uint64_t *account, bool unusual)
{
	bool misuse = registers(operation) == (account[operation->object] != 0);

	if (misuse && !plan.misuse)
		return false;
	return unusual || (!misuse && !operation->unusual);
}

static uint64_t mix(uint64_t digest, uint64_t number)
{
	digest = (digest ^ number) * 0xff51afd7ed558ccdull;
	return digest ^ digest >> 32;
}

/* Where a step led to: a state; or nowhere, since it was not right or no state can be kept. */
static uint32_t follow(uint32_t callbacks, uint32_t from, struct way_step by, bool enter)
{
	bool is_new;
	uint32_t to;

	/* The image is still that of the state from which the step was taken. */
	if (memory_is_image())
		return from;
	if (!enter)
		return state_find(callbacks);
	to = state_enter(callbacks, &is_new);
	if (to != NO_STATE && is_new)
		*node_of(to) = (struct node){from, by, (uint16_t)(nodes[from].depth + 1), 0};
	return to;
}

/* Takes every step from a state; returns a number of all that they did and led to. */
static uint64_t take_steps(uint32_t state, bool enter)
{
	static struct step step;
	uint32_t callbacks = state_callbacks(state);
	uint64_t before[2 * MOST_OBJECTS];
	uint64_t digest = 1;

	state_load(state);
	memcpy(before, registered, sizeof(before));
	for (int number = 0; number < plan.operation_count; number++) {
		const struct operation *operation = &plan.operations[number];
		struct choices choices = {.count = 0};

		if (!is_taken(operation, before, plan.unusual[callbacks]))
			continue;
		do {
			struct way_step by;
			uint32_t record, to = NO_STATE;

			state_load(state);
			run_operation(operation, &choices, &step);
			by = (struct way_step){(uint16_t)number, choices_pack(&choices)};
			record = record_of(before, plan.callbacks[callbacks], number, &step, state, by.choices);
			if (enter)
				count->steps++;
			if (step.end == RETURNED && record_verdict(record) != WRONG) {
				keep_account(operation, &step);
				to = follow(callbacks, state, by, enter);
			} else if (enter) {
				count->wrong++;
			}
			digest = mix(mix(digest, record), to);
		} while (choices_next(&choices));
	}
	return digest;
}

size_t way_to(uint32_t state, struct way_step *way)
{
	size_t length = node_of(state)->depth;

	for (size_t at = length; at-- > 0; state = nodes[state].before)
		way[at] = nodes[state].by;
	return length;
}

uint64_t way_run(uint32_t callbacks, const struct way_step *way, size_t length,
		 void (*tell)(int operation, const struct step *step))
{
	static struct step step;
	uint64_t digest = 1;

	states_put_beginning(callbacks);
	for (size_t at = 0; at < length; at++) {
		const struct operation *operation = &plan.operations[way[at].operation];
		struct choices choices;

		choices_unpack(&choices, way[at].choices);
		run_operation(operation, &choices, &step);
		keep_account(operation, &step);
		if (tell)
			tell(way[at].operation, &step);
		digest = mix(digest, step_digest(&step));
		if (step.end != RETURNED)
			return digest;
	}
	return mix(digest, memory_digest());
}

/* A few states of a level. False when it cannot be settled which of their steps are right. */
static bool take_states(uint32_t from, uint32_t to)
{
	struct walked before = *count;
	uint32_t behind = state_count;

	for (int attempt = 0; attempt < 4; attempt++) {
		uint32_t judged = record_count;

		for (uint32_t state = from; state < to && !states_outgrown; state++) {
			/* Not into the node at once: the nodes may move. */
			uint64_t digest = take_steps(state, true);

			node_of(state)->steps_digest = digest;
		}
		if (record_count == judged)
			return true;
		judge_records(judged);

		bool wrong = false;

		for (uint32_t record = judged; record < record_count; record++)
			wrong |= record_verdict(record) == WRONG;
		if (!wrong)
			return true;
		states_drop(behind);
		states_outgrown = NULL;
		*count = before;
	}
	return false;
}

/* Goes through states again, the last first: what they do now must be what they did then. */
static void walk_again(void)
{
	uint32_t stride = state_count / MOST_AGAIN + 1;

	for (uint32_t i = state_count; i-- > 0 && !count->unstable;) {
		if (i % stride)
			continue;
		count->again++;
		if (take_steps(i, false) != nodes[i].steps_digest)
			count->unstable = "a state did not do the same when it was gone through a second time";
	}
}

/* Runs the ways of records in new processes: what they do there must be what they do here. */
static void run_pristine(void)
{
	static struct way_step way[LONGEST_WAY];
	uint32_t stride = record_count / MOST_PRISTINE + 1;

	for (uint32_t i = 0; i < record_count && !count->unstable; i += stride) {
		uint32_t state;
		int operation;
		uint16_t choices;

		record_way(i, &state, &operation, &choices);

		size_t length = way_to(state, way);
		uint32_t callbacks = state_callbacks(state);

		way[length++] = (struct way_step){(uint16_t)operation, choices};
		count->pristine++;
		if (pristine_run(callbacks, way, length) != way_run(callbacks, way, length, NULL))
			count->unstable = "a program did not do the same in a new process";
	}
}

void walk(struct walked *walked)
{
	count = walked;
	for (uint32_t i = 0; i < plan.callbacks_count; i++) {
		bool is_new;

		states_put_beginning(i);

		uint32_t state = state_enter(i, &is_new);

		if (state == NO_STATE)
			give_up("there are more sets of callbacks than states can be kept");
		*node_of(state) = (struct node){.before = NO_STATE};
	}

	for (uint32_t next = 0; next < state_count && !states_outgrown && !standin_outgrown;) {
		uint32_t last = state_count - next > AT_ONCE ? next + AT_ONCE : state_count;

		if (!take_states(next, last)) {
			walked->unstable = "a state did not do the same when its operations were run again";
			return;
		}
		if (nodes[next].depth >= LONGEST_WAY - 2)
			states_outgrown = "the shortest way to a state is longer than can be kept";
		next = last;
	}
	walked->closed = !states_outgrown && !standin_outgrown;
	walked->depth = state_count ? nodes[state_count - 1].depth : 0;
	if (!walked->closed)
		return;
	run_pristine();
	walk_again();
}
