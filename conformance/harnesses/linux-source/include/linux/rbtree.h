/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RBTREE_H
#define STANDIN_LINUX_RBTREE_H

#include <linux/container_of.h>
#include <linux/kernel.h>

/* An ordered tree. It is not balanced: that is not what callers see. */
struct rb_node {
	struct rb_node *parent, *rb_left, *rb_right;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT \
	(struct rb_root) { NULL }
#define rb_entry(pointer, type, member) container_of(pointer, type, member)
#define rb_entry_safe(pointer, type, member)                                          \
	({                                                                            \
		struct rb_node *standin_node = (pointer);                             \
		standin_node ? rb_entry(standin_node, type, member) : (type *)NULL;   \
	})
#define rb_parent(node) ((node)->parent)
#define RB_EMPTY_ROOT(root) (!(root)->rb_node)
#define RB_EMPTY_NODE(node) ((node)->parent == (node))
#define RB_CLEAR_NODE(node) ((void)((node)->parent = (node)))
#define rb_insert_color(node, root) ((void)(node), (void)(root))

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	*node = (struct rb_node){.parent = parent};
	*link = node;
}

static inline struct rb_node *standin_outermost(struct rb_node *node, bool left)
{
	while (node && (left ? node->rb_left : node->rb_right))
		node = left ? node->rb_left : node->rb_right;
	return node;
}

static inline struct rb_node *standin_beside(const struct rb_node *node, bool before)
{
	struct rb_node *child = before ? node->rb_left : node->rb_right;

	if (child)
		return standin_outermost(child, !before);
	while (node->parent && node == (before ? node->parent->rb_left : node->parent->rb_right))
		node = node->parent;
	return node->parent;
}

#define rb_first(root) standin_outermost((root)->rb_node, true)
#define rb_last(root) standin_outermost((root)->rb_node, false)
#define rb_next(node) standin_beside(node, false)
#define rb_prev(node) standin_beside(node, true)

static inline void standin_put_in_place(struct rb_node *old, struct rb_node *node, struct rb_root *root)
{
	if (!old->parent)
		root->rb_node = node;
	else if (old->parent->rb_left == old)
		old->parent->rb_left = node;
	else
		old->parent->rb_right = node;
	if (node)
		node->parent = old->parent;
}

static inline void rb_replace_node(struct rb_node *old, struct rb_node *node, struct rb_root *root)
{
	*node = *old;
	standin_put_in_place(old, node, root);
	if (node->rb_left)
		node->rb_left->parent = node;
	if (node->rb_right)
		node->rb_right->parent = node;
}

static inline void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *heir;

	if (!node->rb_left || !node->rb_right) {
		standin_put_in_place(node, node->rb_left ? node->rb_left : node->rb_right, root);
		return;
	}
	heir = standin_outermost(node->rb_right, true);
	standin_put_in_place(heir, heir->rb_right, root);
	rb_replace_node(node, heir, root);
}

static inline struct rb_node *rb_find(const void *key, const struct rb_root *root,
				      int (*compare)(const void *key, const struct rb_node *node))
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int order = compare(key, node);

		if (!order)
			return node;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* The node that is as great as the one to add, which then is not added; NULL where it was. */
static inline struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *root,
					  int (*compare)(struct rb_node *node, const struct rb_node *other))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		int order = compare(node, *link);

		if (!order)
			return *link;
		parent = *link;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	return NULL;
}

static inline void rb_add(struct rb_node *node, struct rb_root *root,
			  bool (*less)(struct rb_node *node, const struct rb_node *other))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
}

/* The first of any that are as great as the key. */
static inline struct rb_node *rb_find_first(const void *key, const struct rb_root *root,
					    int (*compare)(const void *key, const struct rb_node *node))
{
	struct rb_node *node = rb_find(key, root, compare), *before;

	while (node && (before = rb_prev(node)) && !compare(key, before))
		node = before;
	return node;
}

/* A root that knows its first node; here it is looked up. */
struct rb_root_cached {
	struct rb_root rb_root;
};

#define RB_ROOT_CACHED \
	(struct rb_root_cached) { { NULL } }
#define rb_first_cached(root) rb_first(&(root)->rb_root)
#define rb_insert_color_cached(node, root, leftmost) ((void)(node), (void)(root), (void)(leftmost))
#define rb_erase_cached(node, root) rb_erase(node, &(root)->rb_root)
#define rb_add_cached(node, root, less) rb_add(node, &(root)->rb_root, less)

#define rbtree_postorder_for_each_entry_safe(entry, following, root, member)                                 \
	for (entry = rb_entry_safe(rb_first(root), __typeof__(*entry), member);                              \
	     entry && ((following = rb_entry_safe(rb_next(&entry->member), __typeof__(*entry), member)), 1); \
	     entry = following)

#endif
