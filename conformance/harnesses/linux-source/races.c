/* SPDX-License-Identifier: MIT */
/*
 * What ThreadSanitizer tells of data races, as events of the trace. It is part of the program that is compiled for it, in
 * which the manager and its caller report their accesses.
 *
 *     an access that races ──> __tsan_on_report() in the lane that made it ──> races_tell() once the operation is over
 */
#include "standin.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Of libtsan; its header declares less. */
int __tsan_get_report_data(void *report, const char **description, int *count, int *stacks, int *accesses, int *locations,
			   int *mutexes, int *threads, int *tids, void **sleep, unsigned long sleep_size);
int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size, int *write, int *atomic,
			  void **trace, unsigned long trace_size);
void __sanitizer_symbolize_pc(void *pc, const char *format, char *text, size_t size);
void __tsan_on_report(void *report);
const char *__tsan_default_options(void);

#define MOST_RACES 4
#define PLACE_SIZE 160
#define FRAMES 8

/* Races that the calling lane has met in its operation. */
static _Thread_local char races[MOST_RACES][2 * PLACE_SIZE + 32];
static _Thread_local int race_count;

/* A race is told in each program that has it, and what else the sanitizer looks for has rules of its own. */
const char *__tsan_default_options(void)
{
	return "suppress_equal_stacks=0:suppress_equal_addresses=0:report_mutex_bugs=0:report_destroy_locked=0:"
	       "report_thread_leaks=0:report_signal_unsafe=0:detect_deadlocks=0:handle_segv=0:exitcode=0";
}

/* Accesses that the source marks, as by READ_ONCE(), do not race among themselves; here they do not race at all. */
#define MARKED(size)                                    \
	void __tsan_volatile_read##size(void *at);      \
	void __tsan_volatile_write##size(void *at);     \
	void __tsan_volatile_read##size(void *at)       \
	{                                               \
		(void)at;                               \
	}                                               \
	void __tsan_volatile_write##size(void *at)      \
	{                                               \
		(void)at;                               \
	}

MARKED(1)
MARKED(2)
MARKED(4)
MARKED(8)
MARKED(16)

/* The file, the line and the function of a place, without folders. A place in the manager is better than one inlined there. */
static bool place_of(void *pc, char *place, size_t size)
{
	char frames[1024] = "", found[PLACE_SIZE] = "";

	__sanitizer_symbolize_pc(pc, "%s:%l %f", frames, sizeof(frames) - 1);
	for (const char *frame = frames; *frame && frame < frames + sizeof(frames); frame += strlen(frame) + 1) {
		const char *folders = strrchr(frame, '/');

		snprintf(found, sizeof(found), "%s", folders ? folders + 1 : frame);
		if (!strncmp(found, "irqbypass.c:", strlen("irqbypass.c:")))
			break;
	}
	if (!*found)
		return false;
	snprintf(place, size, "%s", found);
	return true;
}

struct access {
	bool writes;
	char place[PLACE_SIZE];
};

static bool access_of(void *report, unsigned long index, struct access *access)
{
	void *trace[FRAMES] = {NULL}, *address;
	int tid, size, write, atomic;

	if (!__tsan_get_report_mop(report, index, &tid, &address, &size, &write, &atomic, trace, FRAMES))
		return false;
	access->writes = write;
	return trace[0] && place_of(trace[0], access->place, sizeof(access->place));
}

static const char *verb_of(const struct access *access)
{
	return access->writes ? "writes" : "reads";
}

/* The same two accesses are one race, whichever came first. */
static bool is_before(const struct access *one, const struct access *other)
{
	int order = strcmp(one->place, other->place);

	return order ? order < 0 : one->writes > other->writes;
}

void __tsan_on_report(void *report)
{
	const char *description = "";
	int count, stacks, accesses = 0, locations, mutexes, threads, tids;
	void *sleep[1];
	struct access both[2];

	__tsan_get_report_data(report, &description, &count, &stacks, &accesses, &locations, &mutexes, &threads, &tids, sleep, 1);
	if (accesses < 2 || race_count == MOST_RACES)
		return;
	for (unsigned long i = 0; i < 2; i++) {
		both[i].place[0] = '\0';
		if (!access_of(report, i, &both[i]))
			snprintf(both[i].place, sizeof(both[i].place), "a place that is not known");
	}

	bool in_order = is_before(&both[0], &both[1]);
	const struct access *first = &both[in_order ? 0 : 1], *second = &both[in_order ? 1 : 0];

	snprintf(races[race_count++], sizeof(races[0]), "data race: %s %s, %s %s", first->place, verb_of(first), second->place,
		 verb_of(second));
}

bool races_told(void)
{
	return true;
}

void races_tell(void)
{
	for (int i = 0; i < race_count; i++)
		standin_log("info", "%s", races[i]);
	race_count = 0;
}
