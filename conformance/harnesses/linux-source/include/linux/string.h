/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_STRING_H
#define STANDIN_LINUX_STRING_H

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define memzero_explicit(memory, size) explicit_bzero(memory, size)
#define strscpy(to, from, ...) ((void)snprintf((to), sizeof(to), "%s", (from)))

#endif
