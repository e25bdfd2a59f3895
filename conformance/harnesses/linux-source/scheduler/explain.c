/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Linearizable: one order of the operations, one after the other, does the same. Where an operation had returned before
 * another was called, the order has it first. "The same" is the statuses, all callbacks in their order, and the memory.
 * What operations do one after the other is judged by the rules; the closure shows that it is right.
 */
#include "scheduler.h"

#include <string.h>

static struct episode done;
static uint64_t memory_done;
static uint32_t root_state;

static bool try_orders(unsigned int taken, int count, int *order, struct way_step *way)
{
	if (count == done.count) {
		state_load(root_state);
		lanes_reset();
		episode.count = done.count;
		for (int i = 0; i < count; i++) {
			struct member *member = &episode.members[order[i]];

			*member = done.members[order[i]];
			member->status = 0;
			member_alone(order[i]);
			if (broken || member->status != done.members[order[i]].status)
				return false;
			way[i] = (struct way_step){(uint16_t)member->operation, choices_pack(&member->choices)};
		}
		return episode.log == done.log && memory_digest() == memory_done;
	}
	for (int i = 0; i < done.count; i++) {
		if (taken >> i & 1 || (done.members[i].after & ~taken))
			continue;
		order[count] = i;
		if (try_orders(taken | 1u << i, count + 1, order, way))
			return true;
	}
	return false;
}

bool explain(uint32_t root, struct way_step *way)
{
	int order[MOST_EPISODE];
	bool found;

	done = episode;
	memory_done = memory_digest();
	root_state = root;
	found = try_orders(0, 0, order, way);
	broken = NULL;
	return found;
}
