/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_DEV_PRINTK_H
#define STANDIN_LINUX_DEV_PRINTK_H

#include <linux/printk.h>

struct device;

#define dev_dbg(device, format, ...) ((void)(device), standin_log("info", format, ##__VA_ARGS__))
#define dev_info(device, format, ...) ((void)(device), standin_log("info", format, ##__VA_ARGS__))
#define dev_notice(device, format, ...) ((void)(device), standin_log("info", format, ##__VA_ARGS__))
#define dev_warn(device, format, ...) ((void)(device), standin_log("warning", format, ##__VA_ARGS__))
#define dev_err(device, format, ...) ((void)(device), standin_log("error", format, ##__VA_ARGS__))
#define dev_crit dev_err
#define dev_alert dev_err
#define dev_emerg dev_err
#define dev_info_once(...) STANDIN_ONCE(dev_info(__VA_ARGS__))
#define dev_warn_once(...) STANDIN_ONCE(dev_warn(__VA_ARGS__))
#define dev_err_once(...) STANDIN_ONCE(dev_err(__VA_ARGS__))
#define dev_dbg_ratelimited dev_dbg
#define dev_info_ratelimited dev_info
#define dev_warn_ratelimited dev_warn
#define dev_err_ratelimited dev_err
#define dev_err_probe(device, error, format, ...) (dev_err(device, format, ##__VA_ARGS__), (error))

#endif
