/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RCUPDATE_H
#define STANDIN_LINUX_RCUPDATE_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/standin-lock.h>

/*
 * Who reads is counted, and who waits for readers waits until none is left. What is to be done later is done when
 * somebody waits, or never: the program's end does away with all memory.
 */
extern struct standin_shared standin_rcu;

void standin_wait_for_readers(struct standin_shared *readers);
void standin_run_callbacks(struct standin_shared *readers);
void standin_call_later(struct rcu_head *head, void (*function)(struct rcu_head *head));
void standin_free_later(const void *memory);

#define rcu_read_lock() standin_read_lock(&standin_rcu)
#define rcu_read_unlock() standin_read_unlock(&standin_rcu, "rcu_read_unlock")
#define rcu_read_lock_bh rcu_read_lock
#define rcu_read_unlock_bh rcu_read_unlock
#define rcu_read_lock_held() standin_reads(&standin_rcu)
#define synchronize_rcu() standin_run_callbacks(&standin_rcu)
#define synchronize_rcu_expedited() standin_run_callbacks(&standin_rcu)
#define rcu_barrier() standin_run_callbacks(&standin_rcu)
#define call_rcu(head, function) standin_call_later(head, function)
#define call_rcu_hurry call_rcu
#define kfree_rcu(pointer, ...) standin_free_later(pointer)
#define kvfree_rcu(pointer, ...) standin_free_later(pointer)
#define kfree_rcu_mightsleep(pointer) standin_free_later(pointer)
#define kvfree_rcu_mightsleep(pointer) standin_free_later(pointer)

#define RCU_INITIALIZER(value) (value)
#define RCU_INIT_POINTER(pointer, value) WRITE_ONCE(pointer, value)
#define rcu_assign_pointer(pointer, value) __atomic_store_n(&(pointer), (value), __ATOMIC_RELEASE)
#define rcu_dereference(pointer) __atomic_load_n(&(pointer), __ATOMIC_ACQUIRE)
#define rcu_dereference_raw rcu_dereference
#define rcu_dereference_bh rcu_dereference
#define rcu_dereference_check(pointer, condition) rcu_dereference(pointer)
#define rcu_dereference_protected(pointer, condition) (pointer)
#define rcu_access_pointer(pointer) READ_ONCE(pointer)
#define rcu_replace_pointer(pointer, value, condition) __atomic_exchange_n(&(pointer), (value), __ATOMIC_SEQ_CST)
#define unrcu_pointer(pointer) (pointer)
#define rcu_pointer_handoff(pointer) (pointer)
#define RCU_LOCKDEP_WARN(condition, text) ((void)0)
#define init_rcu_head(head) ((void)(head))
#define destroy_rcu_head(head) ((void)(head))

DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

#endif
