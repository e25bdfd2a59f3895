/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_PERCPU_H
#define STANDIN_LINUX_PERCPU_H

#include <linux/types.h>
#include <linux/compiler.h>

#endif
