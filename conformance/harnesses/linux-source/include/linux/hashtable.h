/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_HASHTABLE_H
#define STANDIN_LINUX_HASHTABLE_H

#include <linux/array_size.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/rculist.h>

/* A table is an array of lists, as many as a power of two. */
#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits) DECLARE_HASHTABLE(name, bits) = {HLIST_HEAD_INIT}
#define DEFINE_READ_MOSTLY_HASHTABLE(name, bits) DEFINE_HASHTABLE(name, bits)
#define HASH_SIZE(table) ARRAY_SIZE(table)
#define HASH_BITS(table) ((unsigned int)ilog2(HASH_SIZE(table)))
#define hash_min(number, bits) (sizeof(number) <= 4 ? hash_32((u32)(number), bits) : hash_64((u64)(number), bits))
#define STANDIN_BUCKET(table, key) (&(table)[hash_min(key, HASH_BITS(table))])

static inline void standin_hash_init(struct hlist_head *table, size_t size)
{
	for (size_t i = 0; i < size; i++)
		INIT_HLIST_HEAD(&table[i]);
}

static inline bool standin_hash_empty(const struct hlist_head *table, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!hlist_empty(&table[i]))
			return false;
	return true;
}

#define hash_init(table) standin_hash_init(table, HASH_SIZE(table))
#define hash_empty(table) standin_hash_empty(table, HASH_SIZE(table))
#define hash_hashed(node) (!hlist_unhashed(node))
#define hash_add(table, node, key) hlist_add_head(node, STANDIN_BUCKET(table, key))
#define hash_add_rcu(table, node, key) hlist_add_head_rcu(node, STANDIN_BUCKET(table, key))
#define hash_del(node) hlist_del_init(node)
#define hash_del_rcu(node) hlist_del_init_rcu(node)
#define hash_for_each(table, bucket, entry, member)                                                     \
	for ((bucket) = 0, entry = NULL; !entry && (size_t)(bucket) < HASH_SIZE(table); (bucket)++)     \
		hlist_for_each_entry (entry, &(table)[bucket], member)
#define hash_for_each_rcu hash_for_each
#define hash_for_each_safe(table, bucket, following, entry, member)                                     \
	for ((bucket) = 0, entry = NULL; !entry && (size_t)(bucket) < HASH_SIZE(table); (bucket)++)     \
		hlist_for_each_entry_safe (entry, following, &(table)[bucket], member)
#define hash_for_each_possible(table, entry, member, key, ...) \
	hlist_for_each_entry (entry, STANDIN_BUCKET(table, key), member)
#define hash_for_each_possible_rcu hash_for_each_possible
#define hash_for_each_possible_rcu_notrace hash_for_each_possible
#define hash_for_each_possible_safe(table, entry, following, member, key) \
	hlist_for_each_entry_safe (entry, following, STANDIN_BUCKET(table, key), member)

#endif
