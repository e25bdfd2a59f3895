/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_JHASH_H
#define STANDIN_LINUX_JHASH_H

#include <linux/types.h>

/* Some hash of bytes and of words: which one it is makes no difference to what callers see. */
#define JHASH_INITVAL 0xdeadbeefu

static inline u32 jhash(const void *key, u32 length, u32 seed)
{
	const u8 *bytes = (const u8 *)key;
	u32 hash = seed ^ 0x811c9dc5u;

	for (u32 i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 0x01000193u;
	return hash ^ (hash >> 15);
}

static inline u32 jhash2(const u32 *words, u32 count, u32 seed)
{
	return jhash(words, count * (u32)sizeof(*words), seed);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 seed)
{
	return jhash2((const u32[]){a, b, c}, 3, seed);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 seed)
{
	return jhash2((const u32[]){a, b}, 2, seed);
}

static inline u32 jhash_1word(u32 word, u32 seed)
{
	return jhash2(&word, 1, seed);
}

#endif
