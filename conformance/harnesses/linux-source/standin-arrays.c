/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The xarray, and what hands out numbers, over the slots of standin-slots.c. */
#include "standin.h"

#include <linux/idr.h>
#include <linux/xarray.h>

#define FROM __builtin_return_address(0)

static void *load(const struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);

	return slot ? slot->entry : NULL;
}

static void *erase(struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);
	void *entry;

	if (!slot)
		return NULL;
	entry = slot->entry;
	standin_slot_erase(xarray, slot);
	return entry;
}

/* Nobody's lock is taken to read. */
void *xa_load(struct xarray *xarray, unsigned long index)
{
	standin_array_reads(xarray, FROM);
	return standin_array_read(load(xarray, index));
}

int __xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	(void)flags;
	if (WARN_ON_ONCE(xa_is_internal(entry)))
		return -EINVAL;
	return standin_slot_find(xarray, index) ? -EBUSY : standin_slot_insert(xarray, index, entry);
}

void *__xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);
	void *old;
	int status;

	(void)flags;
	if (WARN_ON_ONCE(xa_is_internal(entry)))
		return XA_ERROR(-EINVAL);
	if (!entry)
		return erase(xarray, index);
	if (!slot) {
		status = standin_slot_insert(xarray, index, entry);
		return status ? XA_ERROR(status) : NULL;
	}
	old = slot->entry;
	slot->entry = entry;
	return old;
}

void *__xa_erase(struct xarray *xarray, unsigned long index)
{
	return erase(xarray, index);
}

void *__xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags)
{
	void *now = load(xarray, index), *stored;

	if (now != old)
		return now;
	stored = __xa_store(xarray, index, entry, flags);
	return xa_is_err(stored) ? stored : now;
}

int __xa_alloc(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, gfp_t flags)
{
	u64 index = limit.min;

	if (index == 0 && (xarray->xa_flags & XA_FLAGS_ZERO_BUSY))
		index = 1;
	while (index <= limit.max && standin_slot_find(xarray, index))
		index++;
	if (index > limit.max)
		return -EBUSY;
	*id = (u32)index;
	return __xa_insert(xarray, index, entry, flags);
}

int __xa_alloc_cyclic(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t flags)
{
	struct xa_limit above = {.max = limit.max, .min = *next > limit.min ? *next : limit.min};
	int wrapped = 0, status = __xa_alloc(xarray, id, entry, above, flags);

	if (status == -EBUSY && above.min > limit.min) {
		status = __xa_alloc(xarray, id, entry, limit, flags);
		wrapped = 1;
	}
	if (status)
		return status;
	*next = *id + 1;
	return wrapped;
}

/* Those that take the array's own lock around one of the above. */
#define LOCKED(type, call)                                                       \
	({                                                                       \
		type standin_result;                                             \
		standin_array_lock(xarray, FROM);                                \
		standin_result = call;                                           \
		standin_array_unlock(xarray, (unsigned long)standin_result);     \
		standin_result;                                                  \
	})

void *xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	return LOCKED(void *, __xa_store(xarray, index, entry, flags));
}

void *xa_erase(struct xarray *xarray, unsigned long index)
{
	return LOCKED(void *, erase(xarray, index));
}

void *xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags)
{
	return LOCKED(void *, __xa_cmpxchg(xarray, index, old, entry, flags));
}

int xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags)
{
	return LOCKED(int, __xa_insert(xarray, index, entry, flags));
}

int xa_alloc(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, gfp_t flags)
{
	return LOCKED(int, __xa_alloc(xarray, id, entry, limit, flags));
}

int xa_alloc_cyclic(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t flags)
{
	return LOCKED(int, __xa_alloc_cyclic(xarray, id, entry, limit, next, flags));
}

int xa_reserve(struct xarray *xarray, unsigned long index, gfp_t flags)
{
	int status = xa_insert(xarray, index, NULL, flags);

	return status == -EBUSY ? 0 : status;
}

void xa_release(struct xarray *xarray, unsigned long index)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);

	if (slot && !slot->entry)
		erase(xarray, index);
}

static bool passes(const struct standin_slot *slot, xa_mark_t filter)
{
	return slot->entry && (filter == XA_PRESENT || (slot->marks & (1u << filter)));
}

static void *find_from(struct xarray *xarray, unsigned long *index, unsigned long last, xa_mark_t filter)
{
	for (struct standin_slot *slot = standin_slot_from(xarray, *index); slot && slot->index <= last;
	     slot = slot->index == ULONG_MAX ? NULL : standin_slot_from(xarray, slot->index + 1)) {
		if (!passes(slot, filter))
			continue;
		*index = slot->index;
		return slot->entry;
	}
	return NULL;
}

