/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_INIT_H
#define STANDIN_LINUX_INIT_H

#include <linux/compiler.h>

#endif
