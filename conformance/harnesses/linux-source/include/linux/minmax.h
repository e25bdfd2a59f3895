/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MINMAX_H
#define STANDIN_LINUX_MINMAX_H

#include <linux/compiler.h>

#define STANDIN_CHOOSE(a, b, compare)                  \
	({                                             \
		__auto_type standin_first = (a);       \
		__auto_type standin_second = (b);      \
		standin_first compare standin_second ? standin_first : standin_second; \
	})
#define min(a, b) STANDIN_CHOOSE(a, b, <)
#define max(a, b) STANDIN_CHOOSE(a, b, >)
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(number, low, high) min(max(number, low), high)
#define swap(a, b)                                     \
	do {                                           \
		__typeof__(a) standin_kept = (a);      \
		(a) = (b);                             \
		(b) = standin_kept;                    \
	} while (0)

#endif