void *xa_find(struct xarray *xarray, unsigned long *index, unsigned long last, xa_mark_t filter)
{
	standin_array_reads(xarray, FROM);
	return standin_array_read(find_from(xarray, index, last, filter));
}

void *xa_find_after(struct xarray *xarray, unsigned long *index, unsigned long last, xa_mark_t filter)
{
	if (*index >= last)
		return NULL;
	(*index)++;
	return xa_find(xarray, index, last, filter);
}

bool xa_get_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);

	return slot && (slot->marks & (1u << mark));
}

void xa_set_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);

	if (slot && slot->entry)
		slot->marks |= 1u << mark;
}

void xa_clear_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark)
{
	struct standin_slot *slot = standin_slot_find(xarray, index);

	if (slot)
		slot->marks &= ~(1u << mark);
}

bool xa_marked(struct xarray *xarray, xa_mark_t mark)
{
	unsigned long index = 0;

	return xa_find(xarray, &index, ULONG_MAX, mark) != NULL;
}

void xa_destroy(struct xarray *xarray)
{
	standin_slots_clear(xarray);
}

void *xas_load(struct xa_state *state)
{
	return state->error ? NULL : xa_load(state->xa, state->xa_index);
}

void *xas_store(struct xa_state *state, void *entry)
{
	void *old;

	if (state->error)
		return NULL;
	old = __xa_store(state->xa, state->xa_index, entry, 0);
	if (!xa_is_err(old))
		return old;
	state->error = xa_err(old);
	return NULL;
}

/* What there was no memory for, there is none for a moment later. */
bool xas_nomem(struct xa_state *state, gfp_t flags)
{
	(void)state, (void)flags;
	return false;
}

void *xas_find(struct xa_state *state, unsigned long last)
{
	return state->error ? NULL : xa_find(state->xa, &state->xa_index, last, XA_PRESENT);
}

void *xas_next_entry(struct xa_state *state, unsigned long last)
{
	return state->error ? NULL : xa_find_after(state->xa, &state->xa_index, last, XA_PRESENT);
}

/* --- linux/idr.h --- */

static struct xa_limit limit_of(int start, int end)
{
	return XA_LIMIT((u32)start, end > 0 ? (u32)end - 1 : INT_MAX);
}

/* A number may be given to NULL, which an array would take for a slot that is free to be found. */
static int number_or_error(int status, u32 id)
{
	if (status == -EBUSY)
		return -ENOSPC;
	return status < 0 ? status : (int)id;
}

int idr_alloc(struct idr *idr, void *pointer, int start, int end, gfp_t flags)
{
	u32 id = 0;

	return number_or_error(xa_alloc(&idr->numbers, &id, pointer, limit_of(start, end), flags), id);
}

int idr_alloc_cyclic(struct idr *idr, void *pointer, int start, int end, gfp_t flags)
{
	u32 id = 0;

	return number_or_error(xa_alloc_cyclic(&idr->numbers, &id, pointer, limit_of(start, end), &idr->next, flags), id);
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	return xa_erase(&idr->numbers, id);
}

void *idr_find(const struct idr *idr, unsigned long id)
{
	struct standin_slot *slot = standin_slot_find(&idr->numbers, id);

	return slot ? slot->entry : NULL;
}

void *idr_replace(struct idr *idr, void *pointer, unsigned long id)
{
	struct standin_slot *slot = standin_slot_find(&idr->numbers, id);
	void *old;

	if (!slot)
		return ERR_PTR(-ENOENT);
	old = slot->entry;
	slot->entry = pointer;
	return old;
}

void *idr_get_next(struct idr *idr, int *id)
{
	unsigned long index = (unsigned long)*id;
	void *entry = xa_find(&idr->numbers, &index, INT_MAX, XA_PRESENT);

	if (entry)
		*id = (int)index;
	return entry;
}

int idr_for_each(const struct idr *idr, int (*function)(int id, void *pointer, void *data), void *data)
{
	struct idr *all = (struct idr *)(uintptr_t)idr;
	void *entry;
	int id;

	idr_for_each_entry (all, entry, id) {
		int status = function(id, entry, data);

		if (status)
			return status;
	}
	return 0;
}

int ida_alloc_range(struct ida *ida, unsigned int low, unsigned int high, gfp_t flags)
{
	u32 id = 0;

	return number_or_error(
		xa_alloc(&ida->numbers, &id, xa_mk_value(1), XA_LIMIT(low, high > INT_MAX ? INT_MAX : high), flags), id);
}

void ida_free(struct ida *ida, unsigned int id)
{
	xa_erase(&ida->numbers, id);
}
