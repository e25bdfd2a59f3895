// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Records what happens in one sequence over all lanes.
 *
 * The kernel's log is heard at the tracepoint through which every message passes when it is made, in the thread that
 * makes it. So a warning is charged to the very operation in which it comes, and takes its place among the events.
 */
#include <linux/kdebug.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "agent-internal.h"

struct agent_memory *memory;
bool recording;
bool streaming;
bool warned;
bool endless;

static DEFINE_RAW_SPINLOCK(sequence);
static struct tracepoint *console_tracepoint;

/* Nothing more of a program that makes events without end: its thread stops here for good. */
static void stop_endless(void)
{
	WRITE_ONCE(endless, true);
	wake_up(&lanes_changed);
	for (;;)
		schedule_timeout_idle(HZ);
}

static bool append(const struct agent_event *event)
{
	unsigned long flags;
	bool fits;

	raw_spin_lock_irqsave(&sequence, flags);
	fits = memory->event_count < ARRAY_SIZE(memory->events);
	if (fits) {
		memory->events[memory->event_count] = *event;
		smp_store_release(&memory->event_count, memory->event_count + 1);
	}
	raw_spin_unlock_irqrestore(&sequence, flags);
	return fits;
}

void record(struct agent_event event)
{
	struct lane *lane = lane_of(current);

	if (!READ_ONCE(recording))
		return;
	event.lane = lane ? lane->number : 0;
	if (!append(&event))
		stop_endless();
	if (!READ_ONCE(streaming))
		return;
	wake_up(&lanes_changed);
	while (READ_ONCE(memory->taken) < READ_ONCE(memory->event_count) && READ_ONCE(streaming))
		schedule_timeout_idle(1);
}

void recorder_clear(void)
{
	memory->event_count = 0;
	memory->taken = 0;
	memory->text_used = 0;
	warned = false;
	endless = false;
}

/* Runs wherever the kernel logs, so it neither sleeps nor logs. What does not fit is left out. */
static void hear(void *ignored, const char *text, size_t length)
{
	struct lane *lane = lane_of(current);
	struct agent_event event = { .type = AGENT_LOG };
	unsigned long flags;

	if (!READ_ONCE(recording) || !lane)
		return;
	raw_spin_lock_irqsave(&sequence, flags);
	WRITE_ONCE(warned, true);
	if (memory->text_used + length < AGENT_TEXT_SIZE && memory->event_count < ARRAY_SIZE(memory->events)) {
		memcpy(memory->text + memory->text_used, text, length);
		event.lane = lane->number;
		event.value = memory->text_used;
		event.second = length;
		memory->text_used += length;
		memory->events[memory->event_count] = event;
		smp_store_release(&memory->event_count, memory->event_count + 1);
	}
	raw_spin_unlock_irqrestore(&sequence, flags);
}

/*
 * On RISC-V the trap of a BUG counts as an NMI, so that the kernel would panic behind this notifier, whatever it is told
 * of oopses. It came in a thread, which alone is to die. What RCU counts of the NMI it forgets when the processor idles.
 */
static void leave_trap(void)
{
	if (IS_ENABLED(CONFIG_RISCV) && in_nmi())
		preempt_count_sub(NMI_OFFSET + HARDIRQ_OFFSET);
}

static int see_death(struct notifier_block *block, unsigned long what, void *arguments)
{
	struct lane *lane = lane_of(current);

	if (what == DIE_OOPS && lane) {
		leave_trap();
		WRITE_ONCE(lane->dying, true);
		wake_up(&lanes_changed);
	}
	return NOTIFY_DONE;
}

static struct notifier_block deaths = { .notifier_call = see_death };

#ifdef CONFIG_TRACEPOINTS
static void find_console(struct tracepoint *tracepoint, void *ignored)
{
	if (!strcmp(tracepoint->name, "console"))
		console_tracepoint = tracepoint;
}

static void listen(void)
{
	for_each_kernel_tracepoint(find_console, NULL);
	if (console_tracepoint && tracepoint_probe_register(console_tracepoint, hear, NULL))
		console_tracepoint = NULL;
}
#else
static void listen(void)
{
}
#endif

bool recorder_hears_log(void)
{
	return console_tracepoint != NULL;
}

int recorder_begin(void)
{
	memory = vmalloc_user(PAGE_ALIGN(sizeof(*memory)));
	if (!memory)
		return -ENOMEM;
	listen();
	return register_die_notifier(&deaths);
}
