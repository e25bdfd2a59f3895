/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_EVENTFD_H
#define STANDIN_LINUX_EVENTFD_H

/* Only its address matters to the manager. */
struct eventfd_ctx;

#endif
