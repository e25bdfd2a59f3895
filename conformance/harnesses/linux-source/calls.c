/* SPDX-License-Identifier: MIT */
/* The calls of a caller, in the way that caller.h tells of. */
#include "caller.h"

/*
 * Callers leave the token in the object when the registration fails, as vhost-vdpa did; VFIO has cleared it since 2020 to
 * get around what the manager otherwise does. The interrupt goes back to what it was: of an object that is registered it
 * is the caller's own word that the consumer will see, and no manager can keep it from being written over.
 */
int caller_register_producer(struct irq_bypass_producer *producer, void *token, int irq)
{
#if CALLER_PASSES == 2
	return irq_bypass_register_producer(producer, token, irq);
#else
	int status;
#ifdef CALLER_IRQ
	int before = producer->CALLER_IRQ;

	producer->CALLER_IRQ = irq;
#endif
#if CALLER_PASSES == 0
	producer->CALLER_TOKEN = token;
	status = irq_bypass_register_producer(producer);
#else
	status = irq_bypass_register_producer(producer, token);
#endif
#ifdef CALLER_IRQ
	if (status)
		producer->CALLER_IRQ = before;
#endif
	return status;
#endif
}

int caller_register_consumer(struct irq_bypass_consumer *consumer, void *token)
{
#if CALLER_PASSES == 0
	consumer->CALLER_TOKEN = token;
	return irq_bypass_register_consumer(consumer);
#else
	return irq_bypass_register_consumer(consumer, token);
#endif
}

const int *caller_irq(const struct irq_bypass_producer *producer)
{
#ifdef CALLER_IRQ
	return (const int *)&producer->CALLER_IRQ;
#else
	(void)producer;
	return NULL;
#endif
}

#ifdef CALLER_TOKEN
void caller_overwrite_producer(struct irq_bypass_producer *producer, void *token)
{
	producer->CALLER_TOKEN = token;
}

void caller_overwrite_consumer(struct irq_bypass_consumer *consumer, void *token)
{
	consumer->CALLER_TOKEN = token;
}
#endif
