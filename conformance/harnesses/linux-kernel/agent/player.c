// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Plays producers and consumers: runs the operations of a program and answers the manager's callbacks.
 *
 * Each lane runs in a thread of its own and not in that of the caller: when the manager makes the kernel oops, only
 * that thread dies, and the caller lives to tell.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/version.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "agent-internal.h"

/* Threads that wait for a lock, all of them, for so long without an event, wait for ever. */
#define DEADLOCK_MS 500

struct lane lanes[AGENT_MOST_LANES];
unsigned int lane_count;
DECLARE_WAIT_QUEUE_HEAD(lanes_changed);
struct player_object *objects;
unsigned int object_count;

static const struct agent_reentry *reentries;
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

unsigned int index_of(const struct player_object *object)
{
	unsigned long distance = (unsigned long)object - (unsigned long)objects;

	if (distance % sizeof(*object) || distance / sizeof(*object) >= object_count)
		return AGENT_NOBODY;
	return distance / sizeof(*object);
}

struct player_object *object_of_producer(struct irq_bypass_producer *producer)
{
	return container_of(producer, struct player_object, producer);
}

struct player_object *object_of_consumer(struct irq_bypass_consumer *consumer)
{
	return container_of(consumer, struct player_object, consumer);
}

/* --- Operations --- */

static void run_operation(const struct agent_operation *operation)
{
	struct player_object *object = &objects[operation->object];
	bool registers = operation->kind == AGENT_REGISTER_PRODUCER || operation->kind == AGENT_REGISTER_CONSUMER;
	int status = 0;

	record((struct agent_event){ .type = AGENT_CALL,
				     .what = operation->kind,
				     .flag = operation->no_memory,
				     .object = operation->object,
				     .counterpart = AGENT_NOBODY,
				     .value = operation->token,
				     .second = operation->irq });
	if (operation->no_memory)
		manager_set_memory(false);
	switch (operation->kind) {
	case AGENT_REGISTER_PRODUCER:
	case AGENT_REGISTER_CONSUMER:
		status = manager_register(object, operation->token, operation->irq);
		break;
	case AGENT_UNREGISTER_PRODUCER:
	case AGENT_UNREGISTER_CONSUMER:
		manager_unregister(object);
		break;
	case AGENT_OVERWRITE_TOKEN:
		manager_overwrite_token(object, operation->token);
		break;
	case AGENT_WIPE_OBJECT:
		manager_wipe(object);
		break;
	}
	if (operation->no_memory)
		manager_set_memory(true);
	record((struct agent_event){ .type = AGENT_RETURN, .flag = registers, .counterpart = AGENT_NOBODY, .value = status });
}

/* --- Callbacks --- */

static void reenter(const struct player_object *object, enum agent_callback callback)
{
	const struct agent_object *planned = object->planned;
	unsigned int i;

	for (i = 0; i < planned->reentry_count; i++)
		if (reentries[planned->first_reentry + i].callback == callback)
			run_operation(&reentries[planned->first_reentry + i].operation);
}

static int call(struct player_object *object, enum agent_callback callback, const struct player_object *other, int irq)
{
	bool adds = callback == AGENT_ADD;
	unsigned int index = index_of(object);
	int result = 0;

	/* The manager is being cleaned up, or calls about something that is none of ours. */
	if (!READ_ONCE(recording) || index == AGENT_NOBODY)
		return 0;
	if (adds) {
		unsigned int add = atomic_fetch_inc(&object->adds);

		if (add < object->planned->result_count)
			result = object->results[add];
	}
	record((struct agent_event){ .type = AGENT_ENTER,
				     .what = callback,
				     .object = index,
				     .counterpart = other ? index_of(other) : AGENT_NOBODY,
				     .value = irq });
	if (object->planned->reentry_count)
		reenter(object, callback);
	record((struct agent_event){ .type = AGENT_LEAVE,
				     .what = callback,
				     .flag = adds,
				     .object = index,
				     .counterpart = AGENT_NOBODY,
				     .value = result });
	return result;
}

static int on_add_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	return call(object_of_producer(producer), AGENT_ADD, object_of_consumer(consumer), 0);
}

static void on_del_consumer(struct irq_bypass_producer *producer, struct irq_bypass_consumer *consumer)
{
	call(object_of_producer(producer), AGENT_DEL, object_of_consumer(consumer), 0);
}

static void on_producer_stop(struct irq_bypass_producer *producer)
{
	call(object_of_producer(producer), AGENT_STOP, NULL, 0);
}

static void on_producer_start(struct irq_bypass_producer *producer)
{
	call(object_of_producer(producer), AGENT_START, NULL, 0);
}

static int on_add_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	return call(object_of_consumer(consumer), AGENT_ADD, object_of_producer(producer), producer->irq);
}

static void on_del_producer(struct irq_bypass_consumer *consumer, struct irq_bypass_producer *producer)
{
	call(object_of_consumer(consumer), AGENT_DEL, object_of_producer(producer), 0);
}

static void on_consumer_stop(struct irq_bypass_consumer *consumer)
{
	call(object_of_consumer(consumer), AGENT_STOP, NULL, 0);
}

static void on_consumer_start(struct irq_bypass_consumer *consumer)
{
	call(object_of_consumer(consumer), AGENT_START, NULL, 0);
}

