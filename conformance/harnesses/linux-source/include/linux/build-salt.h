/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_BUILD_SALT_H
#define STANDIN_LINUX_BUILD_SALT_H

#define BUILD_SALT

#endif
