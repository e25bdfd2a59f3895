/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What code compiled with -fsanitize=thread calls before each access. There is no sanitizer behind it. */
#include "scheduler.h"

#define FROM __builtin_return_address(0)

#define HOOKS(size)                                                                                       \
	void __tsan_read##size(void *at);                                                                 \
	void __tsan_write##size(void *at);                                                                \
	void __tsan_unaligned_read##size(void *at);                                                       \
	void __tsan_unaligned_write##size(void *at);                                                      \
	void __tsan_volatile_read##size(void *at);                                                        \
	void __tsan_volatile_write##size(void *at);                                                       \
	void __tsan_read##size(void *at) { lane_access(at, size, false, false, FROM); }                   \
	void __tsan_write##size(void *at) { lane_access(at, size, true, false, FROM); }                   \
	void __tsan_unaligned_read##size(void *at) { lane_access(at, size, false, false, FROM); }         \
	void __tsan_unaligned_write##size(void *at) { lane_access(at, size, true, false, FROM); }         \
	void __tsan_volatile_read##size(void *at) { lane_access(at, size, false, true, FROM); }           \
	void __tsan_volatile_write##size(void *at) { lane_access(at, size, true, true, FROM); }

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

void __tsan_init(void);
void __tsan_func_entry(void *from);
void __tsan_func_exit(void);
void __tsan_read_range(void *at, unsigned long size);
void __tsan_write_range(void *at, unsigned long size);

void __tsan_init(void)
{
}

void __tsan_func_entry(void *from)
{
	(void)from;
}

void __tsan_func_exit(void)
{
}

void __tsan_read_range(void *at, unsigned long size)
{
	lane_access(at, (int)size, false, false, FROM);
}

void __tsan_write_range(void *at, unsigned long size)
{
	lane_access(at, (int)size, true, false, FROM);
}