static void create_object(struct player_object *object, const struct agent_object *planned, const s32 *results)
{
	unsigned int callbacks = planned->callbacks;

	memset(object, 0, sizeof(*object));
	object->planned = planned;
	object->results = results + planned->first_result;
	if (planned->is_producer) {
		object->producer.stop = callbacks & 1 << AGENT_STOP ? on_producer_stop : NULL;
		object->producer.start = callbacks & 1 << AGENT_START ? on_producer_start : NULL;
		object->producer.add_consumer = callbacks & 1 << AGENT_ADD ? on_add_consumer : NULL;
		object->producer.del_consumer = callbacks & 1 << AGENT_DEL ? on_del_consumer : NULL;
	} else {
		object->consumer.stop = callbacks & 1 << AGENT_STOP ? on_consumer_stop : NULL;
		object->consumer.start = callbacks & 1 << AGENT_START ? on_consumer_start : NULL;
		object->consumer.add_producer = callbacks & 1 << AGENT_ADD ? on_add_producer : NULL;
		object->consumer.del_producer = callbacks & 1 << AGENT_DEL ? on_del_producer : NULL;
	}
}

/* --- A program --- */

/* The program's arrays, one behind the other. */
struct plan {
	const struct agent_program *program;
	const struct agent_object *objects;
	const s32 *results;
	const struct agent_reentry *reentries;
	const struct agent_lane *lanes;
	const struct agent_operation *operations;
};

static bool fits(const struct agent_operation *operation, const struct agent_object *planned, u32 count)
{
	bool is_producer;

	if (operation->object >= count || operation->kind > AGENT_WIPE_OBJECT)
		return false;
	is_producer = planned[operation->object].is_producer;
	switch (operation->kind) {
	case AGENT_REGISTER_PRODUCER:
	case AGENT_UNREGISTER_PRODUCER:
		return is_producer;
	case AGENT_REGISTER_CONSUMER:
	case AGENT_UNREGISTER_CONSUMER:
		return !is_producer;
	}
	return true;
}

static bool within(u64 first, u64 count, u64 all)
{
	return first + count <= all;
}

/* Finds the arrays of the program in the shared memory. False when it makes no sense. */
static bool read_plan(struct plan *plan)
{
	const struct agent_program *program = (const void *)memory->program;
	u64 end = sizeof(*program);
	unsigned int i;

	plan->program = program;
	plan->objects = (const void *)(program + 1);
	end += (u64)program->object_count * sizeof(struct agent_object);
	plan->results = (const void *)(plan->objects + program->object_count);
	end += (u64)program->result_count * sizeof(s32);
	plan->reentries = (const void *)(plan->results + program->result_count);
	end += (u64)program->reentry_count * sizeof(struct agent_reentry);
	plan->lanes = (const void *)(plan->reentries + program->reentry_count);
	end += (u64)program->lane_count * sizeof(struct agent_lane);
	plan->operations = (const void *)(plan->lanes + program->lane_count);
	end += (u64)program->operation_count * sizeof(struct agent_operation);
	if (end > AGENT_PROGRAM_SIZE || program->object_count > AGENT_MOST_OBJECTS || program->lane_count > AGENT_MOST_LANES)
		return false;
	for (i = 0; i < program->object_count; i++) {
		const struct agent_object *planned = &plan->objects[i];

		if (!within(planned->first_result, planned->result_count, program->result_count) ||
		    !within(planned->first_reentry, planned->reentry_count, program->reentry_count))
			return false;
	}
	for (i = 0; i < program->reentry_count; i++)
		if (!fits(&plan->reentries[i].operation, plan->objects, program->object_count))
			return false;
	for (i = 0; i < program->lane_count; i++)
		if (!within(plan->lanes[i].first_operation, plan->lanes[i].operation_count, program->operation_count))
			return false;
	for (i = 0; i < program->operation_count; i++)
		if (!fits(&plan->operations[i], plan->objects, program->object_count))
			return false;
	return true;
}

/* --- Lanes --- */

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
		for (i = 0; i < lane->operation_count; i++)
			run_operation(&lane->operations[i]);
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

/* The thread is out of the manager, because it is through or because it is no more. */
static bool has_left(const struct lane *lane)
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

static unsigned int task_state(const struct task_struct *task)
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
		if (any_dying())
			usleep_range(50, 100);
		else
			wait_event_timeout(lanes_changed, all_left() || any_dying() || READ_ONCE(endless), msecs_to_jiffies(20));
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

long player_run(struct agent_ending *ending)
{
	struct plan plan;
	unsigned int i;

	if (!read_plan(&plan))
		return -EINVAL;
	recorder_clear();
	lane_count = plan.program->lane_count;
	object_count = plan.program->object_count;
	reentries = plan.reentries;
	for (i = 0; i < object_count; i++)
		create_object(&objects[i], &plan.objects[i], plan.results);
	memory->object_count = object_count;
	for (i = 0; i < lane_count; i++) {
		int error = start_lane(i);

		if (error)
			return error;
		lanes[i].operations = plan.operations + plan.lanes[i].first_operation;
		lanes[i].operation_count = plan.lanes[i].operation_count;
		lanes[i].finished = false;
		lanes[i].dying = false;
	}
	atomic_set(&lanes_to_come, lane_count);
	atomic_set(&lanes_to_go, lane_count);
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

int player_begin(void)
{
	objects = vzalloc(array_size(AGENT_MOST_OBJECTS, sizeof(*objects)));
	if (!objects)
		return -ENOMEM;
	memory->first_object = (unsigned long)objects;
	memory->object_size = sizeof(*objects);
	return 0;
}
