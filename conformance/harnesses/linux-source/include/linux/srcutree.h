/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SRCUTREE_H
#define STANDIN_LINUX_SRCUTREE_H

#include <linux/srcu.h>

#endif
