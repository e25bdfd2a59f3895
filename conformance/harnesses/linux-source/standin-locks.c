/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Locks that know who holds them: who would wait for itself waits for ever, and is told so at once. */
#include "standin.h"

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwlock.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "../c/irqbypass_adapter.h"

#include <stdio.h>

static unsigned int me(void)
{
	unsigned int lane = adapter_lane();

	if (lane >= STANDIN_LANES)
		adapter_fail("the stand-ins have locks for %d lanes", STANDIN_LANES);
	return lane + 1;
}

static _Noreturn void hang(const char *how)
{
	char text[96];

	snprintf(text, sizeof(text), "lane %u %s", me() - 1, how);
	adapter_hang(text);
}

/* --- One at a time --- */

void standin_lock(struct standin_lock *lock)
{
	if (lock->owner == me())
		hang("takes the lock that it holds");
	pthread_mutex_lock(&lock->lock);
	lock->owner = me();
}

bool standin_try_lock(struct standin_lock *lock)
{
	if (lock->owner == me() || pthread_mutex_trylock(&lock->lock))
		return false;
	lock->owner = me();
	return true;
}

void standin_unlock(struct standin_lock *lock, const char *function)
{
	if (lock->owner != me()) {
		standin_log("warning", "%s() of a lock that the caller does not hold", function);
		return;
	}
	lock->owner = 0;
	pthread_mutex_unlock(&lock->lock);
}

bool standin_holds(struct standin_lock *lock)
{
	return lock->owner == me();
}

/* --- Many that read, or one that writes --- */

void standin_read_lock(struct standin_shared *shared)
{
	if (shared->writer == me())
		hang("reads what it has locked for writing");
	pthread_mutex_lock(&shared->gate);
	/* Who reads already goes on, so that it never waits for a writer that waits for it. */
	while (shared->writer && !shared->reads[me() - 1])
		pthread_cond_wait(&shared->changed, &shared->gate);
	shared->reads[me() - 1]++;
	shared->readers++;
	pthread_mutex_unlock(&shared->gate);
}

void standin_read_unlock(struct standin_shared *shared, const char *function)
{
	pthread_mutex_lock(&shared->gate);
	if (shared->reads[me() - 1]) {
		shared->reads[me() - 1]--;
		shared->readers--;
		pthread_cond_broadcast(&shared->changed);
		pthread_mutex_unlock(&shared->gate);
		return;
	}
	pthread_mutex_unlock(&shared->gate);
	standin_log("warning", "%s() of what the caller does not read", function);
}

void standin_write_lock(struct standin_shared *shared)
{
	if (shared->writer == me() || shared->reads[me() - 1])
		hang("waits for itself");
	pthread_mutex_lock(&shared->gate);
	while (shared->writer || shared->readers)
		pthread_cond_wait(&shared->changed, &shared->gate);
	shared->writer = me();
	pthread_mutex_unlock(&shared->gate);
}

bool standin_try_write_lock(struct standin_shared *shared)
{
	bool taken;

	pthread_mutex_lock(&shared->gate);
	taken = !shared->writer && !shared->readers;
	if (taken)
		shared->writer = me();
	pthread_mutex_unlock(&shared->gate);
	return taken;
}

void standin_write_unlock(struct standin_shared *shared, const char *function)
{
	if (shared->writer != me()) {
		standin_log("warning", "%s() of a lock that the caller does not hold", function);
		return;
	}
	pthread_mutex_lock(&shared->gate);
	shared->writer = 0;
	pthread_cond_broadcast(&shared->changed);
	pthread_mutex_unlock(&shared->gate);
}

void standin_downgrade(struct standin_shared *shared)
{
	pthread_mutex_lock(&shared->gate);
	shared->writer = 0;
	shared->reads[me() - 1]++;
	shared->readers++;
	pthread_cond_broadcast(&shared->changed);
	pthread_mutex_unlock(&shared->gate);
}

bool standin_reads(struct standin_shared *shared)
{
	return shared->reads[me() - 1] != 0;
}

bool standin_writes(struct standin_shared *shared)
{
	return shared->writer == me();
}

/* --- RCU --- */

struct standin_shared standin_rcu;
/* What is to be called when no reader is left that was there when it was asked for. */
static struct rcu_head *pending;
static pthread_mutex_t pending_lock = PTHREAD_MUTEX_INITIALIZER;

static struct rcu_head *take_pending(void)
{
	struct rcu_head *head;

	pthread_mutex_lock(&pending_lock);
	head = pending;
	if (head)
		pending = head->next;
	pthread_mutex_unlock(&pending_lock);
	return head;
}

void standin_wait_for_readers(struct standin_shared *readers)
{
	standin_write_lock(readers);
	standin_write_unlock(readers, __func__);
}

void standin_run_callbacks(struct standin_shared *readers)
{
	standin_wait_for_readers(readers);
	for (struct rcu_head *head = take_pending(); head; head = take_pending())
		head->func(head);
}

void standin_call_later(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	head->func = function;
	pthread_mutex_lock(&pending_lock);
	head->next = pending;
	pending = head;
	pthread_mutex_unlock(&pending_lock);
}

/* At once where nobody reads, so that the sanitizer sees who uses it afterwards; else when the program is over. */
void standin_free_later(const void *memory)
{
	if (!standin_try_write_lock(&standin_rcu))
		return;
	standin_write_unlock(&standin_rcu, __func__);
	standin_free(memory);
}

void standin_reset_locks(void)
{
	standin_rcu = (struct standin_shared){0};
	pending = NULL;
}
