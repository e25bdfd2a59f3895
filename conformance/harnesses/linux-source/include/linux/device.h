/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_DEVICE_H
#define STANDIN_LINUX_DEVICE_H

#include <linux/dev_printk.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct device {
	struct device *parent;
	const char *init_name;
	void *driver_data;
};

#define dev_name(device) ((device)->init_name)
#define dev_get_drvdata(device) ((device)->driver_data)
#define dev_set_drvdata(device, data) ((void)((device)->driver_data = (data)))

#endif
