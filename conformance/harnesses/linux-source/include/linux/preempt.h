/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_PREEMPT_H
#define STANDIN_LINUX_PREEMPT_H

#include <linux/spinlock.h>

#endif
