/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_XARRAY_H
#define STANDIN_LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/*
 * An array that is indexed by any number, in the order of the indices. A duplicate is looked for before memory is. Every
 * insertion needs memory here; the kernel's needs none for index 0 of an empty array, or where a neighbour has paid for
 * it. A slot may hold NULL: inserting NULL reserves the index.
 */
struct standin_slot {
	unsigned long index;
	void *entry;
	unsigned int marks;
};

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	struct standin_slot *slots;
	size_t count;
	size_t room;
	u32 next;
};

/* The slot of an index, or the first from an index on; NULL where there is none. */
struct standin_slot *standin_slot_find(const struct xarray *xarray, unsigned long index);
struct standin_slot *standin_slot_from(const struct xarray *xarray, unsigned long index);
/* -ENOMEM where there is no memory. */
int standin_slot_insert(struct xarray *xarray, unsigned long index, void *entry);
void standin_slot_erase(struct xarray *xarray, struct standin_slot *slot);
void standin_slots_clear(struct xarray *xarray);
/* Around each function of the array; `from` is where in the manager. */
void standin_array_reads(struct xarray *xarray, void *from);
void *standin_array_read(void *entry);
void standin_array_lock(struct xarray *xarray, void *from);
void standin_array_unlock(struct xarray *xarray, unsigned long result);

typedef unsigned int xa_mark_t;

#define XA_MARK_0 0u
#define XA_MARK_1 1u
#define XA_MARK_2 2u
#define XA_PRESENT 8u
#define XA_FREE_MARK XA_MARK_0

#define XA_FLAGS_LOCK_IRQ 1u
#define XA_FLAGS_LOCK_BH 2u
#define XA_FLAGS_TRACK_FREE 4u
#define XA_FLAGS_ZERO_BUSY 8u
#define XA_FLAGS_ALLOC_WRAPPED 16u
#define XA_FLAGS_ACCOUNT 32u
#define XA_FLAGS_ALLOC XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1 (XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

#define XARRAY_INIT(name, flags) {.xa_flags = (flags)}
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name) DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)
#define xa_init_flags(array, flags) (*(array) = (struct xarray)XARRAY_INIT(array, flags))
#define xa_init(array) xa_init_flags(array, 0)

struct xa_limit {
	u32 max, min;
};

#define XA_LIMIT(low, high) ((struct xa_limit){.min = (low), .max = (high)})
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)

/* Numbers are entries whose lowest bit is set; what ends in binary 10 is the array's own. */
#define xa_mk_value(number) ((void *)(((unsigned long)(number) << 1) | 1))
#define xa_to_value(entry) ((unsigned long)(entry) >> 1)
#define xa_is_value(entry) (((unsigned long)(entry)&1) != 0)
#define xa_is_internal(entry) (((unsigned long)(entry)&3) == 2)
#define xa_is_zero(entry) ((entry) == XA_ZERO_ENTRY)
#define xa_is_err(entry) ((uintptr_t)(entry) >= (uintptr_t)-4095l * 4 + 2 && ((uintptr_t)(entry)&3) == 2)
#define xa_err(entry) (xa_is_err(entry) ? (int)((intptr_t)(entry) >> 2) : 0)
#define XA_ZERO_ENTRY ((void *)((257ul << 2) | 2))
#define XA_ERROR(number) ((void *)(((unsigned long)(number) << 2) | 2))
#define xa_tag_pointer(pointer, tag) ((void *)((unsigned long)(pointer) | (tag)))
#define xa_untag_pointer(entry) ((void *)((unsigned long)(entry) & ~3ul))
#define xa_pointer_tag(entry) ((unsigned int)((unsigned long)(entry)&3))

