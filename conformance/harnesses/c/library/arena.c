/* SPDX-License-Identifier: MIT */
/*
 * Memory for parsed requests, which is taken piece by piece and given back all at once. An adapter is often built with
 * a sanitizer, whose malloc costs more than all the rest of a request; the sanitizer is for the implementation.
 */
#include "internal.h"

#include <sys/mman.h>

#define CHUNK_SIZE ((size_t)4 << 20)

struct chunk {
	struct chunk *previous;
	size_t size;
	size_t used;
};

static struct chunk *newest;

static struct chunk *add_chunk(size_t size)
{
	struct chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (chunk == MAP_FAILED)
		return NULL;
	*chunk = (struct chunk){newest, size, (sizeof(*chunk) + 15) & ~(size_t)15};
	newest = chunk;
	return chunk;
}

static void *take(size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15;

	if ((!newest || newest->size - newest->used < rounded) &&
	    !add_chunk(rounded + 64 > CHUNK_SIZE ? rounded + 64 : CHUNK_SIZE))
		return NULL;

	void *memory = (char *)newest + newest->used;

	newest->used += rounded;
	return memory;
}

static void give_back_later(void *memory)
{
	(void)memory;
}

void arena_use(void)
{
	json_set_alloc_funcs(take, give_back_later);
}

void arena_reset(void)
{
	while (newest && newest->previous) {
		struct chunk *chunk = newest;

		newest = chunk->previous;
		munmap(chunk, chunk->size);
	}
	if (newest)
		newest->used = (sizeof(*newest) + 15) & ~(size_t)15;
}
