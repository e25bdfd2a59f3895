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

/* Each atomic operation is one step to the other lanes, and no race: that is what it is for. */
#define ATOMIC_HOOKS(bits)                                                                                     \
	typedef uint##bits##_t word##bits;                                                                     \
	word##bits __tsan_atomic##bits##_load(const volatile word##bits *at, int order);                       \
	void __tsan_atomic##bits##_store(volatile word##bits *at, word##bits value, int order);                \
	word##bits __tsan_atomic##bits##_load(const volatile word##bits *at, int order)                        \
	{                                                                                                      \
		word##bits seen;                                                                               \
		(void)order;                                                                                   \
		run_point(POINT_ARRAY, (void *)at, FROM);                                                      \
		seen = *at;                                                                                    \
		run_saw(seen);                                                                                 \
		return seen;                                                                                   \
	}                                                                                                      \
	void __tsan_atomic##bits##_store(volatile word##bits *at, word##bits value, int order)                 \
	{                                                                                                      \
		(void)order;                                                                                   \
		run_point(POINT_ARRAY, (void *)at, FROM);                                                      \
		*at = value;                                                                                   \
	}                                                                                                      \
	ATOMIC_CHANGE(bits, exchange, value)                                                                   \
	ATOMIC_CHANGE(bits, fetch_add, seen + value)                                                           \
	ATOMIC_CHANGE(bits, fetch_sub, seen - value)                                                           \
	ATOMIC_CHANGE(bits, fetch_and, seen &value)                                                            \
	ATOMIC_CHANGE(bits, fetch_or, seen | value)                                                            \
	ATOMIC_CHANGE(bits, fetch_xor, seen ^ value)                                                           \
	ATOMIC_COMPARE(bits, strong)                                                                           \
	ATOMIC_COMPARE(bits, weak)                                                                             \
	word##bits __tsan_atomic##bits##_compare_exchange_val(volatile word##bits *at, word##bits old,         \
							      word##bits value, int order, int otherwise);     \
	word##bits __tsan_atomic##bits##_compare_exchange_val(volatile word##bits *at, word##bits old,         \
							      word##bits value, int order, int otherwise)      \
	{                                                                                                      \
		__tsan_atomic##bits##_compare_exchange_strong(at, &old, value, order, otherwise);              \
		return old;                                                                                    \
	}

#define ATOMIC_CHANGE(bits, name, changed)                                                                     \
	word##bits __tsan_atomic##bits##_##name(volatile word##bits *at, word##bits value, int order);         \
	word##bits __tsan_atomic##bits##_##name(volatile word##bits *at, word##bits value, int order)          \
	{                                                                                                      \
		word##bits seen;                                                                               \
		(void)order;                                                                                   \
		run_point(POINT_ARRAY, (void *)at, FROM);                                                      \
		seen = *at;                                                                                    \
		*at = (word##bits)(changed);                                                                   \
		run_saw(seen);                                                                                 \
		return seen;                                                                                   \
	}

#define ATOMIC_COMPARE(bits, strength)                                                                         \
	int __tsan_atomic##bits##_compare_exchange_##strength(volatile word##bits *at, word##bits *old,        \
							      word##bits value, int order, int otherwise);     \
	int __tsan_atomic##bits##_compare_exchange_##strength(volatile word##bits *at, word##bits *old,        \
							      word##bits value, int order, int otherwise)      \
	{                                                                                                      \
		word##bits seen;                                                                               \
		(void)order, (void)otherwise;                                                                  \
		run_point(POINT_ARRAY, (void *)at, FROM);                                                      \
		seen = *at;                                                                                    \
		run_saw(seen);                                                                                 \
		if (seen != *old) {                                                                            \
			*old = seen;                                                                           \
			return 0;                                                                              \
		}                                                                                              \
		*at = value;                                                                                   \
		return 1;                                                                                      \
	}

ATOMIC_HOOKS(8)
ATOMIC_HOOKS(16)
ATOMIC_HOOKS(32)
ATOMIC_HOOKS(64)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void __tsan_atomic_thread_fence(int order)
{
	(void)order;
}

void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
