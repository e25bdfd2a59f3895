/* SPDX-License-Identifier: MIT */
/*
 * What the kernel logged, in a sentence.
 *
 *     a report of a warning   from "cut here" to "end trace"      one event of the level warning
 *     a report of an oops     up to the end of the thread         no event: it is what the lane died of
 *     any other line          as it is                            one event of the line's level
 *
 * The whole text goes with the trace, too. Addresses in a sentence are those of the program's objects, or nothing that
 * two runs would agree on: they are told by name.
 */
#define _GNU_SOURCE
#include "init.h"

#include "../../c/library/internal.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_LINES 64
#define LINE_SIZE 256

static const struct agent_memory *memory;
/* All lines of the program. */
static char whole[16000];
static size_t whole_length;
/* Lines that are no event yet. */
static char lines[MOST_LINES][LINE_SIZE];
static size_t line_count;
static bool in_report;
static bool is_oops;
static bool is_foreign;
/* The report of an oops is at its end. */
static bool is_told;

void report_begin(const struct agent_memory *given)
{
	memory = given;
	whole_length = 0;
	line_count = 0;
	in_report = false;
	is_oops = false;
	is_foreign = false;
	is_told = false;
}

bool report_is_foreign(void)
{
	return is_foreign;
}

/* --- Sentences --- */

/* The name of the object that lies at an address. */
static bool name_object(unsigned long long address, char *name, size_t size)
{
	unsigned long long index;

	if (!memory->object_size || address < memory->first_object)
		return false;
	index = (address - memory->first_object) / memory->object_size;
	if (index >= memory->object_count)
		return false;

	const struct agent_object *planned =
		(const struct agent_object *)((const struct agent_program *)memory->program + 1);
	unsigned int number = 0;

	for (unsigned long long i = 0; i < index; i++)
		number += planned[i].is_producer == planned[index].is_producer;
	snprintf(name, size, "%c%u", planned[index].is_producer ? 'p' : 'c', number);
	return true;
}

/* The line with each address of 16 digits told by name. */
static void append_sentence(char *text, size_t size, const char *line)
{
	size_t length = strlen(text);

	while (*line && length + 24 < size) {
		size_t digits = strspn(line, "0123456789abcdef");

		if (digits == 16 && strncmp(line, "0000", 4) && strncmp(line, "dead", 4)) {
			char digits_only[17] = {0};
			char name[16] = "an address";

			memcpy(digits_only, line, 16);
			name_object(strtoull(digits_only, NULL, 16), name, sizeof(name));
			length += (size_t)sprintf(text + length, "%s", name);
			line += 16;
			continue;
		}
		do
			text[length++] = *line++;
		while (digits-- > 1 && *line && length + 24 < size);
	}
	text[length] = '\0';
}

/* Mostly the first character tells; a report has many lines, and each is asked often. */
static inline bool starts(const char *line, const char *with)
{
	while (*with)
		if (*line++ != *with++)
			return false;
	return true;
}

static const char *find_line(const char *part)
{
	for (size_t i = 0; i < line_count; i++)
		if (strstr(lines[i], part))
			return lines[i];
	return NULL;
}

/* The name of a function at the start of a text, without its offset and its module. */
static void append_name(char *text, size_t size, const char *name)
{
	size_t length = strlen(text);

	while (*name && *name != '+' && *name != '\n' && length + 1 < size)
		text[length++] = *name++;
	text[length] = '\0';
}

/* Up to 6.x "WARNING: CPU: 0 PID: 1 at FILE:LINE FUNCTION+0x1/0x2", then "WARNING: FILE:LINE at FUNCTION+0x1/0x2". */
static void append_warning(char *text, size_t size, const char *line)
{
	const char *at = strstr(line, " at ");
	const char *place = starts(line, "WARNING: CPU:") && at ? at + 4 : line + strlen("WARNING: ");
	size_t length = strcspn(place, " ,");
	const char *function = at && place < at ? at + 4 : place + length + (place[length] == ' ');

	snprintf(text + strlen(text), size - strlen(text), "WARNING at %.*s, in ", (int)length, place);
	append_name(text, size, function);
}

/* Lines that say nothing by themselves, or something else on every run. */
static bool is_frame(const char *line)
{
	/* Of x86, then of Arm and of RISC-V. */
	static const char *const beginnings[] = {"------------[", "Modules linked in", "CPU:", "=====", "Tainted:",
						 "Hardware name:", "RIP:", "Oops:", " ",
						 "Internal error:", "Mem abort info:", "Data abort info:", "user pgtable:",
						 "pstate:", "pc :", "lr :", "Kernel BUG", "Oops [", "epc :"};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (starts(line, beginnings[i]))
			return true;
	return !*line;
}

