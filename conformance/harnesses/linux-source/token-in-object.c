/* SPDX-License-Identifier: MIT */
/*
 * Callers up to Linux 6.16: they write the token, and the interrupt, into the object and then register it. They leave
 * both there when the registration fails, as vhost-vdpa did; VFIO has cleared the token since 2020 to get around what
 * the manager otherwise does.
 */
#include "caller.h"

const bool caller_allocates = false;

int caller_register_producer(struct irq_bypass_producer *producer, void *token, int irq)
{
	producer->token = token;
	producer->irq = irq;
	return irq_bypass_register_producer(producer);
}

int caller_register_consumer(struct irq_bypass_consumer *consumer, void *token)
{
	consumer->token = token;
	return irq_bypass_register_consumer(consumer);
}

void caller_overwrite_producer(struct irq_bypass_producer *producer, void *token)
{
	producer->token = token;
}

void caller_overwrite_consumer(struct irq_bypass_consumer *consumer, void *token)
{
	consumer->token = token;
}
