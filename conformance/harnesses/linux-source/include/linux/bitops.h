/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BITOPS_H
#define STANDIN_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

static inline void set_bit(long number, volatile unsigned long *words)
{
	__atomic_fetch_or(&words[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_SEQ_CST);
}

static inline void clear_bit(long number, volatile unsigned long *words)
{
	__atomic_fetch_and(&words[BIT_WORD(number)], ~BIT_MASK(number), __ATOMIC_SEQ_CST);
}

static inline void change_bit(long number, volatile unsigned long *words)
{
	__atomic_fetch_xor(&words[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_SEQ_CST);
}

static inline bool test_bit(long number, const volatile unsigned long *words)
{
	return (words[BIT_WORD(number)] & BIT_MASK(number)) != 0;
}

static inline bool test_and_set_bit(long number, volatile unsigned long *words)
{
	return (__atomic_fetch_or(&words[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_SEQ_CST) & BIT_MASK(number)) != 0;
}

static inline bool test_and_clear_bit(long number, volatile unsigned long *words)
{
	return (__atomic_fetch_and(&words[BIT_WORD(number)], ~BIT_MASK(number), __ATOMIC_SEQ_CST) & BIT_MASK(number)) != 0;
}

static inline void assign_bit(long number, volatile unsigned long *words, bool value)
{
	if (value)
		set_bit(number, words);
	else
		clear_bit(number, words);
}

#define __assign_bit assign_bit
#define __set_bit set_bit
#define __clear_bit clear_bit
#define __test_and_set_bit test_and_set_bit
#define __test_and_clear_bit test_and_clear_bit
#define hweight32(word) ((unsigned int)__builtin_popcount(word))
#define hweight64(word) ((unsigned int)__builtin_popcountll(word))
#define hweight_long(word) ((unsigned int)__builtin_popcountl(word))
#define fls(word) ((word) ? 32 - __builtin_clz(word) : 0)
#define fls64(word) ((word) ? 64 - __builtin_clzll(word) : 0)
#define __ffs(word) ((unsigned long)__builtin_ctzl(word))
#define __fls(word) (63ul - (unsigned long)__builtin_clzl(word))
#define ffz(word) __ffs(~(word))

/* The first bit from `from` on that is as asked; `bits` where none is. */
static inline unsigned long standin_next_bit(const unsigned long *words, unsigned long bits, unsigned long from, bool is)
{
	while (from < bits && test_bit((long)from, words) != is)
		from++;
	return from < bits ? from : bits;
}

#define find_next_bit(words, bits, from) standin_next_bit(words, bits, from, true)
#define find_next_zero_bit(words, bits, from) standin_next_bit(words, bits, from, false)
#define find_first_bit(words, bits) find_next_bit(words, bits, 0)
#define find_first_zero_bit(words, bits) find_next_zero_bit(words, bits, 0)
#define for_each_set_bit(bit, words, bits) \
	for ((bit) = find_first_bit(words, bits); (bit) < (bits); (bit) = find_next_bit(words, bits, (bit) + 1))

static inline u32 rol32(u32 word, unsigned int by)
{
	return (word << (by & 31)) | (word >> (-by & 31));
}

static inline u32 ror32(u32 word, unsigned int by)
{
	return (word >> (by & 31)) | (word << (-by & 31));
}

#endif