/* Where it was: "RIP: 0010:FUNCTION" on x86, "pc : FUNCTION" on Arm, "epc : FUNCTION" on RISC-V; NULL when it is not told. */
static const char *find_place(void)
{
	const char *line = find_line("RIP: ");

	if (line) {
		line = strchr(line + 5, ':');
		return line ? line + 1 : NULL;
	}
	line = find_line("pc : ");
	return line ? strstr(line, "pc : ") + 5 : NULL;
}

/* A report in a sentence: what came before it and its first line, and where it was. */
static const char *sentence(void)
{
	static char text[1024];
	const char *place;

	*text = '\0';
	for (size_t i = 0; i < line_count; i++) {
		if (is_frame(lines[i]))
			continue;
		if (*text)
			strcat(text, ": ");
		if (starts(lines[i], "WARNING: ")) {
			append_warning(text, sizeof(text), lines[i]);
			return text;
		}
		append_sentence(text, sizeof(text) - 256, lines[i]);
		if (starts(lines[i], "kernel BUG at"))
			return text;
		if (starts(lines[i], "BUG:") || starts(lines[i], "Unable to handle kernel") ||
		    starts(lines[i], "general protection fault") || strlen(text) > 300)
			break;
	}
	place = find_place();
	if (place) {
		strcat(text, ", in ");
		append_name(text, sizeof(text), place);
	}
	return *text ? text : "an oops";
}

/* --- Levels --- */

/* The level of a line, which only the log itself tells. */
static const char *level_of(const char *line)
{
	static int log = -1;
	char record[2048];
	ssize_t got;
	int level = 6;

	if (log < 0) {
		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (log < 0)
			return "warning";
	}
	while ((got = read(log, record, sizeof(record) - 1)) > 0 || got < 0) {
		if (got < 0)
			break;
		record[got] = '\0';

		char *text = strchr(record, ';');

		if (!text || strncmp(text + 1, line, strlen(line)))
			continue;
		level = atoi(record) & 7;
		break;
	}
	return level <= 3 ? "error" : level == 4 ? "warning" : "info";
}

/* --- Lines --- */

static bool begins_report(const char *line)
{
	return starts(line, "------------[ cut here ]") || starts(line, "BUG: ") || starts(line, "kernel BUG at") ||
	       starts(line, "general protection fault") || starts(line, "Oops: ") || starts(line, "=============") ||
	       starts(line, "Unable to handle kernel") || starts(line, "Internal error: ");
}

static bool tells_oops(const char *line)
{
	return starts(line, "kernel BUG at") || starts(line, "Oops: ") || starts(line, "general protection fault") ||
	       starts(line, "BUG: kernel NULL") || starts(line, "BUG: unable to handle") ||
	       starts(line, "Unable to handle kernel") || starts(line, "Internal error: ");
}

static void end_report(void)
{
	if (line_count)
		event_log("warning", sentence());
	line_count = 0;
	in_report = false;
}

void report_line(const char *text, size_t length)
{
	char line[LINE_SIZE];
	size_t kept;

	while (length && (text[length - 1] == '\n' || text[length - 1] == '\0'))
		length--;
	kept = length < sizeof(line) ? length : sizeof(line) - 1;
	memcpy(line, text, kept);
	line[kept] = '\0';
	/* After its end, a report tells the registers once more. */
	if (!is_told && whole_length + length + 2 < sizeof(whole)) {
		memcpy(whole + whole_length, text, length);
		whole_length += length;
		whole[whole_length++] = '\n';
	}

	if (is_oops && starts(line, "---[ end trace"))
		is_told = true;

	bool rule = starts(line, "=============");

	if (in_report && !is_oops && (starts(line, "---[ end trace") || (rule && starts(lines[0], "=============")))) {
		end_report();
		return;
	}
	if (begins_report(line))
		in_report = true;
	if (tells_oops(line))
		is_oops = true;
	if (starts(line, "WARNING:") && !strstr(line, " irq_bypass_"))
		is_foreign = true;
	if (line_count < MOST_LINES)
		memcpy(lines[line_count++], line, sizeof(line));
}

void report_flush(void)
{
	if (in_report && !is_oops) {
		end_report();
		return;
	}
	if (is_oops)
		return;
	for (size_t i = 0; i < line_count; i++) {
		char text[LINE_SIZE * 2] = "";

		append_sentence(text, sizeof(text), lines[i]);
		event_log(level_of(lines[i]), text);
	}
	line_count = 0;
}

const char *report_end(bool died)
{
	const char *cause = NULL;

	if (died)
		cause = sentence();
	else
		report_flush();
	whole[whole_length] = '\0';
	if (whole_length)
		trace_log(whole);
	return cause;
}
