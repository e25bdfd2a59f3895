/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_EXPORT_H
#define STANDIN_LINUX_EXPORT_H

#include <linux/compiler.h>

/* The names of what the file exports, kept where the program finds them. */
#define STANDIN_EXPORT(symbol)                                      \
	static const char *const STANDIN_JOIN(standin_export_, symbol) \
		__attribute__((section("standin_exports"), used)) = #symbol

#define EXPORT_SYMBOL(symbol) STANDIN_EXPORT(symbol)
#define EXPORT_SYMBOL_GPL(symbol) STANDIN_EXPORT(symbol)
#define EXPORT_SYMBOL_NS(symbol, namespace) STANDIN_EXPORT(symbol)
#define EXPORT_SYMBOL_NS_GPL(symbol, namespace) STANDIN_EXPORT(symbol)
#define EXPORT_SYMBOL_FOR_MODULES(symbol, modules) STANDIN_EXPORT(symbol)
#define EXPORT_SYMBOL_GPL_FOR_MODULES(symbol, modules) STANDIN_EXPORT(symbol)

#endif
