// SPDX-License-Identifier: MIT
/*
 * Lanes: two threads of user space, each with its commands.
 *
 *     lane 0 <tab> deassign 0 24 1       noted, not run
 *     lane 1 <tab> close-eventfd 1
 *     race 200                           both begin at once, lane 1 so many turns later (-200: lane 0); "| STATUS" for
 *                                        each command, lane 0 first
 *
 * They begin on processors of their own, and wait for each other by looking: who is woken comes too late to meet anybody.
 */
#define _GNU_SOURCE
#include "observer.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 2, MOST_COMMANDS = 8, MOST_LETTERS = 256 };

static struct lane {
	int count;
	long turns;
	char commands[MOST_COMMANDS][MOST_LETTERS];
	status results[MOST_COMMANDS];
} lanes[LANES];

static atomic_int waiting;

/* lane N COMMAND */
static status note_command(int words, char **word)
{
	unsigned long long at = number(word[0]);

	(void)words;
	if (at >= LANES || lanes[at].count == MOST_COMMANDS || strlen(word[1]) >= MOST_LETTERS)
		give_up("a lane cannot take this", word[1]);
	strcpy(lanes[at].commands[lanes[at].count++], word[1]);
	return 0;
}

static void *run_lane(void *argument)
{
	struct lane *lane = argument;
	cpu_set_t own;

	CPU_ZERO(&own);
	CPU_SET(lane - lanes, &own);
	sched_setaffinity(0, sizeof(own), &own);
	for (waiting--; waiting;)
		;
	for (volatile long turn = 0; turn < lane->turns; turn++)
		;
	for (int i = 0; i < lane->count; i++)
		lane->results[i] = run_participant(lane->commands[i]);
	return NULL;
}

/* race TURNS: ends when both lanes have. */
static status race(int words, char **word)
{
	pthread_t threads[LANES];
	char line[32];
	long turns = strtol(word[0], NULL, 10);

	(void)words;
	lanes[0].turns = turns < 0 ? -turns : 0;
	lanes[1].turns = turns > 0 ? turns : 0;
	waiting = LANES;
	for (int i = 0; i < LANES; i++)
		if (pthread_create(&threads[i], NULL, run_lane, &lanes[i]))
			give_up("no thread for a lane", "");
	for (int i = 0; i < LANES; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < LANES; i++) {
		for (int j = 0; j < lanes[i].count; j++) {
			snprintf(line, sizeof(line), "| %ld", lanes[i].results[j]);
			say(line);
		}
		lanes[i].count = 0;
	}
	return 0;
}

const struct command lane_commands[] = {
	{ "lane", 2, note_command },
	{ "race", 1, race },
	{ NULL, 0, NULL },
};
