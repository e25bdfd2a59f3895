/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What is in an array: slots in the order of their indices. */
#include "standin.h"

#include <linux/xarray.h>

#include <string.h>

/* The place of the first slot whose index is not less. */
static size_t place_of(const struct xarray *xarray, unsigned long index)
{
	size_t low = 0, high = xarray->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (xarray->slots[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct standin_slot *standin_slot_from(const struct xarray *xarray, unsigned long index)
{
	size_t place = place_of(xarray, index);

	return place < xarray->count ? &xarray->slots[place] : NULL;
}

struct standin_slot *standin_slot_find(const struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = standin_slot_from(xarray, index);

	return slot && slot->index == index ? slot : NULL;
}

int standin_slot_insert(struct xarray *xarray, unsigned long index, void *entry)
{
	size_t place = place_of(xarray, index);

	if (!standin_may_allocate())
		return -ENOMEM;
	if (xarray->count == xarray->room) {
		size_t room = xarray->room ? 2 * xarray->room : 8;
		struct standin_slot *slots = standin_keep(room * sizeof(*slots));

		if (xarray->count)
			memcpy(slots, xarray->slots, xarray->count * sizeof(*slots));
		standin_free(xarray->slots);
		xarray->slots = slots;
		xarray->room = room;
	}
	memmove(&xarray->slots[place + 1], &xarray->slots[place], (xarray->count - place) * sizeof(*xarray->slots));
	xarray->slots[place] = (struct standin_slot){index, entry, 0};
	xarray->count++;
	return 0;
}

void standin_slot_erase(struct xarray *xarray, struct standin_slot *slot)
{
	xarray->count--;
	memmove(slot, slot + 1, (size_t)(&xarray->slots[xarray->count] - slot) * sizeof(*slot));
}

void standin_slots_clear(struct xarray *xarray)
{
	standin_free(xarray->slots);
	xarray->slots = NULL;
	xarray->count = 0;
	xarray->room = 0;
}

void standin_array_reads(struct xarray *xarray, void *from)
{
	(void)xarray, (void)from;
}

void *standin_array_read(void *entry)
{
	return entry;
}

void standin_array_lock(struct xarray *xarray, void *from)
{
	(void)from;
	xa_lock(xarray);
}

void standin_array_unlock(struct xarray *xarray, unsigned long result)
{
	(void)result;
	xa_unlock(xarray);
}
