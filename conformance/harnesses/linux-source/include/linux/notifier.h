/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_NOTIFIER_H
#define STANDIN_LINUX_NOTIFIER_H

#include <linux/types.h>
#include <linux/mutex.h>

#endif
