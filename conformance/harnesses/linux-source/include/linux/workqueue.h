/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_WORKQUEUE_H
#define STANDIN_LINUX_WORKQUEUE_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/*
 * Work that was queued runs when somebody waits for it, or never: there is nobody beside the callers who would run it.
 * All queues are one, in the order in which the works were queued.
 */
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
};

struct workqueue_struct {
	int unused;
};

#define WORK_CPU_UNBOUND 0
#define WQ_UNBOUND 2u
#define WQ_FREEZABLE 4u
#define WQ_MEM_RECLAIM 8u
#define WQ_HIGHPRI 16u
#define WQ_PERCPU 256u

#define __WORK_INITIALIZER(name, function) {{NULL, NULL}, (function)}
#define DECLARE_WORK(name, function) struct work_struct name = __WORK_INITIALIZER(name, function)
#define DECLARE_DELAYED_WORK(name, function) struct delayed_work name = {__WORK_INITIALIZER(name, function)}
#define INIT_WORK(work, function) (*(work) = (struct work_struct)__WORK_INITIALIZER(work, function))
#define INIT_WORK_ONSTACK INIT_WORK
#define destroy_work_on_stack(work) ((void)(work))
#define INIT_DELAYED_WORK(delayed, function) INIT_WORK(&(delayed)->work, function)
#define to_delayed_work(which) container_of(which, struct delayed_work, work)

static __maybe_unused struct list_head standin_works = LIST_HEAD_INIT(standin_works);
static __maybe_unused DEFINE_SPINLOCK(standin_works_lock);

#define work_pending(work) (READ_ONCE((work)->entry.next) != NULL)
#define delayed_work_pending(delayed) work_pending(&(delayed)->work)

static inline bool schedule_work(struct work_struct *work)
{
	bool idle;

	spin_lock(&standin_works_lock);
	idle = !work_pending(work);
	if (idle)
		list_add_tail(&work->entry, &standin_works);
	spin_unlock(&standin_works_lock);
	return idle;
}

static inline bool cancel_work(struct work_struct *work)
{
	bool pending;

	spin_lock(&standin_works_lock);
	pending = work_pending(work);
	if (pending) {
		list_del(&work->entry);
		work->entry.next = NULL;
	}
	spin_unlock(&standin_works_lock);
	return pending;
}

static inline bool flush_work(struct work_struct *work)
{
	bool pending = cancel_work(work);

	if (pending)
		work->func(work);
	return pending;
}

static inline struct work_struct *standin_first_work(void)
{
	struct work_struct *work;

	spin_lock(&standin_works_lock);
	work = list_first_entry_or_null(&standin_works, struct work_struct, entry);
	spin_unlock(&standin_works_lock);
	return work;
}

static inline void flush_scheduled_work(void)
{
	struct work_struct *work;

	while ((work = standin_first_work()))
		flush_work(work);
}

#define cancel_work_sync cancel_work
#define flush_workqueue(queue) ((void)(queue), flush_scheduled_work())
#define drain_workqueue flush_workqueue
#define queue_work(queue, work) ((void)(queue), schedule_work(work))
#define queue_work_on(cpu, queue, work) queue_work(queue, work)
#define schedule_work_on(cpu, work) schedule_work(work)
#define schedule_delayed_work(delayed, delay) ((void)(delay), schedule_work(&(delayed)->work))
#define queue_delayed_work(queue, delayed, delay) ((void)(queue), schedule_delayed_work(delayed, delay))
#define mod_delayed_work(queue, delayed, delay) (!queue_delayed_work(queue, delayed, delay))
#define flush_delayed_work(delayed) flush_work(&(delayed)->work)
#define cancel_delayed_work(delayed) cancel_work(&(delayed)->work)
#define cancel_delayed_work_sync cancel_delayed_work

#define system_wq ((struct workqueue_struct *)NULL)
#define system_highpri_wq system_wq
#define system_long_wq system_wq
#define system_unbound_wq system_wq
#define system_percpu_wq system_wq
#define system_dfl_wq system_wq
#define alloc_workqueue(name, flags, most, ...) \
	((struct workqueue_struct *)kzalloc(sizeof(struct workqueue_struct), GFP_KERNEL))
#define alloc_ordered_workqueue(name, flags, ...) alloc_workqueue(name, flags, 1)
#define create_workqueue(name) alloc_workqueue(name, 0, 1)
#define create_singlethread_workqueue create_workqueue
#define destroy_workqueue(queue) (flush_workqueue(queue), kfree(queue))

#endif
