/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_INIT_H
#define STANDIN_LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* What is to be called when the file is loaded, kept where the program finds it. */
#define STANDIN_INITCALL(function)                                     \
	static int (*const STANDIN_JOIN(standin_init_, function))(void) \
		__attribute__((section("standin_inits"), used)) = function

#define core_initcall(function) STANDIN_INITCALL(function)
#define postcore_initcall(function) STANDIN_INITCALL(function)
#define arch_initcall(function) STANDIN_INITCALL(function)
#define subsys_initcall(function) STANDIN_INITCALL(function)
#define fs_initcall(function) STANDIN_INITCALL(function)
#define device_initcall(function) STANDIN_INITCALL(function)
#define late_initcall(function) STANDIN_INITCALL(function)
#define module_init(function) STANDIN_INITCALL(function)
#define module_exit(function) \
	static void (*const STANDIN_JOIN(standin_exit_, function))(void) __attribute__((unused)) = function

#endif
