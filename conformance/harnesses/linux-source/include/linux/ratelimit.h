/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RATELIMIT_H
#define STANDIN_LINUX_RATELIMIT_H

#include <linux/printk.h>

#endif
