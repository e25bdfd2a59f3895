/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_MUTEX_H
#define STANDIN_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/kernel.h>

#include <pthread.h>
#include <stdatomic.h>

/* A mutex that knows its owner: who takes it twice would wait for ever, and is told so at once. */
struct mutex {
	pthread_mutex_t lock;
	/* The lane that holds it, counted from 1; 0 when nobody does. */
	_Atomic unsigned int owner;
};

#define STANDIN_MUTEX_INIT {PTHREAD_MUTEX_INITIALIZER, 0}
#define DEFINE_MUTEX(name)                                 \
	struct mutex name = STANDIN_MUTEX_INIT             \
	STANDIN_AT_RESET(name, standin_reset_mutex, &name) \
	struct mutex

#define mutex_init(mutex) standin_reset_mutex(mutex)
#define mutex_lock_nested(mutex, subclass) mutex_lock(mutex)
#define mutex_is_locked(mutex) (atomic_load(&(mutex)->owner) != 0)

void standin_reset_mutex(void *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T));

#endif
