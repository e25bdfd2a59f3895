/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SMP_H
#define STANDIN_LINUX_SMP_H

#include <linux/types.h>

#endif
