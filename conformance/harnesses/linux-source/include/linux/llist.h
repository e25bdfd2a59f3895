/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_LLIST_H
#define STANDIN_LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>

/* A list without a lock: nodes are added one by one at its head, and all are taken at once. */
struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name) {NULL}
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)
#define init_llist_head(list) ((void)((list)->first = NULL))
#define init_llist_node(node) ((void)((node)->next = (node)))
#define llist_on_list(node) ((node)->next != (node))
#define llist_empty(list) (READ_ONCE((list)->first) == NULL)
#define llist_next(node) ((node)->next)
#define llist_entry(node, type, member) container_of(node, type, member)

static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *list)
{
	struct llist_node *before = READ_ONCE(list->first);

	do
		last->next = before;
	while (!__atomic_compare_exchange_n(&list->first, &before, first, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return !before;
}

#define llist_add(node, list) llist_add_batch(node, node, list)

static inline bool __llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *list)
{
	last->next = list->first;
	list->first = first;
	return !last->next;
}

#define __llist_add(node, list) __llist_add_batch(node, node, list)

static inline struct llist_node *llist_del_all(struct llist_head *list)
{
	return __atomic_exchange_n(&list->first, NULL, __ATOMIC_SEQ_CST);
}

static inline struct llist_node *__llist_del_all(struct llist_head *list)
{
	struct llist_node *first = list->first;

	list->first = NULL;
	return first;
}

static inline struct llist_node *llist_del_first(struct llist_head *list)
{
	struct llist_node *first = READ_ONCE(list->first);

	while (first && !__atomic_compare_exchange_n(&list->first, &first, READ_ONCE(first->next), false,
						     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	return first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL;

	while (node) {
		struct llist_node *next = node->next;

		node->next = reversed;
		reversed = node;
		node = next;
	}
	return reversed;
}

#define llist_for_each(at, node) for ((at) = (node); (at); (at) = (at)->next)
#define llist_for_each_safe(at, following, node) \
	for ((at) = (node); (at) && ((following) = (at)->next, true); (at) = (following))
#define STANDIN_LLIST_ENTRY(node, type, member)                                 \
	({                                                                      \
		struct llist_node *standin_node = (node);                       \
		standin_node ? llist_entry(standin_node, type, member) : NULL;  \
	})
#define llist_for_each_entry(at, node, member)                                          \
	for ((at) = STANDIN_LLIST_ENTRY(node, __typeof__(*(at)), member); (at);         \
	     (at) = STANDIN_LLIST_ENTRY((at)->member.next, __typeof__(*(at)), member))
#define llist_for_each_entry_safe(at, following, node, member)                                      \
	for ((at) = STANDIN_LLIST_ENTRY(node, __typeof__(*(at)), member);                           \
	     (at) && ((following) = STANDIN_LLIST_ENTRY((at)->member.next, __typeof__(*(at)), member), true); \
	     (at) = (following))

#endif
