/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BITMAP_H
#define STANDIN_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/string.h>

#define STANDIN_WORDS(bits) (((bits) + 63) / 64)
#define bitmap_zero(words, bits) ((void)memset(words, 0, STANDIN_WORDS(bits) * sizeof(long)))
#define bitmap_fill(words, bits) ((void)memset(words, 0xff, STANDIN_WORDS(bits) * sizeof(long)))
#define bitmap_empty(words, bits) (find_first_bit(words, bits) >= (bits))
#define bitmap_full(words, bits) (find_first_zero_bit(words, bits) >= (bits))
#define bitmap_zalloc(bits, flags) ((unsigned long *)kcalloc(STANDIN_WORDS(bits), sizeof(long), flags))
#define bitmap_free(words) kfree(words)

static inline unsigned int bitmap_weight(const unsigned long *words, unsigned int bits)
{
	unsigned int weight = 0;

	for (unsigned int bit = 0; bit < bits; bit++)
		weight += test_bit(bit, words);
	return weight;
}

#endif
