/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How the agent works inside.
 *
 *     device.c     the device: programs in, endings out
 *     plan.c       reads a program
 *     lanes.c      runs its lanes, each in a thread, and sees how they end
 *     gates.c      holds lanes where they are to meet
 *     player.c     plays producers and consumers: calls the operations, answers the manager's callbacks
 *     recorder.c   records what happens in one sequence, the kernel's log and the death of a thread included
 *     manager.c    calls the manager: what differs between its generations
 *     reset.c      makes the manager as new
 */
#ifndef AGENT_INTERNAL_H
#define AGENT_INTERNAL_H

#include <linux/irqbypass.h>
#include <linux/sched.h>

#include "agent.h"

/* A producer or a consumer of the running program, as VFIO and KVM have them: the manager's struct inside our own. */
struct player_object {
	const struct agent_object *planned;
	const s32 *results;
	atomic_t adds;
	/* Registered under the null token: some managers cannot take that back. */
	bool holds_null;
	union {
		struct irq_bypass_producer producer;
		struct irq_bypass_consumer consumer;
	};
};

/* Where a lane is: between two operations, inside one, or held at a gate before one or in a callback. */
enum lane_stage { LANE_OUTSIDE, LANE_INSIDE, LANE_HELD_BEFORE, LANE_HELD_INSIDE };

/* A lane has a thread of its own, which lives until it dies in the kernel. */
struct lane {
	unsigned int number;
	struct task_struct *task;
	const struct agent_operation *operations;
	unsigned int operation_count;
	/* Set to start the thread's work; set by the thread at its end. */
	bool start;
	bool finished;
	/* The thread has met an oops, and will exit. */
	bool dying;
	enum lane_stage stage;
	/* The gate that holds it. */
	unsigned int gate;
	/* Operations called, and returned. */
	unsigned int called;
	unsigned int returned;
	/* How often the thread had fallen asleep, and one, when it was seen asleep; 0 when it was awake. */
	unsigned long nvcsw;
};

/* The program's arrays, one behind the other. */
struct plan {
	const struct agent_program *program;
	const struct agent_object *objects;
	const s32 *results;
	const struct agent_reentry *reentries;
	const struct agent_lane *lanes;
	const struct agent_operation *operations;
	const struct agent_gate *gates;
};

/* plan.c */
/* Finds the arrays of the program in the shared memory. False when it makes no sense. */
bool plan_read(struct plan *plan);

/* lanes.c */
extern struct lane lanes[AGENT_MOST_LANES];
extern unsigned int lane_count;
extern struct wait_queue_head lanes_changed;
/* Runs the program in the shared memory, and tells how it ended. */
long lanes_run(struct agent_ending *ending);
/* The lane whose thread this is; NULL when it is none of ours. */
struct lane *lane_of(const struct task_struct *task);

/* The thread is out of the manager, because it is through or because it is no more. */
bool has_left(const struct lane *lane);
unsigned int task_state(const struct task_struct *task);

/* gates.c */
void gates_begin(const struct plan *plan);
/* Holds a lane before it calls its next operation, if a gate waits for that and was not met. */
void gates_before_call(struct lane *lane);
/* The calling thread has called an operation; a lane has returned from one. */
void gates_called(void);
void gates_returned(struct lane *lane);
/* The calling thread is in a callback. */
void gates_in_callback(unsigned int object, enum agent_callback callback);
/* Whether a lane is held. As long as one is, lanes are to be looked at. */
bool gates_hold(void);
void gates_look(void);

/* player.c */
extern struct player_object *objects;
extern unsigned int object_count;
int player_begin(void);
/* Makes the objects of a program anew. */
void player_cast(const struct plan *plan);
void player_call(const struct agent_operation *operation);
/* The object's place in the program, or AGENT_NOBODY when the pointer is none of ours. */
unsigned int index_of(const struct player_object *object);
struct player_object *object_of_producer(struct irq_bypass_producer *producer);
struct player_object *object_of_consumer(struct irq_bypass_consumer *consumer);

/* recorder.c */
extern struct agent_memory *memory;
extern bool recording;
/* A warning, or another report of the kernel, was logged while a program ran. */
extern bool warned;
extern bool endless;
int recorder_begin(void);
bool recorder_hears_log(void);
void recorder_clear(void);
/* Lanes wait after each event until it was taken. */
extern bool streaming;
void record(struct agent_event event);

/* manager.c */
int manager_begin(void);
int manager_attach(void);
void manager_detach(void);
int manager_register(struct player_object *object, s32 token, int irq);
void manager_unregister(struct player_object *object);
void manager_overwrite_token(struct player_object *object, s32 token);
void manager_wipe(struct player_object *object);
/* Unregisters every object of the program. False when something stays in the manager nevertheless. */
bool manager_tidy_up(void);
/* Makes the manager as new, whatever has become of it. False when that is not possible here. */
bool manager_reset(void);
bool manager_can_fail_allocations(void);
void manager_set_memory(bool available);

extern const bool manager_token_as_argument;

/* reset.c */
struct module;
void reset_attach(const struct module *module);
bool reset_possible(void);
void reset_manager(void);
/* What the manager reports once a boot, it reports once a program. */
void reset_reports(struct module *module);

#endif
