/* SPDX-License-Identifier: MIT */
/* What differs between the two generations of the manager, as its callers see it. */
#ifndef CALLER_H
#define CALLER_H

#include <linux/irqbypass.h>
#include <linux/types.h>

/* The objects of the caller, as VFIO and KVM have them: the manager's struct inside one of their own. */
struct caller_producer {
	struct irq_bypass_producer producer;
	struct adapter_producer *handle;
};

struct caller_consumer {
	struct irq_bypass_consumer consumer;
	struct adapter_consumer *handle;
};

/* Whether registering allocates. */
extern const bool caller_allocates;

int caller_register_producer(struct irq_bypass_producer *producer, void *token, int irq);
int caller_register_consumer(struct irq_bypass_consumer *consumer, void *token);
void caller_overwrite_producer(struct irq_bypass_producer *producer, void *token);
void caller_overwrite_consumer(struct irq_bypass_consumer *consumer, void *token);

#endif
