/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How the agent module and the program that drives it talk to each other.
 *
 *     init (user space)                                  agent (kernel)
 *       writes a program into the shared memory ────────>
 *       ioctl(AGENT_RUN) ───────────────────────────────> runs it in threads of its own
 *       <─────────────────────────── records events into the shared memory
 *       <──────────────── how it ended: struct agent_ending
 *
 * The memory is mapped by both, so what was recorded survives whatever happens to the thread that recorded it. All
 * numbers are those of the machine; both sides are built from this file.
 */
#ifndef AGENT_H
#define AGENT_H

#ifdef __KERNEL__
#include <linux/ioctl.h>
#include <linux/types.h>
#else
#include <linux/types.h>
#include <sys/ioctl.h>
#endif

#define AGENT_DEVICE "irqbypass-agent"

/* The parts of the shared memory, in bytes. */
#define AGENT_PROGRAM_SIZE (4u << 20)
#define AGENT_EVENTS_SIZE (4u << 20)
#define AGENT_TEXT_SIZE (1u << 20)

#define AGENT_MOST_OBJECTS 4096
#define AGENT_MOST_LANES 16
#define AGENT_MOST_GATES 16

/* --- A program: a header, then objects, results, reentries, lanes, operations and gates, each an array --- */

struct agent_program {
	__u32 object_count;
	__u32 result_count;
	__u32 reentry_count;
	__u32 lane_count;
	__u32 operation_count;
	__u32 gate_count;
	/* Wait after every event until it was taken. */
	__u32 stream;
};

enum agent_callback { AGENT_STOP, AGENT_START, AGENT_ADD, AGENT_DEL };

struct agent_object {
	__u32 is_producer;
	/* A set of 1 << enum agent_callback. */
	__u32 callbacks;
	/* What the n-th add returns, and what its callbacks call. */
	__u32 first_result;
	__u32 result_count;
	__u32 first_reentry;
	__u32 reentry_count;
};

enum agent_operation_kind {
	AGENT_REGISTER_PRODUCER,
	AGENT_UNREGISTER_PRODUCER,
	AGENT_REGISTER_CONSUMER,
	AGENT_UNREGISTER_CONSUMER,
	AGENT_OVERWRITE_TOKEN,
	AGENT_WIPE_OBJECT,
};

struct agent_operation {
	__u32 kind;
	__u32 object;
	/* -1 is the null token. */
	__s32 token;
	__s32 irq;
	__u32 no_memory;
};

struct agent_reentry {
	__u32 callback;
	struct agent_operation operation;
};

struct agent_lane {
	__u32 first_operation;
	__u32 operation_count;
};

/* Where a callback, or the call of an operation, is held until another lane has called an operation or returned from it. */
struct agent_gate {
	/* AGENT_NOBODY where a call is held. */
	__u32 object;
	__u32 callback;
	__u32 held_lane;
	__u32 held_operation;
	__u32 lane;
	__u32 operation;
	__u32 until_returned;
};

/* --- What happened --- */

enum agent_event_type {
	AGENT_CALL,
	AGENT_RETURN,
	AGENT_ENTER,
	AGENT_LEAVE,
	/* A line of the kernel's log that the lane's thread wrote. */
	AGENT_LOG,
	/* A gate let its lane go on, because no lane could. */
	AGENT_GAVE_UP,
};

#define AGENT_NOBODY 0xffffu

struct agent_event {
	__u8 type;
	__u8 lane;
	/* AGENT_CALL: enum agent_operation_kind; AGENT_ENTER, AGENT_LEAVE: enum agent_callback. */
	__u8 what;
	/* AGENT_RETURN, AGENT_LEAVE: there is a status; AGENT_CALL: without memory. */
	__u8 flag;
	__u16 object;
	/* AGENT_ENTER: the object that was passed, or AGENT_NOBODY. */
	__u16 counterpart;
	/* AGENT_CALL: token; AGENT_RETURN, AGENT_LEAVE: status; AGENT_ENTER: irq; AGENT_LOG: where the text begins. */
	__s32 value;
	/* AGENT_CALL: irq; AGENT_LOG: how long the text is. */
	__s32 second;
};

struct agent_memory {
	/* Events recorded; events taken, when streaming; bytes of text. */
	__u32 event_count;
	__u32 taken;
	__u32 text_used;
	/* The addresses of the objects of the program: object n lies at first_object + n * object_size. */
	__u32 object_size;
	__u64 first_object;
	__u32 object_count;
	__u32 padding;
	struct agent_event events[AGENT_EVENTS_SIZE / sizeof(struct agent_event)];
	char text[AGENT_TEXT_SIZE];
	unsigned char program[AGENT_PROGRAM_SIZE];
};

/* --- Requests --- */

enum agent_ended {
	/* All operations returned. */
	AGENT_RETURNED,
	/* A thread of a lane died in the kernel. */
	AGENT_DIED,
	/* Nothing happened for the time of the watchdog, or nothing can happen any more. */
	AGENT_HUNG,
	/* More events than there is room for. */
	AGENT_ENDLESS,
};

struct agent_ending {
	/* In: milliseconds without an event after which a lane hangs. */
	__u32 watchdog;
	/* Out. */
	__u32 ended;
	/* The lane that died or hangs. */
	__u32 lane;
	/* A lane that hangs waits for a lock, and no lane runs that could release it. */
	__u32 deadlock;
	/* The manager is as new: nothing is registered, and the next program may run. */
	__u32 clean;
	/* No thread is inside the manager, so that its module may be replaced. */
	__u32 left;
	/* Reports that are made once a boot were made. */
	__u32 warned;
};

struct agent_facts {
	/* The token is an argument and not a field (from Linux 6.17 on). */
	__u32 token_as_argument;
	/* Allocations of one thread can be made to fail. */
	__u32 can_fail_allocations;
	/* The kernel's log can be charged to its operation. */
	__u32 hears_log;
	/* What the kernel checks, as " list kasan ...". */
	char checks[128];
};

#define AGENT_RUN _IOWR('b', 1, struct agent_ending)
#define AGENT_GET_FACTS _IOR('b', 2, struct agent_facts)
/* Take hold of the manager's functions; let go of them, so that its module can be replaced. */
#define AGENT_ATTACH _IO('b', 3)
#define AGENT_DETACH _IO('b', 4)

#endif
