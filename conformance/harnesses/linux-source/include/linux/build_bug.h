/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BUILD_BUG_H
#define STANDIN_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define BUILD_BUG_ON_MSG(condition, text) _Static_assert(!(condition), text)
#define BUILD_BUG_ON_NOT_POWER_OF_2(number) _Static_assert((number) && !((number) & ((number)-1)), #number)
#define BUILD_BUG_ON_ZERO(condition) ((int)(sizeof(struct { int : (-!!(condition)); })))
#define BUILD_BUG() ((void)0)
#define static_assert_1(condition, text, ...) _Static_assert(condition, text)
#undef static_assert
#define static_assert(condition, ...) static_assert_1(condition, ##__VA_ARGS__, #condition)

#endif
