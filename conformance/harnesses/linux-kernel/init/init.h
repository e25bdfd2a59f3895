/* SPDX-License-Identifier: MIT */
/*
 * The one program of the guest: it speaks the kit's protocol, through the library in ../../c, and has the agent run
 * the programs in the kernel.
 *
 *     main.c      starts: mounts, modules, the port; ends the guest
 *     modules.c   loads modules, and replaces the manager's by a new one
 *     play.c      a program to the agent, its events back
 *     report.c    what the kernel logged, in a sentence
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "../agent/agent.h"

struct program;

/* Lines on the console that the kit looks for: the guest cannot do its work; it cannot be made as new. */
#define GIVES_UP "irqbypass-init gives up: "
#define ASKS_FOR_ANOTHER "irqbypass-init asks for another guest"

/* Ends the guest, and says why on its console in the line that the kit looks for. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Writes a file; false when that is not possible. */
bool write_file(const char *path, const char *text);

/* modules.c */
/* The manager's module; there is none when it is built into the kernel. */
#define MANAGER_MODULE "/irqbypass.ko"
#define AGENT_MODULE "/irqbypass-agent.ko"
void load_module(const char *path);
void load_modules(const char *folder);
bool has_manager_module(void);
/* Takes the manager's module out and puts it in again. False when the kernel does not let go of it. */
bool replace_manager(void);

/* play.c */
void play_begin(void);
extern struct agent_facts agent_facts;
bool play(const struct program *program);

/* report.c */
/* The kernel's log of one program, line by line. */
void report_begin(const struct agent_memory *memory);
void report_line(const char *text, size_t length);
/* The lines so far belong to what came before: logs them as events. */
void report_flush(void);
/* Whether something else than the manager was the place of a warning. */
bool report_is_foreign(void);
/* The program is over. What the lane died of, when it died; the text lives until the next program. */
const char *report_end(bool died);

#endif
