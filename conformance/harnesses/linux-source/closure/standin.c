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
#include <linux/rcupdate.h>
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

bool standin_once(bool *seen)
{
	(void)seen;
	return true;
}

/* What module_init() and its like name runs before the first state. */
typedef int (*initcall)(void);
extern const initcall __start_standin_inits[] __attribute__((weak));
extern const initcall __stop_standin_inits[] __attribute__((weak));

void standin_initialise(void)
{
	size_t count = (size_t)(__stop_standin_inits - __start_standin_inits);

	for (size_t i = 0; i < count; i++)
		if (__start_standin_inits[i]())
			give_up("the initialisation of the manager fails");
}

/* --- Memory --- */

#define PIECE 32
#define PIECES 1024

static char arena[PIECES][PIECE] __attribute__((aligned(16)));
/* How many pieces each allocation has, at its first; 255 at the others. Allocations are short. */
static unsigned char taken[PIECES];
static size_t arena_used, taken_used;

#define GOES_ON 255

bool standin_may_allocate(void)
{
	return !no_memory;
}

void *standin_allocate(size_t size, enum standin_filling filling)
{
	void *memory = no_memory ? NULL : standin_keep(size);

	return memory && filling == STANDIN_RUBBISH ? memset(memory, 0xa5, size) : memory;
}

