/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_PRINTK_H
#define STANDIN_LINUX_PRINTK_H

#include "../../standin.h"

#define printk(...) standin_log("info", __VA_ARGS__)
#define pr_debug(...) standin_log("info", __VA_ARGS__)
#define pr_info(...) standin_log("info", __VA_ARGS__)
#define pr_warn(...) standin_log("warning", __VA_ARGS__)
#define pr_warn_once(...) standin_log("warning", __VA_ARGS__)
#define pr_info_once(...)                               \
	({                                              \
		static unsigned long standin_told;      \
		if (standin_once(&standin_told))        \
			standin_log("info", __VA_ARGS__); \
	})
#define pr_err(...) standin_log("error", __VA_ARGS__)

#endif
