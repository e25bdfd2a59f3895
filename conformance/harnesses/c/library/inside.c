/* SPDX-License-Identifier: MIT */
/*
 * When a lane is inside the manager, for ThreadSanitizer.
 *
 * Every event takes a lock of this library, and so does every gate. For the sanitizer a lock orders what was done before it and
 * what is done after it, so that hardly anything in two lanes would ever race. It is told to look at no lock that is taken
 * outside the manager. A gate stands for luck, and luck orders nothing.
 */
#include "internal.h"

/* Of ThreadSanitizer; absent in an adapter that is built without it. */
void AnnotateIgnoreSyncBegin(const char *file, int line) __attribute__((weak));
void AnnotateIgnoreSyncEnd(const char *file, int line) __attribute__((weak));

void inside_begins(void)
{
	if (AnnotateIgnoreSyncEnd)
		AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
}

void inside_ends(void)
{
	if (AnnotateIgnoreSyncBegin)
		AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
}
