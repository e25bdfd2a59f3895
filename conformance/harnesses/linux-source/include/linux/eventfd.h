/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_EVENTFD_H
#define STANDIN_LINUX_EVENTFD_H

/* Only its address matters to the manager. */
struct eventfd_ctx;

#endif
