/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_KOBJECT_H
#define STANDIN_LINUX_KOBJECT_H

#include <linux/kref.h>

#endif
