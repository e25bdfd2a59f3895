// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Runs programs. Each lane runs in a thread of its own and not in that of the caller: when the manager makes the kernel
 * oops, only that thread dies, and the caller lives to tell.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "agent-internal.h"

/* Threads that wait for a lock, all of them, for so long without an event, wait for ever. */
#define DEADLOCK_MS 500

struct lane lanes[AGENT_MOST_LANES];
unsigned int lane_count;
DECLARE_WAIT_QUEUE_HEAD(lanes_changed);

static atomic_t lanes_to_come;
static atomic_t lanes_to_go;
/* Every operation returned, and the manager is being made empty. */
static bool cleaning;
static bool cleaned;

struct lane *lane_of(const struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < AGENT_MOST_LANES; i++)
		if (lanes[i].task == task)
			return &lanes[i];
	return NULL;
}

/* Lanes start together, as near as threads can. */
static void meet(void)
{
	atomic_dec(&lanes_to_come);
	while (atomic_read(&lanes_to_come) > 0)
		cond_resched();
}

/*
 * Where the manager cannot be reset, the last lane makes it empty, before anybody is told that the program is over: a
 * lane's thread does that, because the manager may oops in it.
 */
static void tidy_up(void)
{
	WRITE_ONCE(recording, false);
	WRITE_ONCE(cleaning, true);
	WRITE_ONCE(cleaned, manager_tidy_up());
}

static int lane_thread(void *argument)
{
	struct lane *lane = argument;
	unsigned int i;

	for (;;) {
		set_current_state(TASK_IDLE);
		if (!smp_load_acquire(&lane->start)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		lane->start = false;
		if (lane_count > 1)
			meet();
		for (i = 0; i < lane->operation_count; i++) {
			gates_before_call(lane);
			player_call(&lane->operations[i]);
			gates_returned(lane);
		}
		if (atomic_dec_and_test(&lanes_to_go) && !reset_possible())
			tidy_up();
		smp_store_release(&lane->finished, true);
		wake_up(&lanes_changed);
	}
	return 0;
}

static int start_lane(unsigned int number)
{
	struct lane *lane = &lanes[number];
	struct task_struct *task;

	if (lane->task)
		return 0;
	lane->number = number;
	lane->start = false;
	task = kthread_create(lane_thread, lane, "irqbypass-lane%u", number);
	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	/* The first lane runs where its caller waits, which saves a call to another processor and back. */
	kthread_bind(task, number % num_online_cpus());
	lane->task = task;
	wake_up_process(task);
	return 0;
}

static bool has_exited(const struct lane *lane)
{
	return READ_ONCE(lane->task->exit_state) != 0;
}

bool has_left(const struct lane *lane)
{
	return smp_load_acquire(&lane->finished) || (READ_ONCE(lane->dying) && has_exited(lane));
}

static bool all_left(void)
{
	unsigned int i;

	for (i = 0; i < lane_count; i++)
		if (!has_left(&lanes[i]))
			return false;
	return true;
}

static bool any_dying(void)
{
	unsigned int i;

	for (i = 0; i < lane_count; i++)
		if (READ_ONCE(lanes[i].dying))
			return true;
	return false;
}

unsigned int task_state(const struct task_struct *task)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(task->__state);
#else
	return READ_ONCE(task->state);
#endif
}

/* Every lane that has not left waits for a lock. */
static bool all_wait(void)
{
	unsigned int i;

	for (i = 0; i < lane_count; i++)
		if (!has_left(&lanes[i]) && task_state(lanes[i].task) != TASK_UNINTERRUPTIBLE)
			return false;
	return true;
}

/* Waits until every lane has left, or until it is clear that one never will. */
static void wait_for_lanes(struct agent_ending *ending)
{
	u32 seen = READ_ONCE(memory->event_count);
	unsigned long since = jiffies;
	unsigned long waiting_since = jiffies;

	ending->ended = AGENT_RETURNED;
	while (!all_left()) {
		/* Nobody tells when a thread that dies is gone; it takes little. */
		if (any_dying() || gates_hold())
			usleep_range(50, 100);
		else
			wait_event_timeout(lanes_changed, all_left() || any_dying() || gates_hold() || READ_ONCE(endless),
					   msecs_to_jiffies(20));
		if (gates_hold())
			gates_look();
		if (READ_ONCE(endless)) {
			ending->ended = AGENT_ENDLESS;
			return;
		}
		/* A lane that waits until its event was taken does not hang. */
		if (READ_ONCE(memory->event_count) != seen ||
		    (READ_ONCE(streaming) && READ_ONCE(memory->taken) < READ_ONCE(memory->event_count))) {
			seen = READ_ONCE(memory->event_count);
			since = jiffies;
		}
		if (!all_wait())
			waiting_since = jiffies;
		ending->deadlock = time_after(jiffies, waiting_since + msecs_to_jiffies(DEADLOCK_MS)) &&
				   time_after(jiffies, since + msecs_to_jiffies(DEADLOCK_MS));
		if (ending->deadlock || time_after(jiffies, since + msecs_to_jiffies(ending->watchdog))) {
			ending->ended = AGENT_HUNG;
			return;
		}
	}
}

static void describe_ending(struct agent_ending *ending)
{
	unsigned int i;

	ending->left = all_left();
	ending->clean = ending->left && (manager_reset() || (READ_ONCE(cleaned) && !any_dying()));
	if (READ_ONCE(cleaning))
		ending->ended = AGENT_RETURNED;
	else if (any_dying())
		ending->ended = AGENT_DIED;
	for (i = 0; i < lane_count; i++)
		if (ending->ended == AGENT_DIED ? READ_ONCE(lanes[i].dying) : !has_left(&lanes[i]))
			ending->lane = i;
}

/* Threads that died are let go of; new ones take their places with the next program. */
static void bury(void)
{
	unsigned int i;

	for (i = 0; i < AGENT_MOST_LANES; i++) {
		if (!lanes[i].task || !has_exited(&lanes[i]))
			continue;
		put_task_struct(lanes[i].task);
		lanes[i].task = NULL;
	}
}

long lanes_run(struct agent_ending *ending)
{
	struct plan plan;
	unsigned int i;

	if (!plan_read(&plan))
		return -EINVAL;
	recorder_clear();
	lane_count = plan.program->lane_count;
	player_cast(&plan);
	for (i = 0; i < lane_count; i++) {
		int error = start_lane(i);

		if (error)
			return error;
		lanes[i].operations = plan.operations + plan.lanes[i].first_operation;
		lanes[i].operation_count = plan.lanes[i].operation_count;
		lanes[i].finished = false;
		lanes[i].dying = false;
		lanes[i].stage = LANE_OUTSIDE;
		lanes[i].called = 0;
		lanes[i].returned = 0;
	}
	atomic_set(&lanes_to_come, lane_count);
	atomic_set(&lanes_to_go, lane_count);
	gates_begin(&plan);
	cleaning = false;
	cleaned = lane_count == 0;
	streaming = plan.program->stream;
	WRITE_ONCE(recording, true);
	for (i = 0; i < lane_count; i++) {
		smp_store_release(&lanes[i].start, true);
		wake_up_process(lanes[i].task);
	}
	wait_for_lanes(ending);
	WRITE_ONCE(recording, false);
	WRITE_ONCE(streaming, false);
	describe_ending(ending);
	ending->warned = warned;
	bury();
	return 0;
}
