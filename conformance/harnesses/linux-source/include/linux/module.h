/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_MODULE_H
#define STANDIN_LINUX_MODULE_H

#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* A module that is never going away, and counts the references to it. */
struct module {
	_Atomic long references;
};

extern struct module standin_module;

#define THIS_MODULE (&standin_module)
#define MODULE_LICENSE(text) struct standin_module_info
#define MODULE_AUTHOR(text) struct standin_module_info
#define MODULE_DESCRIPTION(text) struct standin_module_info
#define MODULE_VERSION(text) struct standin_module_info
#define module_init(function) struct standin_module_info
#define module_exit(function) struct standin_module_info

bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);

#endif
