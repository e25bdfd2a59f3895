/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_XARRAY_H
#define STANDIN_LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>

/*
 * An array that is indexed by any number. A duplicate is looked for before memory is. Every insertion needs memory
 * here; the kernel's needs none for index 0 of an empty array, or where a neighbour has paid for it.
 */
struct xarray {
	struct standin_slot *slots;
	size_t count;
	size_t room;
};

#define XARRAY_INIT(name, flags) {NULL, 0, 0}
#define DEFINE_XARRAY(name)                                 \
	struct xarray name = {NULL, 0, 0}                   \
	STANDIN_AT_RESET(name, standin_reset_xarray, &name) \
	struct xarray

#define xa_init(xarray) (*(xarray) = (struct xarray){NULL, 0, 0})
#define xa_destroy(xarray) standin_reset_xarray(xarray)
#define xa_empty(xarray) ((xarray)->count == 0)
#define xa_is_err(entry) ((uintptr_t)(entry) >= (uintptr_t)-4095l * 4 + 2 && ((uintptr_t)(entry) & 3) == 2)
#define xa_err(entry) (xa_is_err(entry) ? (int)((intptr_t)(entry) >> 2) : 0)

void standin_reset_xarray(void *xarray);
int xa_insert(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
void *xa_store(struct xarray *xarray, unsigned long index, void *entry, gfp_t flags);
void *xa_load(struct xarray *xarray, unsigned long index);
void *xa_erase(struct xarray *xarray, unsigned long index);
void *xa_cmpxchg(struct xarray *xarray, unsigned long index, void *old, void *entry, gfp_t flags);

#endif
