/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_ATOMIC_H
#define STANDIN_LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#define ATOMIC_INIT(number) {number}
#define ATOMIC64_INIT(number) {number}
#define ATOMIC_LONG_INIT(number) {number}
#define atomic_long_t atomic64_t

/* One set for each width: atomic_add() and atomic64_add(). */
#define STANDIN_ATOMIC(prefix, type, number)                                          \
	static inline number prefix##_read(const type *atomic)                        \
	{                                                                             \
		return atomic->counter;                                               \
	}                                                                             \
	static inline void prefix##_set(type *atomic, number value)                   \
	{                                                                             \
		atomic->counter = value;                                              \
	}                                                                             \
	static inline number prefix##_fetch_add(number by, type *atomic)              \
	{                                                                             \
		return __atomic_fetch_add((number *)&atomic->counter, by, __ATOMIC_SEQ_CST); \
	}                                                                             \
	static inline number prefix##_xchg(type *atomic, number value)                \
	{                                                                             \
		return __atomic_exchange_n((number *)&atomic->counter, value, __ATOMIC_SEQ_CST); \
	}                                                                             \
	static inline number prefix##_cmpxchg(type *atomic, number old, number value) \
	{                                                                             \
		__atomic_compare_exchange_n((number *)&atomic->counter, &old, value, false, __ATOMIC_SEQ_CST, \
					    __ATOMIC_SEQ_CST);                        \
		return old;                                                           \
	}                                                                             \
	static inline bool prefix##_add_unless(type *atomic, number by, number unless) \
	{                                                                             \
		number now = prefix##_read(atomic);                                   \
		while (now != unless) {                                               \
			number seen = prefix##_cmpxchg(atomic, now, now + by);        \
			if (seen == now)                                              \
				return true;                                          \
			now = seen;                                                   \
		}                                                                     \
		return false;                                                         \
	}                                                                             \
	static inline void prefix##_add(number by, type *atomic)                      \
	{                                                                             \
		prefix##_fetch_add(by, atomic);                                       \
	}                                                                             \
	static inline void prefix##_sub(number by, type *atomic)                      \
	{                                                                             \
		prefix##_fetch_add(-by, atomic);                                      \
	}                                                                             \
	static inline void prefix##_inc(type *atomic)                                 \
	{                                                                             \
		prefix##_fetch_add(1, atomic);                                        \
	}                                                                             \
	static inline void prefix##_dec(type *atomic)                                 \
	{                                                                             \
		prefix##_fetch_add(-1, atomic);                                       \
	}                                                                             \
	static inline number prefix##_add_return(number by, type *atomic)             \
	{                                                                             \
		return prefix##_fetch_add(by, atomic) + by;                           \
	}                                                                             \
	static inline number prefix##_sub_return(number by, type *atomic)             \
	{                                                                             \
		return prefix##_fetch_add(-by, atomic) - by;                          \
	}                                                                             \
	static inline number prefix##_inc_return(type *atomic)                        \
	{                                                                             \
		return prefix##_add_return(1, atomic);                                \
	}                                                                             \
	static inline number prefix##_dec_return(type *atomic)                        \
	{                                                                             \
		return prefix##_add_return(-1, atomic);                               \
	}                                                                             \
	static inline bool prefix##_dec_and_test(type *atomic)                        \
	{                                                                             \
		return prefix##_dec_return(atomic) == 0;                              \
	}                                                                             \
	static inline bool prefix##_inc_and_test(type *atomic)                        \
	{                                                                             \
		return prefix##_inc_return(atomic) == 0;                              \
	}                                                                             \
	static inline bool prefix##_sub_and_test(number by, type *atomic)             \
	{                                                                             \
		return prefix##_sub_return(by, atomic) == 0;                          \
	}                                                                             \
	static inline bool prefix##_inc_not_zero(type *atomic)                        \
	{                                                                             \
		return prefix##_add_unless(atomic, 1, 0);                             \
	}                                                                             \
	static inline bool prefix##_try_cmpxchg(type *atomic, number *old, number value) \
	{                                                                             \
		return __atomic_compare_exchange_n((number *)&atomic->counter, old, value, false, __ATOMIC_SEQ_CST, \
						   __ATOMIC_SEQ_CST);                 \
	}                                                                             \
	/* What is left, also where that is below 0 and nothing was taken. */         \
	static inline number prefix##_dec_if_positive(type *atomic)                   \
	{                                                                             \
		number now = prefix##_read(atomic);                                   \
		while (now > 0 && !prefix##_try_cmpxchg(atomic, &now, now - 1))       \
			continue;                                                     \
		return now - 1;                                                       \
	}                                                                             \
	static inline number prefix##_fetch_or(number bits, type *atomic)             \
	{                                                                             \
		return __atomic_fetch_or((number *)&atomic->counter, bits, __ATOMIC_SEQ_CST); \
	}                                                                             \
	static inline number prefix##_fetch_and(number bits, type *atomic)            \
	{                                                                             \
		return __atomic_fetch_and((number *)&atomic->counter, bits, __ATOMIC_SEQ_CST); \
	}                                                                             \
	static inline void prefix##_or(number bits, type *atomic)                     \
	{                                                                             \
		prefix##_fetch_or(bits, atomic);                                      \
	}                                                                             \
	static inline void prefix##_and(number bits, type *atomic)                    \
	{                                                                             \
		prefix##_fetch_and(bits, atomic);                                     \
	}                                                                             \
	static inline void prefix##_andnot(number bits, type *atomic)                 \
	{                                                                             \
		prefix##_fetch_and(~bits, atomic);                                    \
	}

STANDIN_ATOMIC(atomic, atomic_t, int)
STANDIN_ATOMIC(atomic64, atomic64_t, int64_t)

#define atomic_long_read atomic64_read
#define atomic_long_set atomic64_set
#define atomic_long_add atomic64_add
#define atomic_long_sub atomic64_sub
#define atomic_long_inc atomic64_inc
#define atomic_long_dec atomic64_dec
#define atomic_long_inc_return atomic64_inc_return
#define atomic_long_dec_return atomic64_dec_return
#define atomic_long_dec_and_test atomic64_dec_and_test
#define atomic_long_cmpxchg atomic64_cmpxchg
#define atomic_long_try_cmpxchg atomic64_try_cmpxchg
#define atomic_long_xchg atomic64_xchg
#define atomic_long_add_return atomic64_add_return
#define atomic_long_inc_not_zero atomic64_inc_not_zero
#define atomic_read_acquire atomic_read
#define atomic_set_release atomic_set
#define atomic_fetch_inc(atomic) atomic_fetch_add(1, atomic)
#define atomic_fetch_dec(atomic) atomic_fetch_add(-1, atomic)

#define cmpxchg(pointer, old, value)                                                                  \
	({                                                                                            \
		__typeof__(*(pointer)) standin_seen = (old);                                          \
		__atomic_compare_exchange_n((pointer), &standin_seen, (value), false, __ATOMIC_SEQ_CST, \
					    __ATOMIC_SEQ_CST);                                        \
		standin_seen;                                                                         \
	})
#define try_cmpxchg(pointer, old, value)                                                       \
	__atomic_compare_exchange_n((pointer), (old), (value), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define xchg(pointer, value) __atomic_exchange_n((pointer), (value), __ATOMIC_SEQ_CST)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb__before_atomic smp_mb
#define smp_mb__after_atomic smp_mb
#define smp_load_acquire(pointer) __atomic_load_n((pointer), __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) __atomic_store_n((pointer), (value), __ATOMIC_RELEASE)
#define smp_store_mb(variable, value) __atomic_store_n(&(variable), (value), __ATOMIC_SEQ_CST)
#define cpu_relax() ((void)0)

#endif
