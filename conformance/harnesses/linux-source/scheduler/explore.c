/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * From a state in which no lane is in an operation (a root), every order of going on, until no lane is in one again: an
 * episode. The state in which it ends is a root, too. Lanes that are all idle are at the beginning of an episode, so
 * within one a lane calls only while another is in an operation; what comes otherwise is another root's.
 *
 * When exactly a lane calls matters in two ways only: what had returned by then, and from when on it can go on. So lanes
 * call at the beginning, and when something has just returned, or not yet: to call in between is to call earlier and
 * not to go on.
 *
 * A state within an episode, of those in which there is a choice, is memory, where each lane is and what it saw, and what was done. States that were seen are
 * known by a hash of 128 bits; the number of schedules is counted on the way back.
 */
#include "scheduler.h"

#include <stdlib.h>
#include <string.h>

struct snapshot {
	size_t words;
	uint64_t *memory;
	struct lane lanes[MOST_LANES];
	struct episode episode;
	char *stacks[MOST_LANES];
	size_t stack_sizes[MOST_LANES];
	size_t stack_rooms[MOST_LANES];
};

static struct snapshot snapshots[MOST_MOVES];
static struct move moves[MOST_MOVES];
static struct explored *result;
static uint32_t root;

/* How a root was first reached: from another, by operations one after the other. */
static struct root {
	uint32_t before;
	uint8_t count;
	struct way_step by[MOST_EPISODE];
} *roots;
static uint32_t root_room;

static struct seen {
	uint64_t one, other;
	double schedules;
} *table;
static size_t table_mask, table_count;

/* Programs of a root, by the operations of each lane. */
static uint64_t *programs;
static size_t programs_mask, programs_count;

static bool stopped;

static void save(int depth)
{
	struct snapshot *to = &snapshots[depth];

	memory_take();
	to->words = memory_words();
	to->memory = need(realloc(to->memory, (to->words + 64) * sizeof(uint64_t)));
	memcpy(to->memory, memory_image, to->words * sizeof(uint64_t));
	to->episode = episode;
	for (int i = 0; i < bounds.lanes; i++) {
		char *from;

		to->lanes[i] = lanes[i];
		to->stack_sizes[i] = 0;
		if (!lanes[i].busy)
			continue;
		to->stack_sizes[i] = lanes_stack(i, &from);
		if (to->stack_rooms[i] < to->stack_sizes[i]) {
			to->stack_rooms[i] = to->stack_sizes[i];
			to->stacks[i] = need(realloc(to->stacks[i], to->stack_rooms[i]));
		}
		memcpy(to->stacks[i], from, to->stack_sizes[i]);
	}
}

static void load(int depth)
{
	const struct snapshot *from = &snapshots[depth];
	size_t words = memory_words();

	memset(memory_image, 0, words * sizeof(uint64_t));
	memcpy(memory_image, from->memory, from->words * sizeof(uint64_t));
	memory_put();
	episode = from->episode;
	for (int i = 0; i < bounds.lanes; i++) {
		char *to;

		lanes[i] = from->lanes[i];
		if (!lanes[i].busy)
			continue;
		lanes_stack(i, &to);
		memcpy(to, from->stacks[i], from->stack_sizes[i]);
	}
}

static uint64_t mix(uint64_t digest, uint64_t number)
{
	digest = (digest ^ number) * 0xff51afd7ed558ccdull;
	return digest ^ digest >> 32;
}

/* Two numbers of the state, of 64 bits each. The memory was taken by save(). */
static void name_state(int depth, uint64_t *one, uint64_t *other)
{
	const struct snapshot *state = &snapshots[depth];
	uint64_t a = 1, b = 2;
#define PUT(number)                          \
	do {                                 \
		uint64_t n = (uint64_t)(number); \
		a = mix(a, n);               \
		b = mix(b, n + 0x9e3779b97f4a7c15ull); \
	} while (0)

	for (size_t i = 0; i < state->words; i++)
		if (state->memory[i]) {
			PUT(i);
			PUT(state->memory[i]);
		}
	for (int i = 0; i < bounds.lanes; i++) {
		const struct lane *lane = &lanes[i];

		PUT((unsigned int)lane->begun << 8 | (unsigned int)lane->busy);
		if (!lane->busy)
			continue;
		PUT((unsigned int)lane->member << 16 | (unsigned int)lane->point << 4 | (unsigned int)lane->in_callback << 1 |
		    (unsigned int)lane->has_called);
		PUT(lane->seen);
		PUT(lane->steps);
		PUT((uintptr_t)lane->at);
		PUT((uintptr_t)lane->from);
	}
	for (int i = 0; i < episode.count; i++) {
		const struct member *member = &episode.members[i];

		PUT((uint64_t)member->operation << 32 | (uint64_t)member->after << 16 | (uint64_t)member->lane << 8 |
		    (uint64_t)member->returned << 4 | (uint64_t)member->choices.count);
		PUT(choices_pack(&member->choices));
		PUT((uint32_t)member->status);
	}
	PUT(episode.log);
	PUT(((uint64_t)(episode.last_caller + 1) << 2) | (uint64_t)episode.open << 1 | (uint64_t)episode.fresh);
#undef PUT
	*one = a ? a : 1;
	*other = b;
}

