/* SPDX-License-Identifier: MIT */
/* Loads modules, and replaces the manager's by a new one. */
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern int agent;

/* 0, or the errno. */
static int insert(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return errno;

	int error = syscall(SYS_finit_module, file, "", 0) ? errno : 0;

	close(file);
	return error;
}

void load_module(const char *path)
{
	int error = insert(path);

	if (error && error != EEXIST)
		give_up("the kernel does not take the module %s: %s", path + 1, strerror(error));
}

/* In the order of their names, which is that of their dependencies. */
void load_modules(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	char path[512];

	for (int i = 0; i < count; i++) {
		if (*entries[i]->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		load_module(path);
	}
}

bool has_manager_module(void)
{
	return access(MANAGER_MODULE, R_OK) == 0;
}

bool replace_manager(void)
{
	if (!has_manager_module())
		return false;
	if (ioctl(agent, AGENT_DETACH))
		return false;
	if (syscall(SYS_delete_module, "irqbypass", O_NONBLOCK | O_TRUNC))
		return false;
	return !insert(MANAGER_MODULE) && !ioctl(agent, AGENT_ATTACH);
}
