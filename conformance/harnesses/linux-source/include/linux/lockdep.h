/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_LOCKDEP_H
#define STANDIN_LINUX_LOCKDEP_H

#include <linux/bug.h>

/* What these assert is not looked at: it is not what callers see. */
#define lockdep_assert_held(lock) ((void)(lock))
#define lockdep_assert_held_write(lock) ((void)(lock))
#define lockdep_assert_held_read(lock) ((void)(lock))
#define lockdep_assert_held_once(lock) ((void)(lock))
#define lockdep_assert_not_held(lock) ((void)(lock))
#define lockdep_assert_none_held_once() ((void)0)
#define lockdep_assert(condition) WARN_ON(!(condition))
#define lockdep_is_held(lock) ((void)(lock), 1)
#define lockdep_set_class(lock, key) ((void)(lock))
#define lockdep_set_class_and_name(lock, key, name) ((void)(lock))
#define lockdep_register_key(key) ((void)(key))
#define lockdep_unregister_key(key) ((void)(key))
#define might_lock(lock) ((void)(lock))
#define SINGLE_DEPTH_NESTING 1

struct lock_class_key {
	char unused;
};

struct lockdep_map {
	char unused;
};

#endif
