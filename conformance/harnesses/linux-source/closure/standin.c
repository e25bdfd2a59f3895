/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * The stand-ins for the kernel's functions, as in ../standin.c, with all of their memory in a few places that are part
 * of the state, and in one form only for what the manager cannot tell apart:
 *
 * - What is in the arrays is kept in the order of arrays and indices, not in that of insertion.
 * - Memory that is free is zero, and the lowest that is free is taken.
 * - A warning that is given once a program is given once an operation, and leaves nothing behind.
 */
#include "closure.h"

#include "../standin.h"

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool no_memory;
bool standin_outgrown;

/* What there is of what is counted. */
static struct counted {
	size_t slots;
	size_t locks;
} counted;

struct module standin_module;

void standin_set_memory(bool available)
{
	no_memory = !available;
}

void standin_log(const char *level, const char *format, ...)
{
	struct event *event = run_event(LOGGED);
	size_t room;
	char *text = run_text(&room);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, room, format, arguments);
	va_end(arguments);
	if (room)
		run_text_used(strnlen(text, room - 1) + 1);
	event->level = level;
	event->text = room ? text : "";
}

bool standin_once(unsigned long *seen)
{
	(void)seen;
	return true;
}

/* Every state is put back as a whole. */
void standin_enter_state(struct standin_state *state)
{
	(void)state;
}

/* --- Memory --- */

#define PIECE 32
#define PIECES 1024

static char arena[PIECES][PIECE] __attribute__((aligned(16)));
/* How many pieces each allocation has, at its first; 255 at the others. Allocations are short. */
static unsigned char taken[PIECES];
static size_t arena_used, taken_used;

#define GOES_ON 255

void *standin_allocate(size_t size)
{
	size_t pieces = size ? (size + PIECE - 1) / PIECE : 1;

	if (no_memory)
		return NULL;
	for (size_t at = 0; pieces < GOES_ON && at + pieces <= PIECES; at++) {
		size_t free = 0;

		while (free < pieces && !taken[at + free])
			free++;
		if (free < pieces) {
			at += free;
			continue;
		}
		memset(&taken[at], GOES_ON, pieces);
		taken[at] = (unsigned char)pieces;
		if (taken_used < at + pieces) {
			taken_used = at + pieces;
			arena_used = taken_used * PIECE;
		}
		return arena[at];
	}
	standin_outgrown = true;
	return NULL;
}

void standin_free(const void *memory)
{
	size_t at = (size_t)((const char *)memory - arena[0]) / PIECE;

	if (!memory)
		return;
	if ((const char *)memory < arena[0] || at >= PIECES || memory != arena[at] || !taken[at] || taken[at] == GOES_ON)
		run_crash("memory is freed that was not allocated");
	memset(arena[at], 0, (size_t)taken[at] * PIECE);
	memset(&taken[at], 0, taken[at]);
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

	memset(mutex, 0, sizeof(*mutex));
}

void mutex_lock(struct mutex *mutex)
{
	run_point(POINT_LOCK, mutex, __builtin_return_address(0));
	if (mutex->owner)
		run_hang("lane 0 takes the lock that it holds");
	mutex->owner = run_lane() + 1;
	counted.locks++;
}

void mutex_unlock(struct mutex *mutex)
{
	run_point(POINT_UNLOCK, mutex, __builtin_return_address(0));
	if (mutex->owner != run_lane() + 1) {
		standin_log("warning", "mutex_unlock() of a mutex that the caller does not hold");
		return;
	}
	mutex->owner = 0;
	counted.locks--;
}

bool standin_is_locked(const void *mutex)
{
	return ((const struct mutex *)mutex)->owner != 0;
}

bool standin_holds_locks(void)
{
	return counted.locks != 0;
}

/* --- linux/xarray.h --- */

/* What is in all arrays, in the order of their addresses and indices. */
static struct slot {
	struct xarray *array;
	unsigned long index;
	void *entry;
} slots[64];


static size_t slots_used;

static void drop(size_t at)
{
	counted.slots--;
	memmove(&slots[at], &slots[at + 1], (counted.slots - at) * sizeof(*slots));
	slots[counted.slots] = (struct slot){NULL, 0, NULL};
}

void standin_reset_xarray(void *pointer)
{
	struct xarray *xarray = pointer;

	for (size_t i = counted.slots; i-- > 0;)
		if (slots[i].array == xarray)
			drop(i);
	*xarray = (struct xarray){NULL, 0, 0};
}

