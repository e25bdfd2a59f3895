/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BITMAP_H
#define STANDIN_LINUX_BITMAP_H

#include <linux/bitops.h>

#endif
