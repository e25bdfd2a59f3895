/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_INSTRUMENTATION_H
#define STANDIN_LINUX_INSTRUMENTATION_H

#include <linux/compiler.h>

#endif
