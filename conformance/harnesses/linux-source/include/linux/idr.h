/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_IDR_H
#define STANDIN_LINUX_IDR_H

#include <linux/radix-tree.h>
#include <linux/xarray.h>

struct idr {
	struct xarray numbers;
	u32 next;
};

#define IDR_INIT(name) {.next = 0}
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)
#define idr_init(which) (*(which) = (struct idr)IDR_INIT(which))
#define idr_init_base(idr, base) idr_init(idr)
#define idr_preload(flags) ((void)(flags))
#define idr_preload_end() ((void)0)
int idr_alloc(struct idr *idr, void *pointer, int start, int end, gfp_t flags);
int idr_alloc_cyclic(struct idr *idr, void *pointer, int start, int end, gfp_t flags);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_replace(struct idr *idr, void *pointer, unsigned long id);
void *idr_get_next(struct idr *idr, int *id);
int idr_for_each(const struct idr *idr, int (*function)(int id, void *pointer, void *data), void *data);
#define idr_destroy(idr) xa_destroy(&(idr)->numbers)
#define idr_is_empty(idr) xa_empty(&(idr)->numbers)
#define idr_for_each_entry(idr, entry, id) \
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; ++id)

struct ida {
	struct xarray numbers;
};

#define IDA_INIT(name) {.numbers = {.count = 0}}
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)
#define ida_init(which) (*(which) = (struct ida)IDA_INIT(which))
int ida_alloc_range(struct ida *ida, unsigned int low, unsigned int high, gfp_t flags);
void ida_free(struct ida *ida, unsigned int id);
#define ida_alloc(ida, flags) ida_alloc_range(ida, 0, INT_MAX, flags)
#define ida_alloc_min(ida, low, flags) ida_alloc_range(ida, low, INT_MAX, flags)
#define ida_alloc_max(ida, high, flags) ida_alloc_range(ida, 0, high, flags)
#define ida_simple_get(ida, start, end, flags) \
	ida_alloc_range(ida, start, (end) ? (unsigned int)(end)-1 : INT_MAX, flags)
#define ida_simple_remove ida_free
#define ida_destroy(ida) xa_destroy(&(ida)->numbers)
#define ida_is_empty(ida) xa_empty(&(ida)->numbers)

#endif