void *xa_load(struct xarray *xarray, unsigned long index);
void *__xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
void *__xa_erase(struct xarray *xarray, unsigned long index);
void *__xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags);
int __xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
int __xa_alloc(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, gfp_t flags);
int __xa_alloc_cyclic(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t flags);
void *xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
void *xa_erase(struct xarray *xarray, unsigned long index);
void *xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags);
int xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
int xa_alloc(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, gfp_t flags);
int xa_alloc_cyclic(struct xarray *xarray, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t flags);
int xa_reserve(struct xarray *xarray, unsigned long index, gfp_t flags);
void xa_release(struct xarray *xarray, unsigned long index);
void *xa_find(struct xarray *xarray, unsigned long *index, unsigned long last, xa_mark_t filter);
void *xa_find_after(struct xarray *xarray, unsigned long *index, unsigned long last, xa_mark_t filter);
bool xa_get_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark);
void xa_set_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xarray, unsigned long index, xa_mark_t mark);
bool xa_marked(struct xarray *xarray, xa_mark_t mark);
void xa_destroy(struct xarray *xarray);

#define xa_empty(xarray) ((xarray)->count == 0)
#define xa_store_irq xa_store
#define xa_store_bh xa_store
#define xa_erase_irq xa_erase
#define xa_erase_bh xa_erase
#define xa_insert_irq xa_insert
#define xa_insert_bh xa_insert
#define xa_cmpxchg_irq xa_cmpxchg
#define xa_cmpxchg_bh xa_cmpxchg
#define xa_alloc_irq xa_alloc
#define xa_alloc_bh xa_alloc
#define __xa_set_mark xa_set_mark
#define __xa_clear_mark xa_clear_mark

#define xa_lock(xarray) spin_lock(&(xarray)->xa_lock)
#define xa_unlock(xarray) spin_unlock(&(xarray)->xa_lock)
#define xa_trylock(xarray) spin_trylock(&(xarray)->xa_lock)
#define xa_lock_irq xa_lock
#define xa_unlock_irq xa_unlock
#define xa_lock_bh xa_lock
#define xa_unlock_bh xa_unlock
#define xa_lock_irqsave(xarray, flags) spin_lock_irqsave(&(xarray)->xa_lock, flags)
#define xa_unlock_irqrestore(xarray, flags) spin_unlock_irqrestore(&(xarray)->xa_lock, flags)

#define xa_for_each_range(xarray, index, entry, first, last)                                \
	for (index = (first), entry = xa_find(xarray, &index, last, XA_PRESENT); entry;     \
	     entry = xa_find_after(xarray, &index, last, XA_PRESENT))
#define xa_for_each_start(xarray, index, entry, first) xa_for_each_range(xarray, index, entry, first, ULONG_MAX)
#define xa_for_each(xarray, index, entry) xa_for_each_start(xarray, index, entry, 0)
#define xa_for_each_marked(xarray, index, entry, filter)                                    \
	for (index = 0, entry = xa_find(xarray, &index, ULONG_MAX, filter); entry;          \
	     entry = xa_find_after(xarray, &index, ULONG_MAX, filter))

/* A place in an array, and what went wrong there. */
struct xa_state {
	struct xarray *xa;
	unsigned long xa_index;
	int error;
};

#define XA_STATE(name, xarray, index) struct xa_state name = {(xarray), (index), 0}
#define xas_error(state) ((state)->error)
#define xas_set_err(state, number) ((void)((state)->error = (number)))
#define xas_reset(state) ((void)((state)->error = 0))
#define xas_set(state, index) ((void)((state)->xa_index = (index), (state)->error = 0))
#define xas_retry(state, entry) (false)
#define xas_pause(state) ((void)(state))
#define xas_lock(state) xa_lock((state)->xa)
#define xas_unlock(state) xa_unlock((state)->xa)
#define xas_lock_irq xas_lock
#define xas_unlock_irq xas_unlock
#define xas_lock_bh xas_lock
#define xas_unlock_bh xas_unlock
#define xas_lock_irqsave(state, flags) xa_lock_irqsave((state)->xa, flags)
#define xas_unlock_irqrestore(state, flags) xa_unlock_irqrestore((state)->xa, flags)
void *xas_load(struct xa_state *state);
void *xas_store(struct xa_state *state, void *entry);
bool xas_nomem(struct xa_state *state, gfp_t flags);
void *xas_find(struct xa_state *state, unsigned long last);
void *xas_next_entry(struct xa_state *state, unsigned long last);
#define xas_for_each(state, entry, last) \
	for (entry = xas_find(state, last); entry; entry = xas_next_entry(state, last))

#endif
