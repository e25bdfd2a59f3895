/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MUTEX_H
#define STANDIN_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/standin-lock.h>

/* A mutex that knows its owner: who takes it twice would wait for ever, and is told so at once. */
struct mutex {
	struct standin_lock lock;
};

#define __MUTEX_INITIALIZER(name) {STANDIN_LOCK_INIT}
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

#define mutex_init(which) (*(which) = (struct mutex){STANDIN_LOCK_INIT})
#define __mutex_init(mutex, name, key) mutex_init(mutex)
#define mutex_destroy(mutex) ((void)(mutex))
#define mutex_lock(mutex) standin_lock(&(mutex)->lock)
#define mutex_lock_nested(mutex, subclass) mutex_lock(mutex)
#define mutex_lock_interruptible(mutex) (standin_lock(&(mutex)->lock), 0)
#define mutex_lock_killable(mutex) (standin_lock(&(mutex)->lock), 0)
#define mutex_lock_io(mutex) mutex_lock(mutex)
#define mutex_trylock(mutex) ((int)standin_try_lock(&(mutex)->lock))
#define mutex_unlock(mutex) standin_unlock(&(mutex)->lock, "mutex_unlock")
#define mutex_is_locked(mutex) ((mutex)->lock.owner != 0)

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
DEFINE_GUARD_COND(mutex, _intr, (mutex_lock(_T), true))
DEFINE_GUARD_COND(mutex, _kill, (mutex_lock(_T), true))

#endif
