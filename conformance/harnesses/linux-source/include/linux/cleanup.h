/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_CLEANUP_H
#define STANDIN_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/types.h>

/*
 * What is done at the end of the block in which a variable is declared.
 *
 *     guard(mutex)(&lock);                              the lock is held to the end of the block
 *     scoped_guard(mutex, &lock) { ... }                the lock is held in the block
 *     scoped_cond_guard(mutex_intr, return -EINTR, &lock) { ... }
 *     struct it *it __free(kfree) = kzalloc(...);       it is freed at the end of the block,
 *     return_ptr(it);                                   unless it is handed on
 *
 * A class is a type, what ends a variable of it, and what makes one. A guard is a class whose variable is a pointer to a
 * lock. Both are defined by macros, in which the variable is called _T.
 */
#define DEFINE_FREE(name, type, ...)                                             \
	__attribute__((unused)) static inline void standin_free_##name(void *at) \
	{                                                                        \
		type _T = *(type *)at;                                           \
		__VA_ARGS__;                                                     \
	}

#define __cleanup(function) __attribute__((cleanup(function)))
#define __free(name) __attribute__((cleanup(standin_free_##name)))

#define no_free_ptr(pointer)                                     \
	({                                                       \
		__typeof__(pointer) standin_handed = (pointer);  \
		(pointer) = NULL;                                \
		standin_handed;                                  \
	})
#define return_ptr(pointer) return no_free_ptr(pointer)
#define retain_and_null_ptr(pointer) ((void)no_free_ptr(pointer))

#define DEFINE_CLASS(name, type, end, begin, arguments...)                                 \
	typedef type class_##name##_t;                                                     \
	__attribute__((unused)) static inline void class_##name##_destructor(type *at)     \
	{                                                                                  \
		type _T = *at;                                                             \
		end;                                                                       \
	}                                                                                  \
	__attribute__((unused)) static inline type class_##name##_constructor(arguments)   \
	{                                                                                  \
		type standin_made = begin;                                                 \
		return standin_made;                                                       \
	}
#define EXTEND_CLASS(name, suffix, begin, arguments...)                                                     \
	typedef class_##name##_t class_##name##suffix##_t;                                                  \
	__attribute__((unused)) static inline void class_##name##suffix##_destructor(class_##name##_t *at)  \
	{                                                                                                   \
		class_##name##_destructor(at);                                                              \
	}                                                                                                   \
	__attribute__((unused)) static inline class_##name##_t class_##name##suffix##_constructor(arguments) \
	{                                                                                                   \
		class_##name##_t standin_made = begin;                                                      \
		return standin_made;                                                                        \
	}
#define CLASS(name, variable) \
	class_##name##_t variable __attribute__((cleanup(class_##name##_destructor), unused)) = class_##name##_constructor

/* A guard that holds nothing is of a lock that could not be taken. */
#define DEFINE_GUARD(name, type, take, release)                                               \
	DEFINE_CLASS(name, type, if (_T) { release; }, ({ take; _T; }), type _T)              \
	__attribute__((unused)) static inline bool standin_held_##name(class_##name##_t *at)  \
	{                                                                                     \
		return *at != NULL;                                                           \
	}
