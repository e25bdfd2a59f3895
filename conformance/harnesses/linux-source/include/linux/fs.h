/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_FS_H
#define STANDIN_LINUX_FS_H

#include <linux/types.h>

#endif
