/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SCHED_SIGNAL_H
#define STANDIN_LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

#endif
