/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_GFP_H
#define STANDIN_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO 0x100u
#define __GFP_NOWARN 0x2000u
#define __GFP_NOFAIL 0x8000u
#define __GFP_NORETRY 0x10000u
#define __GFP_ACCOUNT 0x400000u
#define __GFP_HIGHMEM 0x2u
#define GFP_KERNEL 0x0cc0u
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_ATOMIC 0x0820u
#define GFP_NOWAIT 0x0800u
#define GFP_NOIO 0x0c00u
#define GFP_NOFS 0x0c40u
#define GFP_USER 0x100cc0u

#define gfpflags_allow_blocking(flags) (((flags) & 0x0400u) != 0)

#endif
