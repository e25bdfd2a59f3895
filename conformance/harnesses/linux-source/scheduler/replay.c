/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* One order of going on, again, and what happens in it, as a JSON array with an element a move. */
#include "scheduler.h"

#include <stdio.h>
#include <string.h>

static uint64_t mix(uint64_t digest, uint64_t number)
{
	digest = (digest ^ number) * 0xff51afd7ed558ccdull;
	return digest ^ digest >> 32;
}

static const char *const points[] = {
	[POINT_LOCK] = "lock",	 [POINT_UNLOCK] = "unlock",	[POINT_ARRAY] = "array", [POINT_READ] = "read",
	[POINT_WRITE] = "write", [POINT_CALLBACK] = "callback", [POINT_LEFT] = "left",	 [POINT_RESULT] = "result",
};

static void tell_place(const struct lane *lane)
{
	printf("\"point\":\"%s\"", points[lane->point]);
	if (lane->at)
		printf(",\"at\":\"%lx\"", (unsigned long)lane->at);
	if (lane->from)
		printf(",\"from\":\"%lx\"", (unsigned long)lane->from);
}

/* A lane's point says what it is about to do; so the move that goes on from there has done it. */
static void tell_move(struct move move, const struct lane *before, bool first)
{
	const struct member *member = &episode.members[lanes[move.lane].member];

	printf("%s{\"lane\":%d", first ? "" : ",", move.lane);
	if (move.what >= 0) {
		printf(",\"call\":%d", move.what);
	} else {
		putchar(',');
		tell_place(before);
		if (before->point == POINT_CALLBACK)
			printf(",\"callback\":%d,\"object\":%d,\"counterpart\":%d", (int)lane_event.what, lane_event.object,
			       lane_event.counterpart);
		if (before->point == POINT_RESULT)
			printf(",\"result\":%d", move.what == -1 ? 0 : plan.results[-2 - move.what]);
	}
	if (!broken && !lanes[move.lane].busy)
		printf(",\"status\":%d", member->status);
	putchar('}');
}

static void tell_waiting(void)
{
	bool first = true;

	printf("],\"waiting\":[");
	for (int i = 0; i < bounds.lanes; i++) {
		if (broken || !lanes[i].busy)
			continue;
		printf("%s{\"lane\":%d,", first ? "" : ",", i);
		tell_place(&lanes[i]);
		putchar('}');
		first = false;
	}
	putchar(']');
}

uint64_t replay(const struct way_step *way, size_t length, const struct move *moves, int count, bool tell,
		const char **what)
{
	void *places[2] = {NULL, NULL};
	bool is_new, first = true;
	uint64_t digest = 1;
	uint32_t root;

	/* The way, one operation after the other. */
	states_put_beginning(0);
	for (size_t i = 0; i < length; i++) {
		lanes_reset();
		episode.count = 1;
		episode.members[0] = (struct member){.operation = way[i].operation};
		choices_unpack(&episode.members[0].choices, way[i].choices);
		member_alone(0);
		if (broken)
			give_up("the way to a schedule does not do the same again: %s", broken);
	}
	root = state_enter(0, &is_new);
	lanes_reset();
	broken = NULL;
	if (tell)
		printf("\"steps\":[");
	for (int i = 0; i < count && !broken; i++) {
		int lane = moves[i].lane;
		struct lane before;

		if (lane < 0 || lane >= bounds.lanes ||
		    (moves[i].what >= 0 ? !may_call(lane, moves[i].what) : !lane_can_go(lane)))
			give_up("the schedule cannot go on as it says at its move %d", i + 1);
		before = lanes[lane];
		if (moves[i].what >= 0)
			lane_call(lane, moves[i].what);
		else
			lane_go(lane, -1 - moves[i].what);
		if (tell)
			tell_move(moves[i], &before, first);
		first = false;
		digest = mix(mix(digest, memory_digest()), episode.log);
	}
	if (tell)
		tell_waiting();
	*what = broken ? broken : look(root, places);
	for (const char *at = *what ? *what : ""; *at; at++)
		digest = mix(digest, (unsigned char)*at);
	return digest;
}
