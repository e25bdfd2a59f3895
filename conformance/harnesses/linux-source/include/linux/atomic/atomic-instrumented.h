/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_ATOMIC_ATOMIC_INSTRUMENTED_H
#define STANDIN_LINUX_ATOMIC_ATOMIC_INSTRUMENTED_H

#include <linux/atomic.h>

#endif
