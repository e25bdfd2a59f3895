/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_CLEANUP_H
#define STANDIN_LINUX_CLEANUP_H

#include <linux/compiler.h>

/*
 * Locks that are released at the end of the block.
 *
 *     guard(mutex)(&lock);      // until the end of the block
 *     scoped_guard(mutex, &lock) { ... }
 *
 * DEFINE_GUARD names, for a kind of lock, what takes it and what releases it.
 */
#define DEFINE_GUARD(kind, type, take, release)                        \
	static inline void standin_release_##kind(type *standin_held)  \
	{                                                              \
		type _T = *standin_held;                               \
		if (_T)                                                \
			release;                                       \
	}                                                              \
	static inline type standin_take_##kind(type _T)                \
	{                                                              \
		take;                                                  \
		return _T;                                             \
	}                                                              \
	typedef type standin_guard_##kind

#define STANDIN_JOIN(a, b) a##b
#define STANDIN_NAME(prefix, line) STANDIN_JOIN(prefix, line)
#define guard(kind)                                                                                                \
	standin_guard_##kind STANDIN_NAME(standin_guard_at_, __LINE__)                                             \
		__attribute__((cleanup(standin_release_##kind), unused)) = standin_take_##kind
#define scoped_guard(kind, lock)                                                                                   \
	for (standin_guard_##kind standin_scope __attribute__((cleanup(standin_release_##kind))) =                 \
		     standin_take_##kind(lock), standin_again = standin_scope;                                     \
	     standin_again; standin_again = NULL)

#endif