void *standin_keep(size_t size)
{
	size_t pieces = size ? (size + PIECE - 1) / PIECE : 1;

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

size_t standin_size_of(const void *memory)
{
	return (size_t)taken[(size_t)((const char *)memory - arena[0]) / PIECE] * PIECE;
}

void *standin_resize(void *memory, size_t size)
{
	size_t before = memory ? standin_size_of(memory) : 0;
	void *resized = standin_allocate(size, STANDIN_ZEROS);

	if (!resized)
		return NULL;
	if (memory)
		memcpy(resized, memory, before < size ? before : size);
	standin_free(memory);
	return resized;
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

/* --- Locks --- */

void standin_lock(struct standin_lock *lock)
{
	run_point(POINT_LOCK, lock, __builtin_return_address(0));
	if (lock->owner)
		run_hang("lane 0 takes the lock that it holds");
	lock->owner = run_lane() + 1;
	counted.locks++;
}

bool standin_try_lock(struct standin_lock *lock)
{
	run_point(POINT_ARRAY, lock, __builtin_return_address(0));
	run_saw(lock->owner);
	if (lock->owner)
		return false;
	lock->owner = run_lane() + 1;
	counted.locks++;
	return true;
}

void standin_unlock(struct standin_lock *lock, const char *function)
{
	run_point(POINT_UNLOCK, lock, __builtin_return_address(0));
	if (lock->owner != run_lane() + 1) {
		standin_log("warning", "%s() of a lock that the caller does not hold", function);
		return;
	}
	lock->owner = 0;
	counted.locks--;
}

bool standin_holds(struct standin_lock *lock)
{
	return lock->owner == run_lane() + 1;
}

/* Each kind of lock begins with who has it: nobody, where it is 0. So does the number of those that read. */
bool standin_is_locked(const void *lock)
{
	return *(const unsigned int *)lock != 0;
}

bool standin_holds_locks(void)
{
	return counted.locks != 0;
}

void standin_read_lock(struct standin_shared *shared)
{
	unsigned int *mine = &shared->reads[run_lane()];

	if (!*mine)
		run_point(POINT_LOCK, &shared->writer, __builtin_return_address(0));
	if (shared->writer)
		run_hang("lane 0 reads what it has locked for writing");
	++*mine;
	shared->readers++;
	counted.locks++;
}

void standin_read_unlock(struct standin_shared *shared, const char *function)
{
	unsigned int *mine = &shared->reads[run_lane()];

	run_point(POINT_UNLOCK, &shared->readers, __builtin_return_address(0));
	if (!*mine) {
		standin_log("warning", "%s() of what the caller does not read", function);
		return;
	}
	--*mine;
	shared->readers--;
	counted.locks--;
}

void standin_write_lock(struct standin_shared *shared)
{
	if (shared->writer == run_lane() + 1 || shared->reads[run_lane()])
		run_hang("lane 0 waits for itself");
	do {
		run_point(POINT_LOCK, &shared->writer, __builtin_return_address(0));
		if (shared->readers)
			run_point(POINT_LOCK, &shared->readers, __builtin_return_address(0));
	} while (shared->writer || shared->readers);
	shared->writer = run_lane() + 1;
	counted.locks++;
}

bool standin_try_write_lock(struct standin_shared *shared)
{
	run_point(POINT_ARRAY, shared, __builtin_return_address(0));
	run_saw(shared->writer || shared->readers);
	if (shared->writer || shared->readers)
		return false;
	shared->writer = run_lane() + 1;
	counted.locks++;
	return true;
}

void standin_write_unlock(struct standin_shared *shared, const char *function)
{
	run_point(POINT_UNLOCK, &shared->writer, __builtin_return_address(0));
	if (shared->writer != run_lane() + 1) {
		standin_log("warning", "%s() of a lock that the caller does not hold", function);
		return;
	}
	shared->writer = 0;
	counted.locks--;
}

void standin_downgrade(struct standin_shared *shared)
{
	shared->writer = 0;
	shared->reads[run_lane()]++;
	shared->readers++;
}

bool standin_reads(struct standin_shared *shared)
{
	return shared->reads[run_lane()] != 0;
}

bool standin_writes(struct standin_shared *shared)
{
	return shared->writer == run_lane() + 1;
}

/* --- linux/rcupdate.h --- */

struct standin_shared standin_rcu;
static struct rcu_head *pending;

void standin_wait_for_readers(struct standin_shared *readers)
{
	standin_write_lock(readers);
	standin_write_unlock(readers, __func__);
}

void standin_run_callbacks(struct standin_shared *readers)
{
	standin_wait_for_readers(readers);
	while (pending) {
		struct rcu_head *head = pending;

		pending = head->next;
		head->func(head);
	}
}

void standin_call_later(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	head->func = function;
	head->next = pending;
	pending = head;
}

void standin_free_later(const void *memory)
{
	if (!standin_rcu.readers)
		standin_free(memory);
}

/* --- linux/xarray.h --- */

/* What is in all arrays, in the order of their addresses and indices. */
static struct slot {
	struct xarray *array;
	struct standin_slot slot;
} slots[64];

static size_t slots_used;

static void drop(size_t at)
{
	counted.slots--;
	memmove(&slots[at], &slots[at + 1], (counted.slots - at) * sizeof(*slots));
	slots[counted.slots] = (struct slot){.array = NULL};
}

static void empty(const struct xarray *xarray)
{
	for (size_t i = counted.slots; i-- > 0;)
		if (slots[i].array == xarray)
			drop(i);
}

void standin_slots_clear(struct xarray *xarray)
{
	empty(xarray);
	xarray->count = 0;
}

/* Where an index is, or would be. */
static size_t place(const struct xarray *xarray, unsigned long index)
{
	size_t at = 0;

	/* xa_init() makes an array empty by itself. */
	if (!xarray->count && counted.slots)
		empty(xarray);
	while (at < counted.slots &&
	       (slots[at].array < xarray || (slots[at].array == xarray && slots[at].slot.index < index)))
		at++;
	return at;
}

struct standin_slot *standin_slot_from(const struct xarray *xarray, unsigned long index)
{
	size_t at = place(xarray, index);

	return at < counted.slots && slots[at].array == xarray ? &slots[at].slot : NULL;
}

struct standin_slot *standin_slot_find(const struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = standin_slot_from(xarray, index);

	return slot && slot->index == index ? slot : NULL;
}

int standin_slot_insert(struct xarray *xarray, unsigned long index, void *entry)
{
	size_t at = place(xarray, index);

	if (no_memory)
		return -ENOMEM;
	if (counted.slots == ARRAY_SIZE(slots)) {
		standin_outgrown = true;
		return -ENOMEM;
	}
	memmove(&slots[at + 1], &slots[at], (counted.slots - at) * sizeof(*slots));
	slots[at] = (struct slot){xarray, {index, entry, 0}};
	counted.slots++;
	xarray->count++;
	if (slots_used < counted.slots * sizeof(*slots))
		slots_used = counted.slots * sizeof(*slots);
	return 0;
}

void standin_slot_erase(struct xarray *xarray, struct standin_slot *slot)
{
	drop((size_t)((struct slot *)((char *)slot - offsetof(struct slot, slot)) - slots));
	xarray->count--;
}

/* Each of the functions is one step to the other lanes: the kernel's array has a lock of its own. */
void standin_array_reads(struct xarray *xarray, void *from)
{
	run_point(POINT_ARRAY, xarray, from);
}

void *standin_array_read(void *entry)
{
	run_saw((uint64_t)(uintptr_t)entry);
	return entry;
}

void standin_array_lock(struct xarray *xarray, void *from)
{
	run_point(POINT_ARRAY, xarray, from);
}

void standin_array_unlock(struct xarray *xarray, unsigned long result)
{
	(void)xarray;
	run_saw(result);
}

/* --- Their memory --- */

void standin_regions(struct region regions[STANDIN_REGIONS])
{
	regions[0] = (struct region){"the references to the module", &standin_module, sizeof(standin_module), NULL};
	regions[1] = (struct region){"the arrays", &counted, sizeof(counted), NULL};
	regions[2] = (struct region){"what waits for readers", &pending, sizeof(pending), NULL};
	regions[3] = (struct region){"who reads", &standin_rcu, sizeof(standin_rcu), NULL};
	regions[4] = (struct region){"the arrays", slots, sizeof(slots), &slots_used};
	regions[5] = (struct region){"allocated memory", taken, sizeof(taken), &taken_used};
	regions[6] = (struct region){"allocated memory", arena, sizeof(arena), &arena_used};
}
