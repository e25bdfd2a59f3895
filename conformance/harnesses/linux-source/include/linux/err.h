/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_LINUX_ERR_H
#define STANDIN_LINUX_ERR_H

#include <linux/errno.h>
#include <linux/types.h>

/* Addresses of the last page stand for error numbers. */
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(address) ((unsigned long)(void *)(address) >= (unsigned long)-MAX_ERRNO)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return IS_ERR_VALUE(pointer);
}

#endif
