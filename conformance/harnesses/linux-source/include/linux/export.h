/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_EXPORT_H
#define STANDIN_LINUX_EXPORT_H

#define EXPORT_SYMBOL(symbol) struct standin_exported
#define EXPORT_SYMBOL_GPL(symbol) struct standin_exported
#define EXPORT_SYMBOL_NS_GPL(symbol, namespace) struct standin_exported

#endif
