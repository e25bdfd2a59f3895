/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_MODULE_H
#define STANDIN_LINUX_MODULE_H

#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* A module that is never going away, and counts the references to it. */
struct module {
	_Atomic long references;
};

extern struct module standin_module;

#define THIS_MODULE (&standin_module)
#define MODULE_LICENSE(text) STANDIN_NOTHING()
#define MODULE_AUTHOR(text) STANDIN_NOTHING()
#define MODULE_DESCRIPTION(text) STANDIN_NOTHING()
#define MODULE_VERSION(text) STANDIN_NOTHING()
#define MODULE_INFO(tag, text) STANDIN_NOTHING()
#define MODULE_ALIAS(text) STANDIN_NOTHING()
#define MODULE_SOFTDEP(text) STANDIN_NOTHING()
#define MODULE_IMPORT_NS(text) STANDIN_NOTHING()

bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);

#endif
