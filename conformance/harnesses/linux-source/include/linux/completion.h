/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_COMPLETION_H
#define STANDIN_LINUX_COMPLETION_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

/* Whoever waits has the works that are queued run first, and then waits for another lane: for ever where there is none. */
struct completion {
	unsigned int done;
	spinlock_t lock;
};

#define COMPLETION_INITIALIZER(name) {0, __SPIN_LOCK_UNLOCKED(name)}
#define COMPLETION_INITIALIZER_ONSTACK(name) ((struct completion)COMPLETION_INITIALIZER(name))
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)
#define init_completion(completion) (*(completion) = COMPLETION_INITIALIZER_ONSTACK(completion))

static inline void reinit_completion(struct completion *completion)
{
	spin_lock(&completion->lock);
	completion->done = 0;
	spin_unlock(&completion->lock);
}

static inline void complete(struct completion *completion)
{
	spin_lock(&completion->lock);
	if (completion->done != UINT_MAX)
		completion->done++;
	spin_unlock(&completion->lock);
}

static inline void complete_all(struct completion *completion)
{
	spin_lock(&completion->lock);
	completion->done = UINT_MAX;
	spin_unlock(&completion->lock);
}

static inline bool completion_done(struct completion *completion)
{
	bool done;

	spin_lock(&completion->lock);
	done = completion->done != 0;
	spin_unlock(&completion->lock);
	return done;
}

static inline bool try_wait_for_completion(struct completion *completion)
{
	bool done;

	spin_lock(&completion->lock);
	done = completion->done != 0;
	if (done && completion->done != UINT_MAX)
		completion->done--;
	spin_unlock(&completion->lock);
	return done;
}

static inline void wait_for_completion(struct completion *completion)
{
	while (!try_wait_for_completion(completion))
		flush_scheduled_work();
}

#define wait_for_completion_interruptible(completion) (wait_for_completion(completion), 0)
#define wait_for_completion_killable(completion) (wait_for_completion(completion), 0)
#define wait_for_completion_timeout(completion, time) ((void)(time), wait_for_completion(completion), 1ul)

#endif
