/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_LOG2_H
#define STANDIN_LINUX_LOG2_H

#include <linux/bitops.h>

#define ilog2(number) ((number) ? 63 - __builtin_clzll(number) : -1)
#define is_power_of_2(number) ((number) != 0 && (((number) & ((number)-1)) == 0))
#define roundup_pow_of_two(number) ((number) <= 1 ? 1ul : 1ul << (64 - __builtin_clzll((unsigned long)(number)-1)))
#define rounddown_pow_of_two(number) (1ul << ilog2(number))
#define order_base_2(number) ((number) <= 1 ? 0 : 64 - __builtin_clzll((unsigned long long)(number)-1))

#endif
