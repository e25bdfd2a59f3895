/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RHASHTABLE_TYPES_H
#define STANDIN_LINUX_RHASHTABLE_TYPES_H

#include <linux/rhashtable.h>

#endif
