/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_ONCE_H
#define STANDIN_LINUX_ONCE_H

#include <linux/printk.h>

#endif
