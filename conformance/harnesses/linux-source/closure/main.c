/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Speaks with the kit: numbers in, JSON lines out.
 *
 *     kit                                     here
 *     the plan  ─────────────────────────────>
 *              <───── {"record": ...} for each record of a level, then {"judge": how many}
 *     0 or 1 for each, 1 for right  ─────────>      ... level by level
 *              <───── {"closed": ...}, and the end
 */
#include "closure.h"

#include <stdio.h>

static void tell_text(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			putchar('\\');
		putchar(c < 0x20 || c >= 0x7f ? '?' : c);
	}
	putchar('"');
}

static const char *const ends[] = {[RETURNED] = "return", [CRASHED] = "crash", [HUNG] = "hang"};
static bool first_step;

/* [operation, [events], "return", status] or [operation, [events], "crash" or "hang", detail]. */
static void tell_step(int operation, const struct step *step)
{
	printf("%s[%d,[", first_step ? "" : ",", operation);
	first_step = false;
	for (int i = 0; i < step->event_count; i++) {
		const struct event *event = &step->events[i];

		printf("%s[%d,", i ? "," : "", (int)event->what);
		if (event->what == LOGGED) {
			tell_text(event->level);
			putchar(',');
			tell_text(event->text);
		} else {
			printf("%d,%d,%d,%d", event->object, event->counterpart, event->irq, event->result);
		}
		putchar(']');
	}
	printf("],\"%s\",", ends[step->end]);
	if (step->end == RETURNED)
		printf("%d", step->status);
	else
		tell_text(step->detail);
	putchar(']');
}

void judge_records(uint32_t from)
{
	static struct way_step way[LONGEST_WAY];

	for (uint32_t record = from; record < record_count; record++) {
		uint32_t state;
		int operation;
		uint16_t choices;

		record_way(record, &state, &operation, &choices);

		size_t length = way_to(state, way);

		way[length++] = (struct way_step){(uint16_t)operation, choices};
		printf("{\"record\":%u,\"callbacks\":%u,\"steps\":[", record, state_callbacks(state));
		first_step = true;
		way_run(state_callbacks(state), way, length, tell_step);
		printf("]}\n");
	}
	printf("{\"judge\":%u}\n", record_count - from);
	fflush(stdout);
	for (uint32_t record = from; record < record_count; record++)
		record_judge(record, plan_number(0, 1));
}

int main(void)
{
	static char buffer[1 << 20];
	struct walked walked = {.closed = false};

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	plan_read();
	memory_begin();
	states_begin();
	pristine_begin();
	records_begin();
	run_begin();
	walk(&walked);

	const char *outgrown = standin_outgrown ? "the manager allocates ever more memory" : states_outgrown;

	printf("{\"closed\":%s,\"states\":%u,\"withAccount\":%u,\"steps\":%llu,\"wrong\":%llu,\"records\":%u,\"depth\":%d,"
	       "\"again\":%u,\"pristine\":%u,\"bytes\":%zu",
	       walked.closed ? "true" : "false", states_of_manager(), state_count, (unsigned long long)walked.steps,
	       (unsigned long long)walked.wrong, record_count, walked.depth, walked.again, walked.pristine, states_bytes());
	if (outgrown) {
		printf(",\"outgrown\":");
		tell_text(outgrown);
		if (states_outgrown_at)
			printf(",\"at\":\"%lx\"", (unsigned long)states_outgrown_at);
	}
	if (walked.unstable) {
		printf(",\"unstable\":");
		tell_text(walked.unstable);
	}
	printf("}\n");
	fflush(stdout);
	return 0;
}
