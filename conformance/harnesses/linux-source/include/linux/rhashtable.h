/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RHASHTABLE_H
#define STANDIN_LINUX_RHASHTABLE_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>

/*
 * A table that grows by itself. Here it is one chain, the newest first, and no hash is computed: which objects are found
 * is the same. Inserting asks for no memory, as in the kernel as long as the table need not grow.
 */
struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable;

struct rhashtable_compare_arg {
	struct rhashtable *ht;
	const void *key;
};

typedef u32 (*rht_hashfn_t)(const void *data, u32 length, u32 seed);
typedef u32 (*rht_obj_hashfn_t)(const void *data, u32 length, u32 seed);
typedef int (*rht_obj_cmpfn_t)(struct rhashtable_compare_arg *argument, const void *object);

struct rhashtable_params {
	u16 nelem_hint;
	u16 key_len;
	u16 key_offset;
	u16 head_offset;
	unsigned int max_size;
	u16 min_size;
	bool automatic_shrinking;
	rht_hashfn_t hashfn;
	rht_obj_hashfn_t obj_hashfn;
	rht_obj_cmpfn_t obj_cmpfn;
};

struct rhashtable {
	struct rhash_head *first;
	spinlock_t lock;
	atomic_t nelems;
	struct rhashtable_params p;
};

#define rht_entry(pointer, type, member) container_of(pointer, type, member)

static inline int rhashtable_init(struct rhashtable *table, const struct rhashtable_params *params)
{
	*table = (struct rhashtable){.p = *params};
	spin_lock_init(&table->lock);
	return 0;
}

#define rhashtable_init_noprof rhashtable_init

static inline bool standin_rhash_is(struct rhashtable *table, const void *key, const struct rhash_head *head,
				    struct rhashtable_params params)
{
	const char *object = (const char *)head - params.head_offset;
	struct rhashtable_compare_arg argument = {table, key};

	if (params.obj_cmpfn)
		return !params.obj_cmpfn(&argument, object);
	return !memcmp(object + params.key_offset, key, params.key_len);
}

static inline void *rhashtable_lookup(struct rhashtable *table, const void *key, struct rhashtable_params params)
{
	struct rhash_head *head;

	for (head = rcu_dereference(table->first); head; head = rcu_dereference(head->next))
		if (standin_rhash_is(table, key, head, params))
			return (char *)head - params.head_offset;
	return NULL;
}

static inline void *rhashtable_lookup_fast(struct rhashtable *table, const void *key, struct rhashtable_params params)
{
	void *object;

	rcu_read_lock();
	object = rhashtable_lookup(table, key, params);
	rcu_read_unlock();
	return object;
}

/* The object that is there under the key; NULL, and the new one is inserted, where there is none, or none is looked for. */
static inline void *standin_rhash_insert(struct rhashtable *table, const void *key, struct rhash_head *head,
					 struct rhashtable_params params)
{
	void *there;

	spin_lock(&table->lock);
	there = key ? rhashtable_lookup(table, key, params) : NULL;
	if (!there) {
		head->next = table->first;
		rcu_assign_pointer(table->first, head);
		atomic_inc(&table->nelems);
	}
	spin_unlock(&table->lock);
	return there;
}

static inline const void *standin_rhash_key(const struct rhash_head *head, struct rhashtable_params params)
{
	return (const char *)head - params.head_offset + params.key_offset;
}

#define rhashtable_insert_fast(table, head, params) (standin_rhash_insert(table, NULL, head, params), 0)
#define rhashtable_lookup_insert_key(table, key, head, params) \
	(standin_rhash_insert(table, key, head, params) ? -EEXIST : 0)
#define rhashtable_lookup_get_insert_key standin_rhash_insert
#define rhashtable_lookup_get_insert_fast(table, head, params) \
	standin_rhash_insert(table, standin_rhash_key(head, params), head, params)
#define rhashtable_lookup_insert_fast(table, head, params) \
	(rhashtable_lookup_get_insert_fast(table, head, params) ? -EEXIST : 0)

/* Puts another head, or what comes after it, into the place of one; -ENOENT where that one is not in the table. */
static inline int standin_rhash_exchange(struct rhashtable *table, struct rhash_head *head, struct rhash_head *other)
{
	struct rhash_head **place = &table->first;
	int result = -ENOENT;

	spin_lock(&table->lock);
	while (*place && *place != head)
		place = &(*place)->next;
	if (*place) {
		if (other)
			other->next = head->next;
		else
			atomic_dec(&table->nelems);
		rcu_assign_pointer(*place, other ? other : head->next);
		result = 0;
	}
	spin_unlock(&table->lock);
	return result;
}

#define rhashtable_remove_fast(table, head, params) standin_rhash_exchange(table, head, NULL)
#define rhashtable_replace_fast(table, head, other, params) standin_rhash_exchange(table, head, other)

static inline void rhashtable_free_and_destroy(struct rhashtable *table, void (*free)(void *object, void *data), void *data)
{
	struct rhash_head *head = table->first;

	table->first = NULL;
	while (head) {
		struct rhash_head *next = head->next;

		free((char *)head - table->p.head_offset, data);
		head = next;
	}
}

#define rhashtable_destroy(table) ((void)((table)->first = NULL))

struct rhashtable_iter {
	struct rhashtable *ht;
	struct rhash_head *next;
	bool began;
};

#define rhashtable_walk_enter(table, walk) (*(walk) = (struct rhashtable_iter){.ht = (table)})
#define rhashtable_walk_exit(walk) ((void)(walk))
#define rhashtable_walk_start_check(walk) ((void)(walk), rcu_read_lock(), 0)
#define rhashtable_walk_start(walk) ((void)rhashtable_walk_start_check(walk))
#define rhashtable_walk_stop(walk) ((void)(walk), rcu_read_unlock())

static inline void *rhashtable_walk_next(struct rhashtable_iter *walk)
{
	struct rhash_head *head = walk->began ? walk->next : rcu_dereference(walk->ht->first);

	walk->began = true;
	walk->next = head ? rcu_dereference(head->next) : NULL;
	return head ? (char *)head - walk->ht->p.head_offset : NULL;
}

#endif
