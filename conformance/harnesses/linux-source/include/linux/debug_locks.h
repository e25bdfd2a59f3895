/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_DEBUG_LOCKS_H
#define STANDIN_LINUX_DEBUG_LOCKS_H

#include <linux/lockdep.h>

#endif