/* Where an index is, or would be. */
static size_t place(struct xarray *xarray, unsigned long index)
{
	size_t at = 0;

	/* xa_init() makes an array empty by itself. */
	if (!xarray->count && counted.slots)
		standin_reset_xarray(xarray);
	while (at < counted.slots &&
	       (slots[at].array < xarray || (slots[at].array == xarray && slots[at].index < index)))
		at++;
	return at;
}

static struct slot *find(struct xarray *xarray, unsigned long index)
{
	size_t at = place(xarray, index);

	return at < counted.slots && slots[at].array == xarray && slots[at].index == index ? &slots[at] : NULL;
}

static bool is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

static int insert(struct xarray *xarray, unsigned long index, void *entry)
{
	size_t at = place(xarray, index);

	if (no_memory)
		return -ENOMEM;
	if (counted.slots == ARRAY_SIZE(slots)) {
		standin_outgrown = true;
		return -ENOMEM;
	}
	memmove(&slots[at + 1], &slots[at], (counted.slots - at) * sizeof(*slots));
	slots[at] = (struct slot){xarray, index, entry};
	counted.slots++;
	xarray->count++;
	if (slots_used < counted.slots * sizeof(*slots))
		slots_used = counted.slots * sizeof(*slots);
	return 0;
}

/* Each of the functions is one step to the other lanes: the kernel's array has a lock of its own. */
int xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	int status = -EBUSY;

	(void)flags;
	run_point(POINT_ARRAY, xarray, __builtin_return_address(0));
	if (WARN_ON_ONCE(is_internal(entry)))
		return -EINVAL;
	if (!find(xarray, index))
		status = insert(xarray, index, entry);
	run_saw((uint64_t)status);
	return status;
}

static void *as_error(int status)
{
	return (void *)(((unsigned long)status << 2) | 2);
}

static void *erase(struct xarray *xarray, unsigned long index)
{
	struct slot *slot = find(xarray, index);
	void *entry;

	if (!slot)
		return NULL;
	entry = slot->entry;
	drop((size_t)(slot - slots));
	xarray->count--;
	return entry;
}

static void *load(struct xarray *xarray, unsigned long index)
{
	struct slot *slot = find(xarray, index);

	return slot ? slot->entry : NULL;
}

static void *saw(void *entry)
{
	run_saw((uint64_t)(uintptr_t)entry);
	return entry;
}

static void *store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	struct slot *slot = find(xarray, index);
	int status;

	(void)flags;
	if (WARN_ON_ONCE(is_internal(entry)))
		return as_error(-EINVAL);
	if (!entry)
		return erase(xarray, index);
	if (slot) {
		void *old = slot->entry;

		slot->entry = entry;
		return old;
	}
	status = insert(xarray, index, entry);
	return status ? as_error(status) : NULL;
}

void *xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	run_point(POINT_ARRAY, xarray, __builtin_return_address(0));
	return saw(store(xarray, index, entry, flags));
}

void *xa_load(struct xarray *xarray, unsigned long index)
{
	run_point(POINT_ARRAY, xarray, __builtin_return_address(0));
	return saw(load(xarray, index));
}

void *xa_erase(struct xarray *xarray, unsigned long index)
{
	run_point(POINT_ARRAY, xarray, __builtin_return_address(0));
	return saw(erase(xarray, index));
}

void *xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags)
{
	void *now;

	run_point(POINT_ARRAY, xarray, __builtin_return_address(0));
	now = load(xarray, index);
	if (now != old)
		return saw(now);

	void *stored = store(xarray, index, entry, flags);

	return saw(xa_is_err(stored) ? stored : now);
}

/* --- Their memory --- */

void standin_regions(struct region regions[STANDIN_REGIONS])
{
	regions[0] = (struct region){"the references to the module", &standin_module, sizeof(standin_module), NULL};
	regions[1] = (struct region){"the arrays", &counted, sizeof(counted), NULL};
	regions[2] = (struct region){"the arrays", slots, sizeof(slots), &slots_used};
	regions[3] = (struct region){"allocated memory", taken, sizeof(taken), &taken_used};
	regions[4] = (struct region){"allocated memory", arena, sizeof(arena), &arena_used};
}
