/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_STRINGIFY_H
#define STANDIN_LINUX_STRINGIFY_H

#include <linux/compiler.h>

#endif
