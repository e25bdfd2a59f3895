/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SEMAPHORE_H
#define STANDIN_LINUX_SEMAPHORE_H

#include <linux/mutex.h>

/* As far as it is used as a lock. */
struct semaphore {
	struct standin_lock lock;
};

#define DEFINE_SEMAPHORE(name, ...) struct semaphore name = {STANDIN_LOCK_INIT}
#define sema_init(which, count) (*(which) = (struct semaphore){STANDIN_LOCK_INIT})
#define down(semaphore) standin_lock(&(semaphore)->lock)
#define down_interruptible(semaphore) (down(semaphore), 0)
#define down_killable(semaphore) (down(semaphore), 0)
#define down_trylock(semaphore) (!standin_try_lock(&(semaphore)->lock))
#define up(semaphore) standin_unlock(&(semaphore)->lock, "up")

#endif
