/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_OVERFLOW_H
#define STANDIN_LINUX_OVERFLOW_H

#include <stddef.h>

#define check_add_overflow(a, b, sum) __builtin_add_overflow(a, b, sum)
#define check_sub_overflow(a, b, difference) __builtin_sub_overflow(a, b, difference)
#define check_mul_overflow(a, b, product) __builtin_mul_overflow(a, b, product)
#define size_add(a, b) ((size_t)(a) + (size_t)(b))
#define size_mul(a, b) ((size_t)(a) * (size_t)(b))
#define array_size(count, size) ((size_t)(count) * (size_t)(size))
#define struct_size(pointer, member, count) (sizeof(*(pointer)) + sizeof((pointer)->member[0]) * (size_t)(count))

#endif
