/* SPDX-License-Identifier: MIT */
/*
 * How callers call the manager. Which way is this header's is found by compiling: see caller.ts, which tries each. Only
 * names of functions and fields are used, never a place in a struct.
 *
 *     CALLER_PASSES    0  the token and the interrupt are written into the object: up to Linux 6.16
 *                      1  the token is an argument, the interrupt is written into the object: in between
 *                      2  both are arguments: from Linux 6.17
 *     CALLER_TOKEN     the field that holds the token; undefined where there is none that is known
 *     CALLER_IRQ       the field that holds the interrupt; undefined likewise
 */
#ifndef CALLER_H
#define CALLER_H

#include <linux/irqbypass.h>
#include <linux/types.h>

/*
 * The objects of the caller, as VFIO and KVM have them: the manager's struct inside one of their own. What
 * it is stands at the same place before either, since a manager may pass a callback an object of the other side.
 */
struct caller_producer {
	const char *kind;
	struct adapter_producer *handle;
	struct irq_bypass_producer producer;
	/* Whether its last registration was accepted, and it was not unregistered since. */
	bool registered;
};

struct caller_consumer {
	const char *kind;
	struct adapter_consumer *handle;
	struct irq_bypass_consumer consumer;
};

int caller_register_producer(struct irq_bypass_producer *producer, void *token, int irq);
int caller_register_consumer(struct irq_bypass_consumer *consumer, void *token);
/* Where the interrupt is that the manager shows the consumer; NULL where the object does not hold it. */
const int *caller_irq(const struct irq_bypass_producer *producer);
#ifdef CALLER_TOKEN
void caller_overwrite_producer(struct irq_bypass_producer *producer, void *token);
void caller_overwrite_consumer(struct irq_bypass_consumer *consumer, void *token);
#endif

#endif
