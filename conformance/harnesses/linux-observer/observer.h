/* SPDX-License-Identifier: MIT */
/*
 * The first program of the guest that `irqbypass-spec observe` boots.
 *
 *     host ── one command a line ──> observer.c ──> machine.c        modules, files of the kernel's, the recording
 *          <── "= STATUS" ─────────                participants.c   what user space does with KVM and VFIO
 *          <── "| LINE"  (of a file)                 lanes.c          two threads of user space at once
 *
 * It knows nothing of the bypass: it only does what any user space does, and reads what the kernel recorded.
 */
#ifndef OBSERVER_H
#define OBSERVER_H

#include <stdio.h>

/* Things are named by small numbers: VM 0, eventfd 3, device 1. */
enum { MAX_VMS = 8, MAX_EVENTFDS = 64, MAX_DEVICES = 4, MAX_WORDS = 64 };

/* What a command returns: 0 or a number that it speaks of, else a negative errno. */
typedef long status;

struct command {
	const char *name;
	/* The words behind the name; at least this many. */
	int words;
	status (*run)(int words, char **word);
};

extern const struct command machine_commands[];
extern const struct command participant_commands[];
extern const struct command lane_commands[];

/* Runs a command of user space, marked in the recording. Several threads may. */
status run_participant(char *line);

/* Writes into the recording, if there is one, what user space does: behind "> " a command, behind "< " its status. */
void mark(const char *what, const char *text);

/* Closes whatever a program has left open. */
status close_all(int words, char **word);

/* Mounts what every command needs. */
void mount_file_systems(void);

/* Loads the modules of a folder, in the order of their names. */
void load_modules(const char *folder);

/* A line to the host, outside the answer to a command. */
void say(const char *line);

/* Writes a text to a file of the kernel's. */
status write_file(const char *path, const char *text);

/* A number, decimal or 0x; what is none ends the program, since the host sends none such. */
unsigned long long number(const char *text);

/* Ends the program: the host or this file is wrong, and going on would record nonsense. */
void give_up(const char *what, const char *why);

#endif
