/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_POLL_H
#define STANDIN_LINUX_POLL_H

#include <linux/types.h>

#endif
