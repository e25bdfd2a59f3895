/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RADIX_TREE_H
#define STANDIN_LINUX_RADIX_TREE_H

#include <linux/xarray.h>

/* What the xarray was before it was called so. */
#define radix_tree_root xarray
#define RADIX_TREE_INIT(name, flags) XARRAY_INIT(name, flags)
#define RADIX_TREE(name, flags) struct xarray name = RADIX_TREE_INIT(name, flags)
#define INIT_RADIX_TREE(tree, flags) xa_init_flags(tree, flags)
#define radix_tree_preload(flags) ((void)(flags), 0)
#define radix_tree_preload_end() ((void)0)
#define radix_tree_lookup(tree, index) xa_load(tree, index)
#define radix_tree_delete(tree, index) xa_erase(tree, index)
#define radix_tree_empty(tree) xa_empty(tree)

#define radix_tree_deref_slot(slot) (*(slot))

/* A walk looks at each entry where the walk keeps it: its slot is no place of the tree. */
struct radix_tree_iter {
	unsigned long index;
	void *entry;
};

#define radix_tree_for_each_slot(slot, tree, iter, start)                                                        \
	for ((iter)->index = (start), (iter)->entry = xa_find(tree, &(iter)->index, ULONG_MAX, XA_PRESENT);      \
	     ((slot) = (iter)->entry ? &(iter)->entry : NULL);                                                   \
	     (iter)->entry = xa_find_after(tree, &(iter)->index, ULONG_MAX, XA_PRESENT))

static inline unsigned int radix_tree_gang_lookup(struct xarray *tree, void **entries, unsigned long first,
						  unsigned int most)
{
	struct radix_tree_iter iter;
	unsigned int count = 0;
	void **slot;

	radix_tree_for_each_slot (slot, tree, &iter, first) {
		if (count == most)
			break;
		entries[count++] = *slot;
	}
	return count;
}

static inline int radix_tree_insert(struct xarray *tree, unsigned long index, void *entry)
{
	int status = xa_insert(tree, index, entry, GFP_KERNEL);

	return status == -EBUSY ? -EEXIST : status;
}

#endif
