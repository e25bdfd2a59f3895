/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RCUPDATE_WAIT_H
#define STANDIN_LINUX_RCUPDATE_WAIT_H

#include <linux/rcupdate.h>

#endif
