/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_CONTAINER_OF_H
#define STANDIN_LINUX_CONTAINER_OF_H

#include <linux/compiler.h>

#include <stddef.h>

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#define container_of_const(pointer, type, member) container_of(pointer, type, member)

#endif
