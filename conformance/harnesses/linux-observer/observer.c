// SPDX-License-Identifier: MIT
/* The loop: reads a command, runs it, answers with its status. See observer.h. */
#define _GNU_SOURCE
#include "observer.h"
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

enum { PORT_TRIES = 1000 };

/* Two streams: one alone may not change between reading and writing at will. */
static FILE *commands, *answers;

void say(const char *line)
{
	fprintf(answers, "%s\n", line);
}

void give_up(const char *what, const char *why)
{
	/* On the console, since the port itself may be what failed. */
	fprintf(stderr, "\nirqbypass-observer gives up: %s: %s\n", what, why);
	sync();
	reboot(RB_POWER_OFF);
	exit(1);
}

unsigned long long number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (end == text || *end)
		give_up("expected a number", text);
	return value;
}

/* The virtio port of that name, once its driver has found it; the wait ends with the port, not with the clock. */
static void open_port(const char *path)
{
	int port;

	for (int tries = 0; (port = open(path, O_RDWR)) < 0; tries++) {
		if (tries == PORT_TRIES)
			give_up(path, strerror(errno));
		usleep(10000);
	}
	commands = fdopen(port, "r");
	answers = fdopen(dup(port), "w");
	if (!commands || !answers)
		give_up(path, strerror(errno));
}

static const struct command *find(const struct command *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}

/* Parts a line into words; what follows a tab is one word, blanks and all. Returns how many. */
static int words_of(char *line, char **word)
{
	char *rest = strchr(line, '\t'), *state;
	int words = 0;

	if (rest)
		*rest++ = '\0';
	for (char *part = strtok_r(line, " ", &state); part && words < MAX_WORDS - 1; part = strtok_r(NULL, " ", &state))
		word[words++] = part;
	if (rest)
		word[words++] = rest;
	return words;
}

static status run(const struct command *command, int words, char **word)
{
	if (words - 1 < command->words)
		give_up("too few words", word[0]);
	return command->run(words - 1, word + 1);
}

status run_participant(char *line)
{
	char *word[MAX_WORDS];
	char text[512];
	int words;
	const struct command *command;
	status result;

	snprintf(text, sizeof(text), "%.500s", line);
	words = words_of(line, word);
	command = words ? find(participant_commands, word[0]) : NULL;
	if (!command && words)
		command = find(guest_commands, word[0]);
	if (!command)
		give_up("no such command", text);
	mark("> ", text);
	result = run(command, words, word);
	snprintf(text, sizeof(text), "%ld", result);
	mark("< ", text);
	return result;
}

static void obey(char *line)
{
	static char own[1 << 16];
	char *word[MAX_WORDS];
	const struct command *command;
	status result;
	int words;

	strcpy(own, line);
	words = words_of(own, word);
	if (!words)
		return;
	command = find(machine_commands, word[0]);
	if (!command)
		command = find(lane_commands, word[0]);
	result = command ? run(command, words, word) : run_participant(line);
	fprintf(answers, "= %ld\n", result);
	fflush(answers);
}

int main(void)
{
	static char line[1 << 16];

	mount_file_systems();
	load_modules("/drivers");
	open_port("/dev/vport0p1");
	say("observer 1");
	fflush(answers);
	while (fgets(line, sizeof(line), commands)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strcmp(line, "bye"))
			break;
		obey(line);
	}
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
