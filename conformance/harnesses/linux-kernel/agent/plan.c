// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Reads a program out of the shared memory. What init wrote there is checked: the kernel must not fall for it. */
#include <linux/kernel.h>
#include <linux/types.h>

#include "agent-internal.h"

static bool fits(const struct agent_operation *operation, const struct agent_object *planned, u32 count)
{
	bool is_producer;

	if (operation->object >= count || operation->kind > AGENT_WIPE_OBJECT)
		return false;
	is_producer = planned[operation->object].is_producer;
	switch (operation->kind) {
	case AGENT_REGISTER_PRODUCER:
	case AGENT_UNREGISTER_PRODUCER:
		return is_producer;
	case AGENT_REGISTER_CONSUMER:
	case AGENT_UNREGISTER_CONSUMER:
		return !is_producer;
	}
	return true;
}

static bool within(u64 first, u64 count, u64 all)
{
	return first + count <= all;
}

bool plan_read(struct plan *plan)
{
	const struct agent_program *program = (const void *)memory->program;
	u64 end = sizeof(*program);
	unsigned int i;

	plan->program = program;
	plan->objects = (const void *)(program + 1);
	end += (u64)program->object_count * sizeof(struct agent_object);
	plan->results = (const void *)(plan->objects + program->object_count);
	end += (u64)program->result_count * sizeof(s32);
	plan->reentries = (const void *)(plan->results + program->result_count);
	end += (u64)program->reentry_count * sizeof(struct agent_reentry);
	plan->lanes = (const void *)(plan->reentries + program->reentry_count);
	end += (u64)program->lane_count * sizeof(struct agent_lane);
	plan->operations = (const void *)(plan->lanes + program->lane_count);
	end += (u64)program->operation_count * sizeof(struct agent_operation);
	plan->gates = (const void *)(plan->operations + program->operation_count);
	end += (u64)program->gate_count * sizeof(struct agent_gate);
	if (end > AGENT_PROGRAM_SIZE || program->object_count > AGENT_MOST_OBJECTS ||
	    program->lane_count > AGENT_MOST_LANES || program->gate_count > AGENT_MOST_GATES)
		return false;
	for (i = 0; i < program->object_count; i++) {
		const struct agent_object *planned = &plan->objects[i];

		if (!within(planned->first_result, planned->result_count, program->result_count) ||
		    !within(planned->first_reentry, planned->reentry_count, program->reentry_count))
			return false;
	}
	for (i = 0; i < program->reentry_count; i++)
		if (!fits(&plan->reentries[i].operation, plan->objects, program->object_count))
			return false;
	for (i = 0; i < program->lane_count; i++)
		if (!within(plan->lanes[i].first_operation, plan->lanes[i].operation_count, program->operation_count))
			return false;
	for (i = 0; i < program->operation_count; i++)
		if (!fits(&plan->operations[i], plan->objects, program->object_count))
			return false;
	for (i = 0; i < program->gate_count; i++)
		if (plan->gates[i].lane >= program->lane_count)
			return false;
	return true;
}
