/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_BUG_H
#define STANDIN_LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/printk.h>

/* A warning is an event of the trace and the kernel goes on. "Once" is once a program, so that a trace does not
 * depend on the programs before it. */
#define WARN(condition, ...)                                     \
	({                                                       \
		bool standin_warns = !!(condition);              \
		if (unlikely(standin_warns))                     \
			standin_log("warning", __VA_ARGS__);     \
		unlikely(standin_warns);                         \
	})

#define WARN_ONCE(condition, ...)                                             \
	({                                                                    \
		static unsigned long standin_warned;                          \
		bool standin_warns = !!(condition);                           \
		if (unlikely(standin_warns) && standin_once(&standin_warned)) \
			standin_log("warning", __VA_ARGS__);                  \
		unlikely(standin_warns);                                      \
	})

#define WARN_ON(condition) WARN(condition, "WARN_ON(%s) in %s", #condition, __func__)
#define WARN_ON_ONCE(condition) WARN_ONCE(condition, "WARN_ON_ONCE(%s) in %s", #condition, __func__)
#define BUG_ON(condition) ((condition) ? __builtin_trap() : (void)0)
#define BUG() __builtin_trap()
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)

#endif
