/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_GFP_H
#define STANDIN_LINUX_GFP_H

#include <linux/types.h>

#define GFP_KERNEL 0x0cc0u
#define GFP_KERNEL_ACCOUNT 0x400cc0u
#define GFP_ATOMIC 0x0820u

#endif