#define STANDIN_GUARD_COND(name, suffix, taken)                                                       \
	EXTEND_CLASS(name, suffix, ({ (taken) ? _T : NULL; }), class_##name##_t _T)                   \
	__attribute__((unused)) static inline bool standin_held_##name##suffix(class_##name##_t *at)  \
	{                                                                                             \
		return *at != NULL;                                                                   \
	}
#define STANDIN_THIRD_OF(a, b, c, which, ...) which
#define DEFINE_GUARD_COND(name, suffix, take, ...) STANDIN_GUARD_COND(name, suffix, take)

/* Guards of locks that take more than the lock, and of those that need none. */
#define DEFINE_LOCK_GUARD_1(name, type, take, release, members...)                                           \
	typedef struct {                                                                                     \
		type *lock;                                                                                  \
		members;                                                                                     \
	} class_##name##_t;                                                                                  \
	__attribute__((unused)) static inline void class_##name##_destructor(class_##name##_t *_T)           \
	{                                                                                                    \
		if (_T->lock) {                                                                              \
			release;                                                                             \
		}                                                                                            \
	}                                                                                                    \
	__attribute__((unused)) static inline class_##name##_t class_##name##_constructor(type *standin_of)  \
	{                                                                                                    \
		class_##name##_t standin_made = {.lock = standin_of}, *_T = &standin_made;                   \
		take;                                                                                        \
		return standin_made;                                                                         \
	}                                                                                                    \
	__attribute__((unused)) static inline bool standin_held_##name(class_##name##_t *at)                 \
	{                                                                                                    \
		return at->lock != NULL;                                                                     \
	}
#define DEFINE_LOCK_GUARD_1_COND(name, suffix, taken, ...)                                                             \
	typedef class_##name##_t class_##name##suffix##_t;                                                             \
	__attribute__((unused)) static inline void class_##name##suffix##_destructor(class_##name##_t *at)             \
	{                                                                                                              \
		class_##name##_destructor(at);                                                                         \
	}                                                                                                              \
	__attribute__((unused)) static inline class_##name##_t class_##name##suffix##_constructor(                     \
		__typeof__(((class_##name##_t *)0)->lock) standin_of)                                                  \
	{                                                                                                              \
		class_##name##_t standin_made = {.lock = standin_of}, *_T = &standin_made;                             \
		if (!(taken))                                                                                          \
			_T->lock = NULL;                                                                               \
		return standin_made;                                                                                   \
	}                                                                                                              \
	__attribute__((unused)) static inline bool standin_held_##name##suffix(class_##name##_t *at)                   \
	{                                                                                                              \
		return at->lock != NULL;                                                                               \
	}
#define DEFINE_LOCK_GUARD_0(name, take, release, members...)                                          \
	typedef struct {                                                                              \
		char lock;                                                                            \
		members;                                                                              \
	} class_##name##_t;                                                                           \
	__attribute__((unused)) static inline void class_##name##_destructor(class_##name##_t *_T)    \
	{                                                                                             \
		(void)_T;                                                                             \
		release;                                                                              \
	}                                                                                             \
	__attribute__((unused)) static inline class_##name##_t class_##name##_constructor(void)       \
	{                                                                                             \
		class_##name##_t standin_made = {.lock = 1}, *_T = &standin_made;                     \
		(void)_T;                                                                             \
		take;                                                                                 \
		return standin_made;                                                                  \
	}                                                                                             \
	__attribute__((unused)) static inline bool standin_held_##name(class_##name##_t *at)          \
	{                                                                                             \
		return at->lock != 0;                                                                 \
	}

#define guard(name) CLASS(name, __UNIQUE_ID(guard))

#define STANDIN_SCOPED(name, guarded, once, arguments...)                                       \
	for (CLASS(name, guarded)(arguments), *once = &guarded; once && standin_held_##name(once); once = NULL)
#define scoped_guard(name, arguments...) STANDIN_SCOPED(name, __UNIQUE_ID(scope), __UNIQUE_ID(once), ##arguments)

/* The statement is run where the lock could not be taken. */
#define STANDIN_SCOPED_COND(name, fail, guarded, once, arguments...)                                         \
	for (CLASS(name, guarded)(arguments), *once = &guarded; once; once = NULL)                           \
		if (!standin_held_##name(once)) {                                                            \
			fail;                                                                                \
		} else
#define scoped_cond_guard(name, fail, arguments...) \
	STANDIN_SCOPED_COND(name, fail, __UNIQUE_ID(scope), __UNIQUE_ID(once), ##arguments)
#define ACQUIRE(name, variable) CLASS(name, variable)
#define ACQUIRE_ERR(name, variable) (standin_held_##name(variable) ? 0 : -EBUSY)

#endif
