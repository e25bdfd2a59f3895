/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_PRINTK_H
#define STANDIN_LINUX_PRINTK_H

#include "../../standin.h"

/* A file may define what its messages begin with. */
#ifndef pr_fmt
#define pr_fmt(format) format
#endif

#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define KERN_CONT ""

#define STANDIN_ONCE(statement)                \
	({                                     \
		static bool standin_said;      \
		if (standin_once(&standin_said)) \
			statement;             \
	})

#define printk(...) standin_log("info", __VA_ARGS__)
#define printk_once(...) STANDIN_ONCE(printk(__VA_ARGS__))
#define printk_ratelimited(...) printk(__VA_ARGS__)
#define no_printk(...) ((void)0)
#define pr_debug(format, ...) standin_log("info", pr_fmt(format), ##__VA_ARGS__)
#define pr_devel(format, ...) standin_log("info", pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...) standin_log("info", pr_fmt(format), ##__VA_ARGS__)
#define pr_notice(format, ...) standin_log("info", pr_fmt(format), ##__VA_ARGS__)
#define pr_cont(format, ...) standin_log("info", format, ##__VA_ARGS__)
#define pr_warn(format, ...) standin_log("warning", pr_fmt(format), ##__VA_ARGS__)
#define pr_warning pr_warn
#define pr_err(format, ...) standin_log("error", pr_fmt(format), ##__VA_ARGS__)
#define pr_crit pr_err
#define pr_alert pr_err
#define pr_emerg pr_err
#define pr_debug_once(...) STANDIN_ONCE(pr_debug(__VA_ARGS__))
#define pr_info_once(...) STANDIN_ONCE(pr_info(__VA_ARGS__))
#define pr_notice_once(...) STANDIN_ONCE(pr_notice(__VA_ARGS__))
#define pr_warn_once(...) STANDIN_ONCE(pr_warn(__VA_ARGS__))
#define pr_err_once(...) STANDIN_ONCE(pr_err(__VA_ARGS__))
#define pr_debug_ratelimited pr_debug
#define pr_info_ratelimited pr_info
#define pr_notice_ratelimited pr_notice
#define pr_warn_ratelimited pr_warn
#define pr_err_ratelimited pr_err

#endif
