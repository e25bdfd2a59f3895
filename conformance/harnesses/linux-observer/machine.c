// SPDX-License-Identifier: MIT
/* The machine: file systems, modules, files of the kernel, and marks in the recording. */
#define _GNU_SOURCE
#include "observer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void mount_file_systems(void)
{
	static const struct { const char *type, *place; } systems[] = {
		{ "devtmpfs", "/dev" },
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "tracefs", "/sys/kernel/tracing" },
		{ "debugfs", "/sys/kernel/debug" },
	};

	for (unsigned int i = 0; i < sizeof(systems) / sizeof(*systems); i++) {
		mkdir(systems[i].place, 0755);
		/* The kernel may have mounted /dev itself. */
		if (mount(systems[i].type, systems[i].place, systems[i].type, 0, NULL) && errno != EBUSY)
			give_up(systems[i].place, strerror(errno));
	}
}

status write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	ssize_t written;
	int error;

	if (fd < 0)
		return -errno;
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	return written < 0 ? -error : 0;
}

static status insert(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result;
	int error;

	if (fd < 0)
		return -errno;
	result = syscall(SYS_finit_module, fd, "", 0);
	error = errno;
	close(fd);
	return result < 0 ? -error : 0;
}

void load_modules(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	char path[PATH_MAX];

	for (int i = 0; i < count; i++) {
		status result;

		if (*entries[i]->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		result = insert(path);
		if (result < 0)
			give_up(path, strerror(-result));
	}
}

/* insmod FILE: loads a module of the archive. */
static status load_module(int words, char **word)
{
	(void)words;
	return insert(word[0]);
}

/* clear FILE: opens it to be written anew, which empties a trace. */
static status clear_file(int words, char **word)
{
	int fd = open(word[0], O_WRONLY | O_TRUNC | O_CLOEXEC);

	(void)words;
	return fd < 0 ? -errno : close(fd);
}

/* write FILE\tTEXT */
static status write_text(int words, char **word)
{
	char text[4096];

	(void)words;
	snprintf(text, sizeof(text), "%s\n", word[1]);
	return write_file(word[0], text);
}

/* read FILE: its lines, each behind "| ". */
static status read_text(int words, char **word)
{
	static char line[1 << 16];
	FILE *file = fopen(word[0], "r");

	(void)words;
	if (!file)
		return -errno;
	line[0] = '|';
	line[1] = ' ';
	while (fgets(line + 2, sizeof(line) - 2, file)) {
		line[strcspn(line, "\n")] = '\0';
		say(line);
	}
	fclose(file);
	return 0;
}

/* exists FILE: 1 or 0. */
static status exists(int words, char **word)
{
	(void)words;
	return access(word[0], F_OK) == 0;
}

/* mkdir FOLDER */
static status make_folder(int words, char **word)
{
	(void)words;
	return mkdir(word[0], 0755) ? -errno : 0;
}

/* run\tTEXT: as a command of a shell, where the archive has one; its exit status. */
static status run_shell(int words, char **word)
{
	int result;
	pid_t child = fork();

	(void)words;
	if (child < 0)
		return -errno;
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", word[0], NULL);
		_exit(127);
	}
	if (waitpid(child, &result, 0) < 0)
		return -errno;
	return WIFEXITED(result) ? WEXITSTATUS(result) : -EINTR;
}

/* release: the kernel's release, as one line. */
static status release(int words, char **word)
{
	struct utsname name;
	char line[sizeof(name.release) + 2];

	(void)words;
	(void)word;
	if (uname(&name))
		return -errno;
	snprintf(line, sizeof(line), "| %s", name.release);
	say(line);
	return 0;
}

