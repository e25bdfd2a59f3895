/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_ERRNO_H
#define STANDIN_LINUX_ERRNO_H

#include_next <linux/errno.h>

#endif
