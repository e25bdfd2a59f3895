/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RWLOCK_H
#define STANDIN_LINUX_RWLOCK_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/standin-lock.h>

typedef struct {
	struct standin_shared shared;
} rwlock_t;

#define __RW_LOCK_UNLOCKED(name) {{.writer = 0}}
#define DEFINE_RWLOCK(name) rwlock_t name = __RW_LOCK_UNLOCKED(name)
#define rwlock_init(rwlock) (*(rwlock) = (rwlock_t)__RW_LOCK_UNLOCKED(rwlock))

#define read_lock(rwlock) standin_read_lock(&(rwlock)->shared)
#define read_unlock(rwlock) standin_read_unlock(&(rwlock)->shared, "read_unlock")
#define write_lock(rwlock) standin_write_lock(&(rwlock)->shared)
#define write_trylock(rwlock) ((int)standin_try_write_lock(&(rwlock)->shared))
#define write_unlock(rwlock) standin_write_unlock(&(rwlock)->shared, "write_unlock")
#define read_lock_irq read_lock
#define read_unlock_irq read_unlock
#define read_lock_bh read_lock
#define read_unlock_bh read_unlock
#define write_lock_irq write_lock
#define write_unlock_irq write_unlock
#define write_lock_bh write_lock
#define write_unlock_bh write_unlock
#define read_lock_irqsave(rwlock, flags) ((void)((flags) = 0), read_lock(rwlock))
#define read_unlock_irqrestore(rwlock, flags) ((void)(flags), read_unlock(rwlock))
#define write_lock_irqsave(rwlock, flags) ((void)((flags) = 0), write_lock(rwlock))
#define write_unlock_irqrestore(rwlock, flags) ((void)(flags), write_unlock(rwlock))

DEFINE_LOCK_GUARD_1(read_lock, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(read_lock_irq, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(read_lock_irqsave, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock_irq, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock_irqsave, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))

#endif
