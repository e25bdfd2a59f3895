/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_VMALLOC_H
#define STANDIN_LINUX_VMALLOC_H

#include <linux/slab.h>

#endif
