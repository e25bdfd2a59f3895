/* SPDX-License-Identifier: MIT */
/*
 * Forks the worker, and sees its death and its silence.
 *
 * The worker's standard error comes here first: the last lines of a process that died say why it did. A sanitizer's
 * report is told in its summary alone, unless IRQBYPASS_ADAPTER_VERBOSE is set.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
const struct service *service;
int answers;

/* What a worker said on its standard error. */
struct voice {
	int pipe;
	/* The unfinished last line. */
	char line[2048];
	size_t length;
	/* The last whole line that said something, and the last that summed up or gave a reason. */
	char last[2048];
	char reason[2048];
	/* Inside a sanitizer's report. */
	bool reporting;
};

/* Sanitizers, if the adapter is built with them: a crash must be cheap, because there may be thousands. What is set
 * in ASAN_OPTIONS and UBSAN_OPTIONS goes over this; `handle_segv=1:symbolize=1` gives places in the source. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

__attribute__((weak, used, visibility("default"))) const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_segv=0:symbolize=0:print_legend=0:malloc_context_size=2:quarantine_size_mb=8:"
	       "allocator_may_return_null=1";
}

__attribute__((weak, used, visibility("default"))) const char *__ubsan_default_options(void)
{
	return "symbolize=0:print_stacktrace=0:print_summary=1";
}

static bool verbose(void)
{
	return getenv("IRQBYPASS_ADAPTER_VERBOSE") != NULL;
}

static bool starts_report(const char *line)
{
	const char *marker = strstr(line, "==ERROR: ");

	return !strncmp(line, "=====", 5) || strstr(line, ":DEADLYSIGNAL") || (marker && !strncmp(line, "==", 2));
}

/* "SUMMARY: AddressSanitizer: SEGV (/path/to/program+0x12)" is the same crash wherever the program lies: the part in
 * parentheses goes, and so do the folders of a source file. */
static void keep_summary(char *reason, size_t size, const char *summary)
{
	char kept[512];
	char *end;

	snprintf(kept, sizeof(kept), "%s", summary);
	end = strstr(kept, " (/");
	if (end)
		*end = '\0';

	char *folders = strstr(kept, " /");
	char *file = folders ? strrchr(folders, '/') : NULL;

	if (file)
		memmove(folders + 1, file + 1, strlen(file + 1) + 1);
	snprintf(reason, size, "%s", kept);
}

static void hear_line(struct voice *voice)
{
	char *line = voice->line;
	char *error = strstr(line, ": runtime error: ");
	char *summary = strstr(line, "SUMMARY: ");

	if (starts_report(line))
		voice->reporting = true;
	if (error)
		snprintf(voice->reason, sizeof(voice->reason), "UndefinedBehaviorSanitizer: %s", error + strlen(": runtime error: "));
	else if (summary && !strstr(line, "UndefinedBehaviorSanitizer") && !strstr(line, "data race"))
		keep_summary(voice->reason, sizeof(voice->reason), summary + strlen("SUMMARY: "));
	if (*line)
		memcpy(voice->last, line, strlen(line) + 1);
	if (!voice->reporting || verbose())
		fprintf(stderr, "%s\n", line);
}

/* Reads what there is. False when the worker closed its end. */
static bool hear(struct voice *voice)
{
	for (;;) {
		char text[4096];
		ssize_t got = read(voice->pipe, text, sizeof(text));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0;
		for (ssize_t i = 0; i < got; i++) {
			if (text[i] != '\n' && voice->length < sizeof(voice->line) - 1) {
				voice->line[voice->length++] = text[i];
				continue;
			}
			voice->line[voice->length] = '\0';
			voice->length = 0;
			hear_line(voice);
		}
	}
}

static pid_t start_worker(struct voice *voice)
{
	int ends[2];
	pid_t supervisor = getpid();

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;

	pid_t worker = fork();

	if (worker == 0) {
		sigset_t none;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != supervisor)
			_exit(2);
		dup2(ends[1], STDERR_FILENO);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		service->serve();
	}
	close(ends[1]);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	memset(voice, 0, sizeof(*voice));
	voice->pipe = ends[0];
	return worker;
}

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How many times sooner a worker is ended for making no progress once one was, and how long is waited at least, in ms. */
#define SOONER 20
#define AT_LEAST 250

