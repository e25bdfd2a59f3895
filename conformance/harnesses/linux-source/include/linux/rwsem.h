/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RWSEM_H
#define STANDIN_LINUX_RWSEM_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/standin-lock.h>

struct rw_semaphore {
	struct standin_shared shared;
};

#define __RWSEM_INITIALIZER(name) {{.writer = 0}}
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)
#define init_rwsem(rwsem) (*(rwsem) = (struct rw_semaphore)__RWSEM_INITIALIZER(rwsem))

#define down_read(rwsem) standin_read_lock(&(rwsem)->shared)
#define down_read_interruptible(rwsem) (down_read(rwsem), 0)
#define down_read_killable(rwsem) (down_read(rwsem), 0)
#define down_read_nested(rwsem, subclass) down_read(rwsem)
#define up_read(rwsem) standin_read_unlock(&(rwsem)->shared, "up_read")
#define down_write(rwsem) standin_write_lock(&(rwsem)->shared)
#define down_write_killable(rwsem) (down_write(rwsem), 0)
#define down_write_nested(rwsem, subclass) down_write(rwsem)
#define down_write_trylock(rwsem) ((int)standin_try_write_lock(&(rwsem)->shared))
#define up_write(rwsem) standin_write_unlock(&(rwsem)->shared, "up_write")
#define downgrade_write(rwsem) standin_downgrade(&(rwsem)->shared)
#define rwsem_is_locked(rwsem) ((rwsem)->shared.writer || (rwsem)->shared.readers)

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_GUARD_COND(rwsem_read, _intr, (down_read(_T), true))
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))
DEFINE_GUARD_COND(rwsem_write, _kill, (down_write(_T), true))

#endif
