/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_KERNEL_H
#define STANDIN_LINUX_KERNEL_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/types.h>

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define might_sleep() ((void)0)
#define lockdep_assert_held(lock) ((void)0)

#endif
