/* SPDX-License-Identifier: MIT */
/* Starts: mounts, modules, the port. Ends the guest when the kit is done. */
#define _GNU_SOURCE
#include "init.h"

#include "../../c/irqbypass_adapter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

/* The virtio port, once its driver has found it. */
#define PORT "/dev/vport0p1"
#define PORT_PATIENCE_MS 10000

int agent;

static _Noreturn void end_guest(void)
{
	/* What was said last must be out before the guest is gone. */
	tcdrain(STDERR_FILENO);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void give_up(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	write_file("/proc/sys/kernel/printk", "7\n");
	dprintf(STDERR_FILENO, "\n" GIVES_UP "%s\n", text);
	end_guest();
}

bool write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

	if (file >= 0)
		close(file);
	return written;
}

static void mount_all(void)
{
	static const struct {
		const char *type;
		const char *where;
	} mounts[] = {
		{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}, {"debugfs", "/sys/kernel/debug"},
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL) && i < 3)
			give_up("the kernel does not mount %s: %s", mounts[i].type, strerror(errno));
	}
}

/* What the kernel makes of a defect must cost one thread and not the guest, and must not take long. */
static void settle_kernel(void)
{
	write_file("/proc/sys/kernel/oops_limit", "0\n");
	write_file("/proc/sys/kernel/panic_on_oops", "0\n");
	write_file("/proc/sys/kernel/panic_on_warn", "0\n");
	write_file("/sys/kernel/rcu_expedited", "1\n");
	/* The agent hears the log; writing it to the console would only take time. */
	write_file("/proc/sys/kernel/printk", "0\n");
}

/* With fault injection in the kernel, every allocation of a thread fails while the thread bears a mark. */
static void settle_failures(void)
{
	static const char *const settings[][2] = {
		{"task-filter", "Y"}, {"probability", "100"}, {"interval", "1"}, {"times", "-1"},
		{"ignore-gfp-wait", "N"}, {"cache-filter", "N"}, {"verbose", "0"},
	};
	char path[128];

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/failslab/%s", settings[i][0]);
		write_file(path, settings[i][1]);
	}
}

static void open_port(void)
{
	for (int waited = 0;; waited += 10) {
		int port = open(PORT, O_RDWR);

		if (port >= 0) {
			dup2(port, STDIN_FILENO);
			dup2(port, STDOUT_FILENO);
			close(port);
			return;
		}
		if (waited >= PORT_PATIENCE_MS)
			give_up("the kernel shows no virtio port (%s): it needs CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_CONSOLE", PORT);
		usleep(10000);
	}
}

/* --- What hello says --- */

static struct adapter_fact facts[40];
static size_t fact_count;

static void add_fact(const char *name, const char *value)
{
	if (fact_count < sizeof(facts) / sizeof(*facts) - 1)
		facts[fact_count++] = (struct adapter_fact){strdup(name), strdup(value)};
}

/* The first line of a file. */
static bool read_line(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	bool got = file && fgets(text, (int)size, file);

	if (file)
		fclose(file);
	if (got)
		text[strcspn(text, "\n")] = '\0';
	return got;
}

/* Lines NAME=VALUE that the kit has put beside us: who this is. */
static const char *told(const char *wanted)
{
	static char line[512];
	FILE *file = fopen("/told", "re");
	const char *value = NULL;

	while (file && !value && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';

		char *equals = strchr(line, '=');

		if (!equals)
			continue;
		*equals = '\0';
		if (!strcmp(line, wanted))
			value = strdup(equals + 1);
	}
	if (file)
		fclose(file);
	return value;
}

static void collect_facts(void)
{
	struct utsname kernel;
	char text[512];

	uname(&kernel);
	add_fact("release", kernel.release);
	add_fact("build", kernel.version);
	add_fact("machine", kernel.machine);
	add_fact("manager", has_manager_module() ? "module" : "built in");
	add_fact("generation", agent_facts.token_as_argument ? "token-as-argument" : "token-in-object");
	add_fact("checks", *agent_facts.checks ? agent_facts.checks + 1 : "none");
	add_fact("log", agent_facts.hears_log ? "heard" : "not heard");
	if (read_line("/proc/sys/kernel/tainted", text, sizeof(text)))
		add_fact("taint", text);
}

/* Where the first lane runs, so that the two take turns without waking another processor. */
static void stay_on_first_processor(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
}

int main(void)
{
	stay_on_first_processor();
	mount_all();

	int console = open("/dev/console", O_RDWR);

	if (console >= 0) {
		dup2(console, STDIN_FILENO);
		dup2(console, STDOUT_FILENO);
		dup2(console, STDERR_FILENO);
		close(console);
	}
	load_modules("/modules");
	load_module(AGENT_MODULE);
	if (has_manager_module())
		load_module(MANAGER_MODULE);
	settle_failures();
	play_begin();
	collect_facts();
	open_port();
	settle_kernel();

	const char *version = told("version");
	const char *profile = told("profile");

	adapter_main(&(struct adapter_implementation){
		.name = "linux",
		.version = version ? version : "unknown",
		.profile = profile,
		.facts = facts,
		.null_token = true,
		.missing_mandatory = true,
		.reentry = true,
		.lanes = true,
		.allocation_failure = agent_facts.can_fail_allocations,
		.object_memory = true,
		.play = play,
	});
	end_guest();
}
