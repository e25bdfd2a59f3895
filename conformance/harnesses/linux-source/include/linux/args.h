/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_ARGS_H
#define STANDIN_LINUX_ARGS_H

#include <linux/compiler.h>

#endif
