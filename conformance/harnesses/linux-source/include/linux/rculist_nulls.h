/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_RCULIST_NULLS_H
#define STANDIN_LINUX_RCULIST_NULLS_H

#include <linux/rculist.h>

#endif
