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

static void obey(char *line)
{
	char *word[MAX_WORDS];
	int words = 0;
	const struct command *command, *participant;
	char text[512] = "";
	status result;
	/* What follows a tab is one word, blanks and all. */
	char *rest = strchr(line, '\t');

	snprintf(text, sizeof(text), "%.500s", line);
	if (rest)
		*rest++ = '\0';
	for (char *part = strtok(line, " "); part && words < MAX_WORDS - 1; part = strtok(NULL, " "))
		word[words++] = part;
	if (rest)
		word[words++] = rest;
	if (!words)
		return;
	command = find(machine_commands, word[0]);
	participant = command ? NULL : find(participant_commands, word[0]);
	if (!command && !participant)
		participant = find(guest_commands, word[0]);
	if (participant)
		command = participant;
	if (!command)
		give_up("no such command", word[0]);
	if (words - 1 < command->words)
		give_up("too few words", word[0]);
	if (participant)
		mark("> ", text);
	result = command->run(words - 1, word + 1);
	if (participant) {
		snprintf(text, sizeof(text), "%ld", result);
		mark("< ", text);
	}
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
