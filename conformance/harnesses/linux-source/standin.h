/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the stand-ins for the kernel's headers rest on. They are written from the behaviour of the kernel's functions,
 * as far as a manager may use them; none of the kernel's text is in them.
 *
 *     virt/lib/irqbypass.c of a tree, unchanged
 *       includes  include/linux/             our stand-ins
 *       calls     standin.c                  memory, warnings, the state of the file
 *                 standin-locks.c            mutexes, spinlocks, readers and writers, RCU
 *                 standin-arrays.c           xarrays, and what is built on them
 *                 standin-slots.c            what is in an array
 *                 races.c                    what ThreadSanitizer sees, where it is asked for
 *     calls.c                                calls the manager as its header says
 *     caller.c                               objects, callbacks, main
 *       calls     the adapter library in ../c
 *
 * closure/ and scheduler/ have the same stand-ins with memory, locks and slots of their own.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stddef.h>

/* Log an event of the trace. */
void standin_log(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether this is the first time in this program, for what warns once. */
bool standin_once(bool *seen);

/*
 * Memory. There is none while an operation runs with "memory": "none". Whatever a stand-in allocates on behalf of the
 * manager goes through here, so that it can be made to fail and is seen to be asked for.
 */
enum standin_filling { STANDIN_ZEROS, STANDIN_RUBBISH };

/* Memory, or NULL while there is none. */
void *standin_allocate(size_t size, enum standin_filling filling);
/* The same memory, grown or shrunk; NULL, and the old is kept, while there is none. */
void *standin_resize(void *memory, size_t size);
/* Whether a stand-in that needs memory of its own may have it; whoever asks has asked for memory. */
bool standin_may_allocate(void);
/* Memory of zeros that is always there: for stand-ins, once they may allocate. */
void *standin_keep(size_t size);
void standin_free(const void *memory);
size_t standin_size_of(const void *memory);

void standin_set_memory(bool available);
/* From now on each allocation is a log event, whose text is this. */
#define STANDIN_ALLOCATION "stand-in: an allocation"
void standin_tell_allocations(void);

/*
 * The state of the file. Its variables, whatever they are, go back to what they were when the file was loaded, its
 * allocations are gone, and its initialisation runs again, at the start of each program: see build.ts, which puts the
 * variables into two sections of their own.
 */
void standin_begin(void);
void standin_reset(void);

/* The functions that the file exports, each with its name. */
size_t standin_exports(const char *const **names);

/* races.c, which is part of the program only where ThreadSanitizer watches it. */
bool races_told(void) __attribute__((weak));
/* Log the data races that the calling lane has met. */
void races_tell(void) __attribute__((weak));

/* Those of the other files of the stand-ins. */
void standin_reset_locks(void);

#endif