static struct seen *seen_at(uint64_t one, uint64_t other)
{
	size_t slot = one & table_mask;

	while (table[slot].one && (table[slot].one != one || table[slot].other != other))
		slot = (slot + 1) & table_mask;
	return &table[slot];
}

static void grow_table(void)
{
	struct seen *old = table;
	size_t size = table ? table_mask + 1 : 0;

	table_mask = size ? 2 * size - 1 : (1 << 16) - 1;
	table = need(calloc(table_mask + 1, sizeof(*table)));
	for (size_t i = 0; i < size; i++)
		if (old[i].one)
			*seen_at(old[i].one, old[i].other) = old[i];
	free(old);
}

static void note_program(void)
{
	uint64_t name = 1;

	for (int lane = 0; lane < bounds.lanes; lane++) {
		name = mix(name, 77);
		for (int i = 0; i < episode.count; i++)
			if (episode.members[i].lane == lane)
				name = mix(name, (uint64_t)episode.members[i].operation + 1);
	}
	if (4 * programs_count >= 3 * programs_mask) {
		uint64_t *old = programs;
		size_t size = programs ? programs_mask + 1 : 0;

		programs_mask = size ? 2 * size - 1 : (1 << 12) - 1;
		programs = need(calloc(programs_mask + 1, sizeof(*programs)));
		for (size_t i = 0; i < size; i++) {
			size_t slot = old[i] & programs_mask;

			while (old[i] && programs[slot])
				slot = (slot + 1) & programs_mask;
			if (old[i])
				programs[slot] = old[i];
		}
		free(old);
	}

	size_t slot = name & programs_mask;

	while (programs[slot] && programs[slot] != name)
		slot = (slot + 1) & programs_mask;
	if (!programs[slot]) {
		programs[slot] = name;
		programs_count++;
	}
}

bool lanes_race(int one, int other)
{
	const struct lane *a = &lanes[one], *b = &lanes[other];
	bool writes = a->point == POINT_WRITE || b->point == POINT_WRITE;

	if (!a->busy || !b->busy || !writes || (a->marked && b->marked))
		return false;
	if (a->point != POINT_READ && a->point != POINT_WRITE)
		return false;
	if (b->point != POINT_READ && b->point != POINT_WRITE)
		return false;
	return (char *)a->at < (char *)b->at + b->size && (char *)b->at < (char *)a->at + a->size;
}

bool all_idle(void)
{
	for (int i = 0; i < bounds.lanes; i++)
		if (lanes[i].busy)
			return false;
	return true;
}

const char *look(uint32_t from, void **places)
{
	static struct way_step way[MOST_EPISODE];
	bool can_go = false;

	for (int a = 0; a < bounds.lanes; a++) {
		can_go |= lane_can_go(a);
		for (int b = a + 1; b < bounds.lanes; b++)
			if (lanes_race(a, b)) {
				places[0] = lanes[a].from < lanes[b].from ? lanes[a].from : lanes[b].from;
				places[1] = lanes[a].from < lanes[b].from ? lanes[b].from : lanes[a].from;
				return "data race";
			}
	}
	if (!all_idle())
		return can_go ? NULL : "deadlock: each lane waits for a lock that another holds";
	if (!episode.count)
		return NULL;
	if (standin_holds_locks())
		return "a lock is held, though every operation has returned";
	if (!explain(from, way))
		return "no order of the operations explains what they did";

	bool is_new;
	uint32_t to = state_enter(0, &is_new);

	if (to == NO_STATE)
		return NULL;
	if (to >= root_room) {
		root_room = 2 * to + 64;
		roots = need(realloc(roots, root_room * sizeof(*roots)));
	}
	if (is_new) {
		roots[to].before = from;
		roots[to].count = (uint8_t)episode.count;
		memcpy(roots[to].by, way, sizeof(way));
	}
	return NULL;
}

static void found(const char *what, void **places, int count)
{
	for (int i = 0; i < result->finding_count; i++) {
		const struct finding *known = &result->findings[i];

		if (!strcmp(known->what, what) && known->places[0] == places[0] && known->places[1] == places[1])
			return;
	}
	result->findings = need(realloc(result->findings, (size_t)(result->finding_count + 1) * sizeof(*result->findings)));

	struct finding *finding = &result->findings[result->finding_count++];

	*finding = (struct finding){.what = what, .places = {places[0], places[1]}, .root = root, .move_count = count};
	memcpy(finding->moves, moves, (size_t)count * sizeof(*moves));
	if (result->finding_count >= bounds.most_findings)
		stopped = true;
}

bool may_call(int number, int operation_number)
{
	const struct operation *operation = &plan.operations[operation_number];
	bool registers = operation->kind == REGISTER_PRODUCER || operation->kind == REGISTER_CONSUMER;

	if (lanes[number].busy || lanes[number].begun == bounds.each || episode.count == MOST_EPISODE)
		return false;
	if (!episode.open || (episode.count && all_idle()))
		return false;
	/* Lanes that have done nothing yet are all the same, and it is the same which of them calls what at the beginning. */
	for (int i = 0; i < number && !lanes[number].begun; i++)
		if (!lanes[i].begun)
			return false;
	if (episode.fresh && episode.count && operation_number < episode.members[episode.count - 1].operation)
		return false;
	for (int i = 0; i < bounds.lanes && !bounds.same_object; i++)
		if (lanes[i].busy && plan.operations[episode.members[lanes[i].member].operation].object == operation->object)
			return false;
	return registers == !registered[operation->object];
}

