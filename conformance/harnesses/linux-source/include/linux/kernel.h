/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_KERNEL_H
#define STANDIN_LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/types.h>

#include <stdio.h>

/* A manager may sleep wherever it says so. */
#define might_sleep() ((void)0)
#define might_sleep_if(condition) ((void)(condition))
#define might_fault() ((void)0)
#define cant_sleep() ((void)0)
#define scnprintf snprintf

#endif