/* Waits until the worker has died. True if it had to be ended because it made no progress. */
static bool watch(pid_t worker, struct voice *voice, int *status)
{
	long long limit = 1000LL * (service->watchdog_seconds > 0 ? service->watchdog_seconds : 10);
	const char *chosen = getenv("IRQBYPASS_ADAPTER_WATCHDOG_MS");
	/* One that hangs is asked many programs more. What is told in the end is asked of a process that is new. */
	static bool has_hung;
	unsigned long seen = atomic_load(&shared->progress);
	long long since = milliseconds();
	sigset_t none;
	bool open = true;

	if (chosen && atoll(chosen) > 0)
		limit = atoll(chosen);
	if (has_hung && limit > AT_LEAST)
		limit = limit / SOONER > AT_LEAST ? limit / SOONER : AT_LEAST;
	sigemptyset(&none);
	for (;;) {
		if (waitpid(worker, status, WNOHANG) == worker) {
			hear(voice);
			return false;
		}

		/* SIGCHLD is blocked but for this wait, so a death in between is not missed. */
		struct pollfd from_worker = {.fd = open ? voice->pipe : -1, .events = POLLIN};
		struct timespec wait = {.tv_sec = limit / 4000, .tv_nsec = limit / 4 % 1000 * 1000000};

		if (ppoll(&from_worker, 1, &wait, &none) > 0)
			open = hear(voice);

		enum phase phase = atomic_load(&shared->phase);
		bool busy = (phase == PHASE_RUNNING || phase == PHASE_CLEANING) && !atomic_load(&shared->waiting);
		unsigned long now = atomic_load(&shared->progress);

		if (!busy || now != seen) {
			seen = now;
			since = milliseconds();
		} else if (milliseconds() - since >= limit) {
			kill(worker, SIGKILL);
			waitpid(worker, status, 0);
			has_hung = true;
			return true;
		}
	}
}

static void describe_death(char *text, size_t size, const struct voice *voice, int status)
{
	if (*voice->reason)
		snprintf(text, size, "%s", voice->reason);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && *voice->last)
		snprintf(text, size, "SIGABRT: %s", voice->last);
	else if (WIFSIGNALED(status))
		snprintf(text, size, "SIG%s", sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
	else
		snprintf(text, size, "the process ended with status %d", WEXITSTATUS(status));
}

static void handle_nothing(int signal)
{
	(void)signal;
}

static bool prepare(void)
{
	struct sigaction action = {.sa_handler = handle_nothing};
	sigset_t child;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shared == MAP_FAILED)
		return false;
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* Standard output belongs to the protocol: what the implementation prints must not get between the messages. */
	answers = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return answers >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

void worker_end(enum phase phase, int exit_status)
{
	shared->exit_status = exit_status;
	atomic_store(&shared->phase, phase);
	_exit(exit_status);
}

int supervise(const struct service *given)
{
	service = given;
	if (!prepare()) {
		perror("the adapter cannot start");
		return 2;
	}
	for (;;) {
		static struct voice voice;
		int status;
		pid_t worker = start_worker(&voice);

		if (worker < 0) {
			perror("the adapter cannot start a worker");
			return 2;
		}

		bool silent = watch(worker, &voice, &status);
		enum phase phase = atomic_load(&shared->phase);
		char detail[2100];

		close(voice.pipe);
		describe_death(detail, sizeof(detail), &voice, status);
		if (phase == PHASE_FINISHED)
			return shared->exit_status;
		if (phase == PHASE_SERVING) {
			output_message("the adapter itself died: %s", detail);
			output_flush();
			return 2;
		}
		if (phase == PHASE_RUNNING && !silent && !verbose())
			fprintf(stderr, "%s\n", detail);
		if (phase == PHASE_RUNNING)
			service->lost(silent, silent ? "nothing happened for the time of the watchdog" : detail);
		/* Whoever waits for answers has waited for long, and the next program may hang as well. */
		if (silent)
			output_flush();
		atomic_store(&shared->phase, PHASE_SERVING);
		atomic_store(&shared->waiting, false);
	}
}
