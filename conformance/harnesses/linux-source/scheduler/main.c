/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Speaks with the kit: numbers in, JSON out.
 *
 * In: the plan, as ../closure/plan.c has it; then
 *     LANES OPERATIONS_OF_EACH SAME_OBJECT MOST_STATES MOST_FINDINGS
 *     0, to explore; or to replay, how often, and
 *         the number of operations before, and for each NUMBER CHOICES
 *         the number of moves, and for each LANE WHAT; see struct move
 *
 * Out: one object, with findings when exploring; when replaying, what the schedule does and whether always the same.
 */
#include "scheduler.h"

#include <stdio.h>

struct bounds bounds;

static struct way_step way[LONGEST_WAY];

static void tell_finding(const struct finding *finding, bool first)
{
	size_t length = root_way(finding->root, way);
	const char *what;

	printf("%s{\"what\":\"%s\",\"way\":[", first ? "" : ",", finding->what);
	for (size_t i = 0; i < length; i++)
		printf("%s[%d,%d]", i ? "," : "", way[i].operation, way[i].choices);
	printf("],\"moves\":[");
	for (int i = 0; i < finding->move_count; i++)
		printf("%s[%d,%d]", i ? "," : "", finding->moves[i].lane, finding->moves[i].what);
	printf("],");
	replay(way, length, finding->moves, finding->move_count, true, &what);
	printf(",\"again\":\"%s\"}", what ? what : "nothing is wrong");
}

static void serve_explore(void)
{
	struct explored explored = {.complete = false};

	explore(&explored);
	printf("{\"complete\":%s,\"roots\":%u,\"states\":%llu,\"schedules\":%.17g,\"programs\":%llu,\"depth\":%d",
	       explored.complete ? "true" : "false", explored.roots, (unsigned long long)explored.states, explored.schedules,
	       (unsigned long long)explored.programs, explored.depth);
	if (explored.reason)
		printf(",\"reason\":\"%s\"", explored.reason);
	printf(",\"findings\":[");
	for (int i = 0; i < explored.finding_count; i++)
		tell_finding(&explored.findings[i], i == 0);
	printf("]}\n");
}

static void serve_replay(int times)
{
	static struct move moves[MOST_MOVES];
	size_t length = (size_t)plan_number(0, LONGEST_WAY);
	int same = 0, count;
	uint64_t first = 0;
	const char *what = NULL;

	for (size_t i = 0; i < length; i++) {
		way[i].operation = (uint16_t)plan_number(0, plan.operation_count - 1);
		way[i].choices = (uint16_t)plan_number(0, UINT16_MAX);
	}
	count = (int)plan_number(0, MOST_MOVES);
	for (int i = 0; i < count; i++) {
		moves[i].lane = (int)plan_number(0, bounds.lanes - 1);
		moves[i].what = (int)plan_number(-1 - plan.result_count, plan.operation_count - 1);
	}
	printf("{");
	for (int i = 0; i < times; i++) {
		uint64_t digest = replay(way, length, moves, count, i == 0, &what);

		if (i == 0)
			first = digest;
		same += digest == first;
	}
	printf(",\"again\":\"%s\",\"times\":%d,\"same\":%d}\n", what ? what : "nothing is wrong", times, same);
}

int main(void)
{
	plan_read();
	bounds.lanes = (int)plan_number(1, MOST_LANES);
	bounds.each = (int)plan_number(1, MOST_EPISODE / bounds.lanes);
	bounds.same_object = plan_number(0, 1);
	bounds.most_states = (uint32_t)plan_number(1, UINT32_MAX);
	bounds.most_findings = (int)plan_number(1, 1000);

	int times = (int)plan_number(0, 1000000);

	memory_begin();
	states_begin();
	lanes_begin();
	if (times)
		serve_replay(times);
	else
		serve_explore();
	return 0;
}
