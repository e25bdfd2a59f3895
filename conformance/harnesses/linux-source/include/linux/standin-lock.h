/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_STANDIN_LOCK_H
#define STANDIN_LINUX_STANDIN_LOCK_H

#include <pthread.h>
#include <stdbool.h>

/* What the kernel's locks are made of here. One of zeros is free, as in an object that was allocated. */
#define STANDIN_LANES 64

struct standin_lock {
	/* The lane that holds it, counted from 1; 0 when nobody does. */
	_Atomic unsigned int owner;
	pthread_mutex_t lock;
};

#define STANDIN_LOCK_INIT {0, PTHREAD_MUTEX_INITIALIZER}

void standin_lock(struct standin_lock *lock);
bool standin_try_lock(struct standin_lock *lock);
void standin_unlock(struct standin_lock *lock, const char *function);
bool standin_holds(struct standin_lock *lock);

/* Many that read, each as often as it likes, or one that writes. */
struct standin_shared {
	/* The lane that writes, counted from 1. */
	_Atomic unsigned int writer;
	unsigned int readers;
	unsigned int reads[STANDIN_LANES];
	pthread_mutex_t gate;
	pthread_cond_t changed;
};

void standin_read_lock(struct standin_shared *shared);
void standin_read_unlock(struct standin_shared *shared, const char *function);
void standin_write_lock(struct standin_shared *shared);
bool standin_try_write_lock(struct standin_shared *shared);
void standin_write_unlock(struct standin_shared *shared, const char *function);
void standin_downgrade(struct standin_shared *shared);
bool standin_reads(struct standin_shared *shared);
bool standin_writes(struct standin_shared *shared);

#endif
