/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_SLAB_H
#define STANDIN_LINUX_SLAB_H

#include <linux/gfp.h>

#include "../../standin.h"

/* Memory as the program gives it: none while an operation runs with "memory": "none". */
#define kmalloc(size, flags) standin_allocate(size)
#define kzalloc(size, flags) standin_allocate(size)
#define kfree(pointer) standin_free(pointer)

#endif
