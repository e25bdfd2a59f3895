/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MM_H
#define STANDIN_LINUX_MM_H

#include <linux/slab.h>
#include <linux/kernel.h>

#endif