/* log: what the kernel has logged since it was last asked for, as lines LEVEL TEXT. */
static status read_log(int words, char **word)
{
	static int log = -1;
	char record[2048], line[sizeof(record) + 16];
	ssize_t got;

	(void)words;
	(void)word;
	if (log < 0)
		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log < 0)
		return -errno;
	/* A record that was overwritten before it was read is passed over. */
	while ((got = read(log, record, sizeof(record) - 1)) > 0 || (got < 0 && errno == EPIPE)) {
		char *text;

		if (got < 0)
			continue;
		record[got] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text[1 + strcspn(text + 1, "\n")] = '\0';
		snprintf(line, sizeof(line), "| %d %s", atoi(record) & 7, text + 1);
		say(line);
	}
	return 0;
}

static int marker = -1;

/* marker FILE: where what user space does is marked from now on. */
static status open_marker(int words, char **word)
{
	(void)words;
	marker = open(word[0], O_WRONLY | O_CLOEXEC);
	return marker < 0 ? -errno : 0;
}

void mark(const char *what, const char *text)
{
	char line[600];
	int length = snprintf(line, sizeof(line), "irqbypass-spec: %s%s", what, text);

	if (marker >= 0 && write(marker, line, length) < 0)
		give_up("cannot mark", strerror(errno));
}

/* mark TEXT */
static status mark_text(int words, char **word)
{
	(void)words;
	mark("", word[0]);
	return 0;
}

/*
 * A guest that goes on from a file has lost what QEMU does not keep: on arm64 the hardware timers of the CPUs, as the kernel
 * uses them. A CPU sets its timer only when something is due sooner than what it believes to be set, so it would wait for
 * ever. A timer of the wall clock on each CPU, which becomes due when that clock is moved, makes each set it anew.
 */
enum { HOUR = 3600, MAX_CPUS = 8 };

static int timers[MAX_CPUS];

static int on_cpu(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one);
}

static status on_all_cpus(status (*visit)(int cpu))
{
	cpu_set_t all;
	status result = 0;

	if (sched_getaffinity(0, sizeof(all), &all))
		return -errno;
	for (int cpu = 0; cpu < MAX_CPUS && !result; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		result = on_cpu(cpu) ? -errno : visit(cpu);
	}
	return sched_setaffinity(0, sizeof(all), &all) && !result ? -errno : result;
}

static status set_timer(int cpu)
{
	struct itimerspec when = { 0 };

	timers[cpu] = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
	clock_gettime(CLOCK_REALTIME, &when.it_value);
	when.it_value.tv_sec += HOUR;
	return timers[cpu] < 0 || timerfd_settime(timers[cpu], TFD_TIMER_ABSTIME, &when, NULL) ? -errno : 0;
}

static status await_timer(int cpu)
{
	uint64_t times;

	return read(timers[cpu], &times, sizeof(times)) < 0 || close(timers[cpu]) ? -errno : 0;
}

/* set-timers: before the guest is kept. */
static status set_timers(int words, char **word)
{
	(void)words;
	(void)word;
	return on_all_cpus(set_timer);
}

/* From a CPU, since it is the others that the kernel then tells to look at their timers. */
static status move_clock(int cpu)
{
	struct timespec now;

	(void)cpu;
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += 2 * HOUR;
	return clock_settime(CLOCK_REALTIME, &now) ? -errno : 0;
}

/* go-on: when it goes on. The wall clock is some hours ahead from then on. */
static status go_on(int words, char **word)
{
	status result = on_all_cpus(move_clock);

	(void)words;
	(void)word;
	return result ? result : on_all_cpus(await_timer);
}

const struct command machine_commands[] = {
	{ "insmod", 1, load_module },
	{ "clear", 1, clear_file },
	{ "write", 2, write_text },
	{ "read", 1, read_text },
	{ "exists", 1, exists },
	{ "mkdir", 1, make_folder },
	{ "release", 0, release },
	{ "run", 1, run_shell },
	{ "log", 0, read_log },
	{ "marker", 1, open_marker },
	{ "mark", 1, mark_text },
	{ "close-all", 0, close_all },
	{ "set-timers", 0, set_timers },
	{ "go-on", 0, go_on },
	{ NULL, 0, NULL },
};
