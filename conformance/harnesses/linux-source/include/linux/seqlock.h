/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SEQLOCK_H
#define STANDIN_LINUX_SEQLOCK_H

#include <linux/mutex.h>
#include <linux/spinlock.h>

/* A count that is odd while somebody writes: who reads looks at it before and after, and reads again when it has changed. */
typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

typedef seqcount_t seqcount_spinlock_t;
typedef seqcount_t seqcount_raw_spinlock_t;
typedef seqcount_t seqcount_mutex_t;

#define SEQCNT_ZERO(name) {0}
#define SEQCNT_SPINLOCK_ZERO(name, lock) {0}
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock) {0}
#define SEQCNT_MUTEX_ZERO(name, lock) {0}
#define seqcount_init(count) ((void)((count)->sequence = 0))
#define seqcount_spinlock_init(count, lock) seqcount_init(count)
#define seqcount_raw_spinlock_init(count, lock) seqcount_init(count)
#define seqcount_mutex_init(count, lock) seqcount_init(count)

static inline unsigned int read_seqcount_begin(const seqcount_t *count)
{
	unsigned int sequence;

	do
		sequence = __atomic_load_n(&count->sequence, __ATOMIC_SEQ_CST);
	while (sequence & 1);
	return sequence;
}

static inline int read_seqcount_retry(const seqcount_t *count, unsigned int sequence)
{
	return __atomic_load_n(&count->sequence, __ATOMIC_SEQ_CST) != sequence;
}

#define raw_read_seqcount(count) __atomic_load_n(&(count)->sequence, __ATOMIC_SEQ_CST)
#define raw_read_seqcount_begin read_seqcount_begin
#define raw_seqcount_begin(count) (raw_read_seqcount(count) & ~1u)
#define write_seqcount_begin(count) ((void)__atomic_fetch_add(&(count)->sequence, 1, __ATOMIC_SEQ_CST))
#define write_seqcount_end write_seqcount_begin
#define raw_write_seqcount_begin write_seqcount_begin
#define raw_write_seqcount_end write_seqcount_begin
#define write_seqcount_invalidate(count) ((void)__atomic_fetch_add(&(count)->sequence, 2, __ATOMIC_SEQ_CST))

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

#define __SEQLOCK_UNLOCKED(name) {{0}, __SPIN_LOCK_UNLOCKED(name)}
#define DEFINE_SEQLOCK(name) seqlock_t name = __SEQLOCK_UNLOCKED(name)
#define seqlock_init(which) (*(which) = (seqlock_t)__SEQLOCK_UNLOCKED(which))
#define read_seqbegin(which) read_seqcount_begin(&(which)->seqcount)
#define read_seqretry(which, sequence) read_seqcount_retry(&(which)->seqcount, sequence)
#define write_seqlock(which) (spin_lock(&(which)->lock), write_seqcount_begin(&(which)->seqcount))
#define write_sequnlock(which) (write_seqcount_end(&(which)->seqcount), spin_unlock(&(which)->lock))
#define write_seqlock_irq write_seqlock
#define write_sequnlock_irq write_sequnlock
#define write_seqlock_bh write_seqlock
#define write_sequnlock_bh write_sequnlock
#define write_seqlock_irqsave(which, flags) ((void)((flags) = 0), write_seqlock(which))
#define write_sequnlock_irqrestore(which, flags) ((void)(flags), write_sequnlock(which))
#define read_seqlock_excl(which) spin_lock(&(which)->lock)
#define read_sequnlock_excl(which) spin_unlock(&(which)->lock)

#endif
