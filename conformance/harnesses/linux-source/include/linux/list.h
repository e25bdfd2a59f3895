/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_LIST_H
#define STANDIN_LINUX_LIST_H

#include <linux/container_of.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/types.h>

/*
 * The circular list, as a kernel without CONFIG_DEBUG_LIST has it: removing a node that was never added writes where
 * the node points, which is NULL for a node of zeros, and a removed node points to addresses that fault.
 */
#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void standin_insert(struct list_head *node, struct list_head *before, struct list_head *after)
{
	after->prev = node;
	node->next = after;
	node->prev = before;
	before->next = node;
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
	standin_insert(node, head, head->next);
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	standin_insert(node, head->prev, head);
}

static inline void standin_unlink(struct list_head *node)
{
	struct list_head *after = node->next, *before = node->prev;

	after->prev = before;
	before->next = after;
}

#define __list_del_entry(node) standin_unlink(node)

static inline void list_del(struct list_head *node)
{
	standin_unlink(node);
	node->next = LIST_POISON1;
	node->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *node)
{
	standin_unlink(node);
	INIT_LIST_HEAD(node);
}

#define list_del_init_careful list_del_init

static inline void list_replace(struct list_head *old, struct list_head *node)
{
	standin_insert(node, old->prev, old->next);
}

static inline void list_replace_init(struct list_head *old, struct list_head *node)
{
	list_replace(old, node);
	INIT_LIST_HEAD(old);
}

static inline void list_move(struct list_head *node, struct list_head *head)
{
	standin_unlink(node);
	list_add(node, head);
}

static inline void list_move_tail(struct list_head *node, struct list_head *head)
{
	standin_unlink(node);
	list_add_tail(node, head);
}

/* Also where the two are neighbours. */
static inline void list_swap(struct list_head *one, struct list_head *other)
{
	struct list_head *before = other->prev;

	standin_unlink(other);
	list_replace(one, other);
	list_add(one, before == one ? other : before);
}

static inline int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

#define list_empty_careful list_empty

static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

static inline void list_bulk_move_tail(struct list_head *head, struct list_head *first, struct list_head *last)
{
	first->prev->next = last->next;
	last->next->prev = first->prev;
	head->prev->next = first;
	first->prev = head->prev;
	last->next = head;
	head->prev = last;
}

static inline int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline int list_is_first(const struct list_head *node, const struct list_head *head)
{
	return node->prev == head;
}

static inline int list_is_last(const struct list_head *node, const struct list_head *head)
{
	return node->next == head;
}

static inline int list_is_head(const struct list_head *node, const struct list_head *head)
{
	return node == head;
}

/* All of one list, put into another behind `before`. */
static inline void standin_splice(const struct list_head *list, struct list_head *before)
{
	struct list_head *after = before->next;

	if (list_empty(list))
		return;
	list->next->prev = before;
	before->next = list->next;
	list->prev->next = after;
	after->prev = list->prev;
}

#define list_splice(list, head) standin_splice(list, head)
#define list_splice_tail(list, head) standin_splice(list, (head)->prev)

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	standin_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	standin_splice(list, head->prev);
	INIT_LIST_HEAD(list);
}

