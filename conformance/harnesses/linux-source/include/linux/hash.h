/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_HASH_H
#define STANDIN_LINUX_HASH_H

#include <linux/bits.h>
#include <linux/types.h>

/* Multiplication by an odd number near the golden section, of which the highest bits are taken. */
static inline u32 hash_64(u64 number, unsigned int bits)
{
	return bits ? (u32)(number * 0x9e3779b97f4a7c15ull >> (64 - bits)) : 0;
}

static inline u32 hash_32(u32 number, unsigned int bits)
{
	return bits ? (number * 0x9e3779b1u) >> (32 - bits) : 0;
}

static inline u32 hash_ptr(const void *pointer, unsigned int bits)
{
	return hash_64((u64)(uintptr_t)pointer, bits);
}

#define hash_long(number, bits) hash_64((u64)(number), bits)
#define hash32_ptr(pointer) hash_ptr(pointer, 32)

#endif
