/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RCULIST_H
#define STANDIN_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* A node that is removed still leads on, for those that are reading it. */
static inline void list_del_rcu(struct list_head *node)
{
	standin_unlink(node);
	node->prev = LIST_POISON2;
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	standin_hlist_unlink(node);
	node->pprev = LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	standin_hlist_unlink(node);
	node->pprev = NULL;
}

#define INIT_LIST_HEAD_RCU INIT_LIST_HEAD
#define list_add_rcu list_add
#define list_add_tail_rcu list_add_tail
#define list_replace_rcu list_replace
#define hlist_add_head_rcu hlist_add_head
#define hlist_add_before_rcu hlist_add_before
#define hlist_add_behind_rcu hlist_add_behind
#define hlist_add_tail_rcu(node, head)                              \
	({                                                          \
		struct hlist_node **standin_at = &(head)->first;    \
		while (*standin_at)                                 \
			standin_at = &(*standin_at)->next;          \
		standin_hlist_insert(node, standin_at);             \
	})
#define list_entry_rcu list_entry
#define list_first_or_null_rcu list_first_entry_or_null
#define list_next_rcu(node) ((node)->next)
#define hlist_first_rcu(head) ((head)->first)
#define hlist_next_rcu(node) ((node)->next)
#define list_for_each_entry_rcu list_for_each_entry
#define list_for_each_entry_srcu list_for_each_entry
#define list_for_each_entry_lockless list_for_each_entry
#define list_for_each_entry_continue_rcu list_for_each_entry_continue
#define list_for_each_entry_from_rcu list_for_each_entry_from
#define hlist_for_each_entry_rcu hlist_for_each_entry
#define hlist_for_each_entry_srcu hlist_for_each_entry
#define hlist_for_each_entry_rcu_bh hlist_for_each_entry
#define hlist_for_each_entry_rcu_notrace hlist_for_each_entry
#define hlist_for_each_entry_continue_rcu hlist_for_each_entry_continue

#endif
