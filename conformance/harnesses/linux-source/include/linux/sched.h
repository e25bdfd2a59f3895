/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SCHED_H
#define STANDIN_LINUX_SCHED_H

#include <linux/kernel.h>

#define cond_resched() (0)

#endif
