/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SPINLOCK_H
#define STANDIN_LINUX_SPINLOCK_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/rwlock.h>
#include <linux/standin-lock.h>

typedef struct spinlock {
	struct standin_lock lock;
} spinlock_t;

typedef struct spinlock raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name) {STANDIN_LOCK_INIT}
#define __RAW_SPIN_LOCK_UNLOCKED(name) {STANDIN_LOCK_INIT}
#define DEFINE_SPINLOCK(name) spinlock_t name = {STANDIN_LOCK_INIT}
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = {STANDIN_LOCK_INIT}
#define spin_lock_init(spinlock) (*(spinlock) = (spinlock_t){STANDIN_LOCK_INIT})
#define raw_spin_lock_init spin_lock_init

#define spin_lock(spinlock) standin_lock(&(spinlock)->lock)
#define spin_unlock(spinlock) standin_unlock(&(spinlock)->lock, "spin_unlock")
#define spin_trylock(spinlock) ((int)standin_try_lock(&(spinlock)->lock))
#define spin_is_locked(spinlock) ((spinlock)->lock.owner != 0)
#define assert_spin_locked(spinlock) ((void)(spinlock))
#define spin_lock_nested(spinlock, subclass) spin_lock(spinlock)
#define spin_lock_irq spin_lock
#define spin_unlock_irq spin_unlock
#define spin_lock_bh spin_lock
#define spin_unlock_bh spin_unlock
#define spin_lock_irqsave(spinlock, flags) ((void)((flags) = 0), spin_lock(spinlock))
#define spin_unlock_irqrestore(spinlock, flags) ((void)(flags), spin_unlock(spinlock))
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_trylock spin_trylock
#define raw_spin_lock_irq spin_lock
#define raw_spin_unlock_irq spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore
#define local_irq_save(flags) ((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)
#define local_bh_disable() ((void)0)
#define local_bh_enable() ((void)0)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)

DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irq, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_bh, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(raw_spinlock, raw_spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock_irq, raw_spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1_COND(spinlock, _try, spin_trylock(_T->lock))

#endif
