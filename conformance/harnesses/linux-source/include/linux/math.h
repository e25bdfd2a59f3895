/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MATH_H
#define STANDIN_LINUX_MATH_H

#define DIV_ROUND_UP(number, by) (((number) + (by)-1) / (by))
#define round_up(number, to) ((((number)-1) | ((__typeof__(number))(to)-1)) + 1)
#define round_down(number, to) ((number) & ~((__typeof__(number))(to)-1))
#define roundup(number, to) (DIV_ROUND_UP(number, to) * (to))
#define rounddown(number, to) ((number) - (number) % (to))

#endif
