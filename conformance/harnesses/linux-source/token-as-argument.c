/* SPDX-License-Identifier: MIT */
/* Callers from Linux 6.17: the token, an eventfd, and the interrupt are arguments, and the manager owns the fields. */
#include "caller.h"

const bool caller_allocates = true;

int caller_register_producer(struct irq_bypass_producer *producer, void *token, int irq)
{
	return irq_bypass_register_producer(producer, token, irq);
}

int caller_register_consumer(struct irq_bypass_consumer *consumer, void *token)
{
	return irq_bypass_register_consumer(consumer, token);
}

void caller_overwrite_producer(struct irq_bypass_producer *producer, void *token)
{
	producer->eventfd = token;
}

void caller_overwrite_consumer(struct irq_bypass_consumer *consumer, void *token)
{
	consumer->eventfd = token;
}