static inline size_t list_count_nodes(struct list_head *head)
{
	size_t count = 0;

	for (struct list_head *node = head->next; node != head; node = node->next)
		count++;
	return count;
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_last_entry_or_null(head, type, member) (list_empty(head) ? NULL : list_last_entry(head, type, member))
#define list_next_entry(entry, member) list_entry((entry)->member.next, __typeof__(*(entry)), member)
#define list_prev_entry(entry, member) list_entry((entry)->member.prev, __typeof__(*(entry)), member)
#define list_entry_is_head(entry, head, member) (&(entry)->member == (head))

#define list_for_each(node, head) for (node = (head)->next; node != (head); node = node->next)
#define list_for_each_prev(node, head) for (node = (head)->prev; node != (head); node = node->prev)
#define list_for_each_safe(node, following, head) \
	for (node = (head)->next, following = node->next; node != (head); node = following, following = node->next)
#define list_for_each_entry(entry, head, member, ...)                                            \
	for (entry = list_first_entry(head, __typeof__(*entry), member); &entry->member != (head); \
	     entry = list_next_entry(entry, member))
#define list_for_each_entry_reverse(entry, head, member)                                        \
	for (entry = list_last_entry(head, __typeof__(*entry), member); &entry->member != (head); \
	     entry = list_prev_entry(entry, member))
#define list_for_each_entry_continue(entry, head, member) \
	for (entry = list_next_entry(entry, member); &entry->member != (head); entry = list_next_entry(entry, member))
#define list_for_each_entry_from(entry, head, member) \
	for (; &entry->member != (head); entry = list_next_entry(entry, member))
#define list_for_each_entry_safe(entry, following, head, member)                                                \
	for (entry = list_first_entry(head, __typeof__(*entry), member), following = list_next_entry(entry, member); \
	     &entry->member != (head); entry = following, following = list_next_entry(following, member))
#define list_for_each_entry_safe_reverse(entry, following, head, member)                                       \
	for (entry = list_last_entry(head, __typeof__(*entry), member), following = list_prev_entry(entry, member); \
	     &entry->member != (head); entry = following, following = list_prev_entry(following, member))

/* The list with one pointer for its head, as hash tables have it. */
#define HLIST_HEAD_INIT {NULL}
#define HLIST_HEAD(name) struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head) ((void)((head)->first = NULL))

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline int hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

#define hlist_unhashed_lockless hlist_unhashed

static inline int hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline void standin_hlist_insert(struct hlist_node *node, struct hlist_node **at)
{
	node->next = *at;
	node->pprev = at;
	if (node->next)
		node->next->pprev = &node->next;
	*at = node;
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	standin_hlist_insert(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *following)
{
	standin_hlist_insert(node, following->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *before)
{
	standin_hlist_insert(node, &before->next);
}

static inline void standin_hlist_unlink(struct hlist_node *node)
{
	struct hlist_node **at = node->pprev;

	*at = node->next;
	if (node->next)
		node->next->pprev = at;
}

static inline void hlist_del(struct hlist_node *node)
{
	standin_hlist_unlink(node);
	node->next = LIST_POISON1;
	node->pprev = LIST_POISON2;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	standin_hlist_unlink(node);
	INIT_HLIST_NODE(node);
}

static inline void hlist_move_list(struct hlist_head *old, struct hlist_head *head)
{
	head->first = old->first;
	if (head->first)
		head->first->pprev = &head->first;
	old->first = NULL;
}

#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member)                                              \
	({                                                                                   \
		struct hlist_node *standin_node = (pointer);                                 \
		standin_node ? hlist_entry(standin_node, type, member) : (type *)NULL;       \
	})
#define hlist_for_each(node, head) for (node = (head)->first; node; node = node->next)
#define hlist_for_each_safe(node, following, head) \
	for (node = (head)->first; node && ((following = node->next), 1); node = following)
#define hlist_for_each_entry(entry, head, member, ...)                                    \
	for (entry = hlist_entry_safe((head)->first, __typeof__(*(entry)), member); entry; \
	     entry = hlist_entry_safe((entry)->member.next, __typeof__(*(entry)), member))
#define hlist_for_each_entry_continue(entry, member)                                                  \
	for (entry = hlist_entry_safe((entry)->member.next, __typeof__(*(entry)), member); entry;     \
	     entry = hlist_entry_safe((entry)->member.next, __typeof__(*(entry)), member))
#define hlist_for_each_entry_from(entry, member) \
	for (; entry; entry = hlist_entry_safe((entry)->member.next, __typeof__(*(entry)), member))
#define hlist_for_each_entry_safe(entry, following, head, member)                                         \
	for (entry = hlist_entry_safe((head)->first, __typeof__(*(entry)), member);                       \
	     entry && ((following = (entry)->member.next), 1);                                            \
	     entry = hlist_entry_safe(following, __typeof__(*(entry)), member))

#endif
