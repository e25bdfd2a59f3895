// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Calls the manager: what differs between its generations.
 *
 *     up to Linux 6.16   the caller writes the token, and the interrupt, into the object and then registers it
 *     from 6.17 on       both are arguments, and the manager owns the fields
 *
 * Callers of the first kind leave the token where it is when the registration fails, as vhost-vdpa did; VFIO has
 * cleared it since 2020 to get around what the manager otherwise does.
 *
 * The functions are looked up by name when the agent attaches, and the agent does not depend on the manager's module:
 * so the module can be replaced while the agent stays.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "agent-internal.h"

/* Up to 6.16 every registration holds the module, and a defective unregistration lets go of it once too often. */
#define REFERENCES 256

static typeof(&irq_bypass_register_producer) register_producer;
static typeof(&irq_bypass_unregister_producer) unregister_producer;
static typeof(&irq_bypass_register_consumer) register_consumer;
static typeof(&irq_bypass_unregister_consumer) unregister_consumer;

/* The manager's module; NULL when it is built into the kernel. */
static struct module *module;
static unsigned int references;

/*
 * Tokens are addresses that nothing lies at. They are the lowest because the manager of 6.17 and later puts them into a
 * tree that is as high as they are: the operations do the same for addresses at the other end, and cost far more.
 */
static void *token_address(s32 token)
{
	return token < 0 ? NULL : (void *)(1 + (unsigned long)token);
}

#ifdef AGENT_TOKEN_AS_ARGUMENT

const bool manager_token_as_argument = true;

int manager_register(struct player_object *object, s32 token, int irq)
{
	void *address = token_address(token);
	int status;

	if (object->planned->is_producer)
		status = register_producer(&object->producer, address, irq);
	else
		status = register_consumer(&object->consumer, address);
	if (!address && !status)
		object->holds_null = true;
	return status;
}

void manager_overwrite_token(struct player_object *object, s32 token)
{
	if (object->planned->is_producer)
		object->producer.eventfd = token_address(token);
	else
		object->consumer.eventfd = token_address(token);
}

/* What is registered under the null token cannot be unregistered: the manager takes it for not registered. */
static bool give_back(struct player_object *object)
{
	manager_unregister(object);
	return !object->holds_null;
}

#else

const bool manager_token_as_argument;

/* The interrupt of a producer that is refused goes back to what it was, as in ../../linux-source/calls.c. */
int manager_register(struct player_object *object, s32 token, int irq)
{
	if (object->planned->is_producer) {
		int before = object->producer.irq, status;

		object->producer.token = token_address(token);
		object->producer.irq = irq;
		status = register_producer(&object->producer);
		if (status)
			object->producer.irq = before;
		return status;
	}
	object->consumer.token = token_address(token);
	return register_consumer(&object->consumer);
}

void manager_overwrite_token(struct player_object *object, s32 token)
{
	if (object->planned->is_producer)
		object->producer.token = token_address(token);
	else
		object->consumer.token = token_address(token);
}

/* Under a token that nobody else has, the object itself is found or nothing is, and it has no partner. */
static bool give_back(struct player_object *object)
{
	void *own = (void *)object;

	if (object->planned->is_producer)
		object->producer.token = own;
	else
		object->consumer.token = own;
	manager_unregister(object);
	return true;
}

#endif

void manager_unregister(struct player_object *object)
{
	if (object->planned->is_producer)
		unregister_producer(&object->producer);
	else
		unregister_consumer(&object->consumer);
}

/* vhost-vdpa once did this to a registered producer. */
void manager_wipe(struct player_object *object)
{
	if (object->planned->is_producer) {
		struct irq_bypass_producer kept = object->producer;

		memset(&object->producer, 0, sizeof(kept));
		object->producer.stop = kept.stop;
		object->producer.start = kept.start;
		object->producer.add_consumer = kept.add_consumer;
		object->producer.del_consumer = kept.del_consumer;
	} else {
		struct irq_bypass_consumer kept = object->consumer;

		memset(&object->consumer, 0, sizeof(kept));
		object->consumer.stop = kept.stop;
		object->consumer.start = kept.start;
		object->consumer.add_producer = kept.add_producer;
		object->consumer.del_producer = kept.del_producer;
	}
}

static void hold_module(void)
{
	if (!module)
		return;
	while (module_refcount(module) < references)
		__module_get(module);
	while (module_refcount(module) > references)
		module_put(module);
}

bool manager_tidy_up(void)
{
	unsigned int i;
	bool clean = true;

	for (i = 0; i < object_count; i++)
		if (!give_back(&objects[i]))
			clean = false;
	return clean;
}

bool manager_reset(void)
{
	if (!reset_possible())
		return false;
	reset_manager();
	if (module)
		reset_reports(module);
	hold_module();
	return true;
}

bool manager_can_fail_allocations(void)
{
	return manager_token_as_argument && IS_ENABLED(CONFIG_FAILSLAB);
}

/* Init has set up the fault injection so that every allocation of a thread with this mark fails. */
void manager_set_memory(bool available)
{
#ifdef CONFIG_FAILSLAB
	current->make_it_fail = !available;
#endif
}

int manager_attach(void)
{
	register_producer = symbol_get(irq_bypass_register_producer);
	unregister_producer = symbol_get(irq_bypass_unregister_producer);
	register_consumer = symbol_get(irq_bypass_register_consumer);
	unregister_consumer = symbol_get(irq_bypass_unregister_consumer);
	if (!register_producer || !unregister_producer || !register_consumer || !unregister_consumer) {
		manager_detach();
		return -ENOENT;
	}
	references = REFERENCES;
	hold_module();
	reset_attach(module);
	return 0;
}

void manager_detach(void)
{
	if (module)
		references = 4;
	hold_module();
	if (register_producer)
		symbol_put(irq_bypass_register_producer);
	if (unregister_producer)
		symbol_put(irq_bypass_unregister_producer);
	if (register_consumer)
		symbol_put(irq_bypass_register_consumer);
	if (unregister_consumer)
		symbol_put(irq_bypass_unregister_consumer);
	register_producer = NULL;
	unregister_producer = NULL;
	register_consumer = NULL;
	unregister_consumer = NULL;
}

static int see_module(struct notifier_block *block, unsigned long state, void *pointer)
{
	struct module *one = pointer;

	if (strcmp(one->name, "irqbypass"))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_LIVE)
		module = one;
	else if (state == MODULE_STATE_GOING)
		module = NULL;
	return NOTIFY_DONE;
}

static struct notifier_block modules = { .notifier_call = see_module };

int manager_begin(void)
{
	return register_module_notifier(&modules);
}
