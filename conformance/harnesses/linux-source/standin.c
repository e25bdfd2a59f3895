/* SPDX-License-Identifier: MIT */
#include "standin.h"

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "../c/irqbypass_adapter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct standin_state *states;
/* Counts programs, from 1. */
static unsigned long program = 1;
static _Thread_local bool no_memory;

struct module standin_module;

void standin_log(const char *level, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	adapter_log(level, text);
}

bool standin_once(unsigned long *seen)
{
	bool first = *seen != program;

	*seen = program;
	return first;
}

void *standin_allocate(size_t size)
{
	return no_memory ? NULL : calloc(1, size);
}

void standin_free(const void *memory)
{
	free((void *)memory);
}

void standin_set_memory(bool available)
{
	no_memory = !available;
}

void standin_enter_state(struct standin_state *state)
{
	state->next = states;
	states = state;
}

void standin_reset(void)
{
	for (struct standin_state *state = states; state; state = state->next)
		state->reset(state->variable);
	standin_module.references = 0;
	program++;
}

/* --- linux/module.h --- */

bool try_module_get(struct module *module)
{
	module->references++;
	return true;
}

void __module_get(struct module *module)
{
	module->references++;
}

void module_put(struct module *module)
{
	if (module->references-- <= 0)
		standin_log("warning", "module_put() without a reference to put");
}

/* --- linux/mutex.h --- */

void standin_reset_mutex(void *pointer)
{
	struct mutex *mutex = pointer;

	pthread_mutex_init(&mutex->lock, NULL);
	mutex->owner = 0;
}

void mutex_lock(struct mutex *mutex)
{
	unsigned int me = adapter_lane() + 1;

	if (mutex->owner == me) {
		char text[64];

		snprintf(text, sizeof(text), "lane %u takes the lock that it holds", me - 1);
		adapter_hang(text);
	}
	pthread_mutex_lock(&mutex->lock);
	mutex->owner = me;
}

void mutex_unlock(struct mutex *mutex)
{
	if (mutex->owner != adapter_lane() + 1) {
		standin_log("warning", "mutex_unlock() of a mutex that the caller does not hold");
		return;
	}
	mutex->owner = 0;
	pthread_mutex_unlock(&mutex->lock);
}

/* --- linux/xarray.h --- */

struct standin_slot {
	unsigned long index;
	/* A slot may hold NULL: inserting NULL reserves the index. */
	void *entry;
};

void standin_reset_xarray(void *pointer)
{
	struct xarray *xarray = pointer;

	free(xarray->slots);
	*xarray = (struct xarray){NULL, 0, 0};
}

static struct standin_slot *find(struct xarray *xarray, unsigned long index)
{
	for (size_t i = 0; i < xarray->count; i++)
		if (xarray->slots[i].index == index)
			return &xarray->slots[i];
	return NULL;
}

/* An entry that the array keeps for itself: no aligned pointer is one. */
static bool is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

static int append(struct xarray *xarray, unsigned long index, void *entry)
{
	if (no_memory)
		return -ENOMEM;
	if (xarray->count == xarray->room) {
		size_t room = xarray->room ? 2 * xarray->room : 8;
		struct standin_slot *slots = realloc(xarray->slots, room * sizeof(*slots));

		if (!slots)
			return -ENOMEM;
		xarray->slots = slots;
		xarray->room = room;
	}
	xarray->slots[xarray->count++] = (struct standin_slot){index, entry};
	return 0;
}

int xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	(void)flags;
	if (WARN_ON_ONCE(is_internal(entry)))
		return -EINVAL;
	if (find(xarray, index))
		return -EBUSY;
	return append(xarray, index, entry);
}

static void *as_error(int status)
{
	return (void *)(((unsigned long)status << 2) | 2);
}

void *xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	struct standin_slot *slot = find(xarray, index);
	int status;

	(void)flags;
	if (WARN_ON_ONCE(is_internal(entry)))
		return as_error(-EINVAL);
	if (!entry)
		return xa_erase(xarray, index);
	if (slot) {
		void *old = slot->entry;

		slot->entry = entry;
		return old;
	}
	status = append(xarray, index, entry);
	return status ? as_error(status) : NULL;
}

void *xa_load(struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = find(xarray, index);

	return slot ? slot->entry : NULL;
}

void *xa_erase(struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = find(xarray, index);
	void *entry;

	if (!slot)
		return NULL;
	entry = slot->entry;
	*slot = xarray->slots[--xarray->count];
	return entry;
}

void *xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags)
{
	void *now = xa_load(xarray, index);

	if (now != old)
		return now;

	void *stored = xa_store(xarray, index, entry, flags);

	return xa_is_err(stored) ? stored : now;
}
