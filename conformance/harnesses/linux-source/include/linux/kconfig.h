/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_KCONFIG_H
#define STANDIN_LINUX_KCONFIG_H

/* Included before everything, as in a build of the kernel. No option is set but those that a macro sets to 1. */
#define STANDIN_COMMA_1 0,
#define STANDIN_SECOND(first, second, ...) second
#define STANDIN_IS_SET_(comma) STANDIN_SECOND(comma 1, 0, 0)
#define STANDIN_IS_SET_1(value) STANDIN_IS_SET_(STANDIN_COMMA_##value)
#define STANDIN_IS_SET(option) STANDIN_IS_SET_1(option)

#define IS_BUILTIN(option) STANDIN_IS_SET(option)
#define IS_MODULE(option) 0
#define IS_ENABLED(option) STANDIN_IS_SET(option)
#define IS_REACHABLE(option) STANDIN_IS_SET(option)

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "irqbypass"
#endif

#include <linux/compiler.h>

#endif
