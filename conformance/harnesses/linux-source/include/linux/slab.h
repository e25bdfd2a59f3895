/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SLAB_H
#define STANDIN_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>

#include <string.h>

#include "../../standin.h"

/* Memory as the program gives it: none while an operation runs with "memory": "none". */
static inline void *kmalloc(size_t size, gfp_t flags)
{
	if (flags & __GFP_NOFAIL)
		return standin_keep(size);
	return standin_allocate(size, flags & __GFP_ZERO ? STANDIN_ZEROS : STANDIN_RUBBISH);
}

static inline void *kmalloc_array(size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : kmalloc(bytes, flags);
}

static inline void *krealloc(const void *memory, size_t size, gfp_t flags)
{
	(void)flags;
	return standin_resize((void *)(uintptr_t)memory, size);
}

static inline void *kmemdup(const void *source, size_t size, gfp_t flags)
{
	void *copy = kmalloc(size, flags);

	return copy ? memcpy(copy, source, size) : NULL;
}

static inline char *kstrdup(const char *text, gfp_t flags)
{
	return text ? (char *)kmemdup(text, strlen(text) + 1, flags) : NULL;
}

static inline void kfree(const void *memory)
{
	/* As a kernel does nothing with what ZERO_SIZE_PTR or NULL name. */
	if (!IS_ERR_OR_NULL(memory) && (uintptr_t)memory > 16)
		standin_free(memory);
}

#define kzalloc(size, flags) kmalloc(size, (flags) | __GFP_ZERO)
#define kcalloc(count, size, flags) kmalloc_array(count, size, (flags) | __GFP_ZERO)
#define kmalloc_node(size, flags, node) kmalloc(size, flags)
#define kzalloc_node(size, flags, node) kzalloc(size, flags)
#define krealloc_array(memory, count, size, flags) krealloc(memory, (size_t)(count) * (size), flags)
#define kmalloc_obj(object, ...) ((__typeof__(object) *)kmalloc(sizeof(object), GFP_KERNEL))
#define kzalloc_obj(object, ...) ((__typeof__(object) *)kzalloc(sizeof(object), GFP_KERNEL))
#define kmalloc_objs(object, count, ...) ((__typeof__(object) *)kmalloc_array(count, sizeof(object), GFP_KERNEL))
#define kzalloc_objs(object, count, ...) ((__typeof__(object) *)kcalloc(count, sizeof(object), GFP_KERNEL))
#define kvmalloc kmalloc
#define kvzalloc kzalloc
#define kvcalloc kcalloc
#define kvmalloc_array kmalloc_array
#define vmalloc(size) kmalloc(size, GFP_KERNEL)
#define vzalloc(size) kzalloc(size, GFP_KERNEL)
#define kvfree kfree
#define vfree kfree
#define kfree_sensitive kfree
#define kzfree kfree
#define kfree_const kfree
#define ksize(memory) standin_size_of(memory)

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))

/* Caches of objects of one size. */
struct kmem_cache {
	size_t size;
	void (*construct)(void *object);
};

#define SLAB_HWCACHE_ALIGN 0x2000u
#define SLAB_PANIC 0x40000u
#define SLAB_TYPESAFE_BY_RCU 0x80000u
#define SLAB_ACCOUNT 0x4000000u

static inline struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, unsigned int flags,
						   void (*construct)(void *object))
{
	struct kmem_cache *cache = kmalloc(sizeof(*cache), GFP_KERNEL);

	(void)name, (void)align, (void)flags;
	if (cache)
		*cache = (struct kmem_cache){size, construct};
	return cache;
}

#define KMEM_CACHE(type, flags) kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)

static inline void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object = kmalloc(cache->size, flags);

	if (object && cache->construct)
		cache->construct(object);
	return object;
}

#define kmem_cache_zalloc(cache, flags) kmem_cache_alloc(cache, (flags) | __GFP_ZERO)
#define kmem_cache_free(cache, object) ((void)(cache), kfree(object))
#define kmem_cache_destroy(cache) kfree(cache)

#endif
