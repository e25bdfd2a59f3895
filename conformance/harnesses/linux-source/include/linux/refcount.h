/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_REFCOUNT_H
#define STANDIN_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

/* A count that warns where a plain one would go wrong in silence. */
typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(number) {ATOMIC_INIT(number)}
#define refcount_read(count) ((unsigned int)atomic_read(&(count)->refs))
#define refcount_set(count, number) atomic_set(&(count)->refs, (int)(number))

static inline bool refcount_inc_not_zero(refcount_t *count)
{
	return atomic_add_unless(&count->refs, 1, 0);
}

static inline bool refcount_add_not_zero(int by, refcount_t *count)
{
	return atomic_add_unless(&count->refs, by, 0);
}

static inline bool refcount_dec_not_one(refcount_t *count)
{
	return atomic_add_unless(&count->refs, -1, 1);
}

static inline bool refcount_dec_if_one(refcount_t *count)
{
	return atomic_cmpxchg(&count->refs, 1, 0) == 1;
}

static inline void refcount_add(int by, refcount_t *count)
{
	WARN(atomic_fetch_add(by, &count->refs) == 0, "refcount_t: addition on 0; use-after-free");
}

static inline void refcount_inc(refcount_t *count)
{
	refcount_add(1, count);
}

static inline bool refcount_sub_and_test(int by, refcount_t *count)
{
	int left = atomic_sub_return(by, &count->refs);

	WARN(left < 0, "refcount_t: underflow; use-after-free");
	return left == 0;
}

static inline bool refcount_dec_and_test(refcount_t *count)
{
	return refcount_sub_and_test(1, count);
}

static inline void refcount_dec(refcount_t *count)
{
	WARN(atomic_dec_return(&count->refs) <= 0, "refcount_t: decrement hit 0; leaking memory");
}

static inline bool refcount_dec_and_mutex_lock(refcount_t *count, struct mutex *lock)
{
	mutex_lock(lock);
	if (refcount_dec_and_test(count))
		return true;
	mutex_unlock(lock);
	return false;
}

static inline bool refcount_dec_and_lock(refcount_t *count, spinlock_t *lock)
{
	spin_lock(lock);
	if (refcount_dec_and_test(count))
		return true;
	spin_unlock(lock);
	return false;
}

#endif
