/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_COMPILER_H
#define STANDIN_LINUX_COMPILER_H

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define READ_ONCE(variable) (*(const volatile __typeof__(variable) *)&(variable))
#define WRITE_ONCE(variable, value) (*(volatile __typeof__(variable) *)&(variable) = (value))
#define ACCESS_ONCE(variable) (*(volatile __typeof__(variable) *)&(variable))
#define data_race(expression) (expression)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define unreachable() __builtin_unreachable()
#define typeof_member(type, member) __typeof__(((type *)0)->member)
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))

#define STANDIN_JOIN_(a, b) a##b
#define STANDIN_JOIN(a, b) STANDIN_JOIN_(a, b)
#define __UNIQUE_ID(prefix) STANDIN_JOIN(STANDIN_JOIN(standin_unique_, prefix), __COUNTER__)
#define __PASTE(a, b) STANDIN_JOIN(a, b)
#define __stringify_1(text...) #text
#define __stringify(text...) __stringify_1(text)

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#define noinline __attribute__((noinline))
#define __must_check __attribute__((warn_unused_result))
#define __maybe_unused __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __used __attribute__((used))
#define __pure __attribute__((pure))
#define __packed __attribute__((packed))
#define __aligned(bytes) __attribute__((aligned(bytes)))
#define __cold __attribute__((cold))
#define __weak __attribute__((weak))
#define __printf(format_at, first) __attribute__((format(printf, format_at, first)))
#define __section(name)
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __cacheline_aligned_in_smp
#define __read_mostly
#define __ro_after_init
#define __randomize_layout
#define __designated_init
#define __init
#define __exit
#define __initdata
#define __exitdata
#define __initconst
#define __user
#define __kernel
#define __iomem
#define __force
#define __rcu
#define __percpu
#define __bitwise
#define __must_hold(...)
#define __must_hold_shared(...)
#define __acquires(...)
#define __acquires_shared(...)
#define __releases(...)
#define __releases_shared(...)
#define __cond_acquires(...)
#define __acquire(...) ((void)0)
#define __release(...) ((void)0)
#define __guarded_by(...)
#define __counted_by(...)
#define __nonstring
#define notrace
#define asmlinkage
#define fallthrough __attribute__((fallthrough))

#endif
