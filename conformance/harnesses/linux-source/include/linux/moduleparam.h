/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MODULEPARAM_H
#define STANDIN_LINUX_MODULEPARAM_H

#include <linux/compiler.h>

#define STANDIN_NOTHING(...) struct standin_module_info
#define module_param(name, type, permissions) STANDIN_NOTHING()
#define module_param_named(name, value, type, permissions) STANDIN_NOTHING()
#define module_param_unsafe(name, type, permissions) STANDIN_NOTHING()
#define MODULE_PARM_DESC(name, text) STANDIN_NOTHING()

#endif
