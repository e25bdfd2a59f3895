/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BUG_H
#define STANDIN_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>

/* A warning is an event of the trace and the kernel goes on. "Once" is once a program, since the state of the file is as
 * new for each. */
#define WARN(condition, ...)                             \
	({                                               \
		bool standin_warns = !!(condition);      \
		if (unlikely(standin_warns))             \
			standin_log("warning", __VA_ARGS__); \
		unlikely(standin_warns);                 \
	})

#define WARN_ONCE(condition, ...)                            \
	({                                                   \
		static bool standin_warned;                  \
		bool standin_warns = !!(condition);          \
		if (unlikely(standin_warns) && standin_once(&standin_warned)) \
			standin_log("warning", __VA_ARGS__); \
		unlikely(standin_warns);                     \
	})

#define WARN_ON(condition) WARN(condition, "WARN_ON(%s) in %s", #condition, __func__)
#define WARN_ON_ONCE(condition) WARN_ONCE(condition, "WARN_ON_ONCE(%s) in %s", #condition, __func__)
#define VM_WARN_ON(condition) WARN_ON(condition)
#define VM_WARN_ON_ONCE(condition) WARN_ON_ONCE(condition)
#define BUG_ON(condition) ((condition) ? __builtin_trap() : (void)0)
#define VM_BUG_ON(condition) BUG_ON(condition)
#define BUG() __builtin_trap()
#define dump_stack() ((void)0)

#endif