static double explore_from(int depth);

/* After a move: what came of it. Returns the number of schedules that go through here. */
static double after_move(int depth)
{
	void *places[2] = {NULL, NULL};

	if (broken) {
		found(broken, places, depth + 1);
		return 1;
	}
	return explore_from(depth + 1);
}

static bool any_may_call(void)
{
	for (int lane = 0; lane < bounds.lanes && episode.open; lane++)
		for (int operation = 0; operation < plan.operation_count; operation++)
			if (may_call(lane, operation))
				return true;
	return false;
}

/* The one lane that can go on, in one way only, while no other can do anything; -1 where there is a choice. */
static int only_lane(void)
{
	int only = -1;

	for (int lane = 0; lane < bounds.lanes; lane++) {
		if (!lane_can_go(lane))
			continue;
		if (only >= 0 || (lanes[lane].point == POINT_RESULT && plan.result_count))
			return -1;
		only = lane;
	}
	return any_may_call() ? -1 : only;
}

static double explore_from(int depth)
{
	void *places[2] = {NULL, NULL};
	uint64_t one, other;
	double schedules = 0;
	const char *wrong;

	/* Where there is no choice there is nothing to come back to, and nothing to keep. */
	for (int lane; depth < MOST_MOVES - 1 && (lane = only_lane()) >= 0; depth++) {
		moves[depth] = (struct move){lane, -1};
		lane_go(lane, 0);
		if (broken) {
			found(broken, places, depth + 1);
			return 1;
		}
	}
	if (depth > result->depth)
		result->depth = depth;
	if (depth >= MOST_MOVES - 1) {
		found("it does not come to an end", places, depth);
		return 1;
	}
	save(depth);
	name_state(depth, &one, &other);

	const struct seen *known = seen_at(one, other);

	if (known->one)
		return known->schedules;
	if (2 * ++table_count > table_mask)
		grow_table();
	*seen_at(one, other) = (struct seen){one, other, 0};
	if (++result->states == bounds.most_states) {
		result->reason = "there are more states than were to be explored";
		stopped = true;
	}
	if (all_idle() && episode.count)
		note_program();
	wrong = look(root, places);
	if (wrong)
		found(wrong, places, depth);
	if (all_idle() && episode.count) {
		seen_at(one, other)->schedules = 1;
		return 1;
	}

	/* The lane that went on last goes on first, so that what is found first changes lanes seldom. */
	int last = depth ? moves[depth - 1].lane : 0;

	for (int i = 0; i < bounds.lanes && !stopped; i++) {
		int lane = (last + i) % bounds.lanes;

		if (lanes[lane].busy) {
			int most = lanes[lane].point == POINT_RESULT ? plan.result_count : 0;

			if (!lane_can_go(lane))
				continue;
			for (int choice = 0; choice <= most && !stopped; choice++) {
				moves[depth] = (struct move){lane, -1 - choice};
				lane_go(lane, choice);
				schedules += after_move(depth);
				load(depth);
			}
			continue;
		}
		for (int operation = 0; operation < plan.operation_count && !stopped; operation++) {
			if (!may_call(lane, operation))
				continue;
			moves[depth] = (struct move){lane, operation};
			lane_call(lane, operation);
			schedules += after_move(depth);
			load(depth);
		}
	}
	seen_at(one, other)->schedules = schedules;
	return schedules;
}

void explore(struct explored *explored)
{
	bool is_new;

	result = explored;
	states_put_beginning(0);
	state_enter(0, &is_new);
	roots = need(malloc(sizeof(*roots)));
	root_room = 1;
	roots[0] = (struct root){.before = NO_STATE};
	for (root = 0; root < state_count && !stopped; root++) {
		state_load(root);
		lanes_reset();
		free(table);
		table = NULL;
		table_count = 0;
		grow_table();
		if (programs)
			memset(programs, 0, (programs_mask + 1) * sizeof(*programs));
		programs_count = 0;
		explored->schedules += explore_from(0);
		explored->programs += programs_count;
	}
	explored->roots = root;
	if (states_outgrown || standin_outgrown)
		explored->reason = states_outgrown ? states_outgrown : "the manager allocates ever more memory";
	explored->complete = !stopped && !explored->reason;
}

size_t root_way(uint32_t to, struct way_step *way)
{
	size_t length = 0, at;

	for (uint32_t state = to; roots[state].before != NO_STATE; state = roots[state].before)
		length += roots[state].count;
	at = length;
	for (uint32_t state = to; roots[state].before != NO_STATE; state = roots[state].before) {
		at -= roots[state].count;
		memcpy(way + at, roots[state].by, roots[state].count * sizeof(*way));
	}
	return length;
}
