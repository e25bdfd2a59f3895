/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_LIST_H
#define STANDIN_LINUX_LIST_H

#include <linux/kernel.h>

/*
 * The circular list, as a kernel without CONFIG_DEBUG_LIST has it: removing a node that was never added writes where
 * the node points, which is NULL for a node of zeros, and a removed node points to addresses that fault.
 */
struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_POISON1 ((struct list_head *)0xdead000000000100ul)
#define LIST_POISON2 ((struct list_head *)0xdead000000000122ul)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void standin_reset_list(void *list)
{
	INIT_LIST_HEAD(list);
}

/* Defines a list of the file, which is empty again at the start of each program. */
#define LIST_HEAD(name)                                   \
	struct list_head name = LIST_HEAD_INIT(name)      \
	STANDIN_AT_RESET(name, standin_reset_list, &name) \
	struct list_head

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

static inline void list_move(struct list_head *node, struct list_head *head)
{
	standin_unlink(node);
	list_add(node, head);
}

static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_next_entry(entry, member) list_entry((entry)->member.next, __typeof__(*(entry)), member)
#define list_for_each(node, head) for (node = (head)->next; node != (head); node = node->next)
#define list_for_each_entry(entry, head, member)                                                 \
	for (entry = list_first_entry(head, __typeof__(*entry), member); &entry->member != (head); \
	     entry = list_next_entry(entry, member))
#define list_for_each_entry_safe(entry, following, head, member)                                                \
	for (entry = list_first_entry(head, __typeof__(*entry), member), following = list_next_entry(entry, member); \
	     &entry->member != (head); entry = following, following = list_next_entry(following, member))

#endif
