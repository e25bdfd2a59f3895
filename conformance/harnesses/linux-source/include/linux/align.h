/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_ALIGN_H
#define STANDIN_LINUX_ALIGN_H

#define ALIGN(number, to) (((number) + (__typeof__(number))(to)-1) & ~((__typeof__(number))(to)-1))
#define ALIGN_DOWN(number, to) ((number) & ~((__typeof__(number))(to)-1))
#define IS_ALIGNED(number, to) (((number) & ((__typeof__(number))(to)-1)) == 0)
#define PTR_ALIGN(pointer, to) ((__typeof__(pointer))ALIGN((unsigned long)(pointer), to))

#endif
