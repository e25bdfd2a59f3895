/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Runs ways in processes in which nothing has run before. Whatever the manager keeps where the walk does not look is
 * new there: if a way then does something else, there is such a thing.
 *
 *     this process ──way──> one that waits, forked at the beginning ──fork──> runs the way ──number──> this process
 */
#define _GNU_SOURCE
#include "closure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int requests[2], answers[2];

static bool read_all(int from, void *memory, size_t size)
{
	for (char *at = memory; size;) {
		ssize_t got = read(from, at, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

static bool write_all(int to, const void *memory, size_t size)
{
	for (const char *at = memory; size;) {
		ssize_t sent = write(to, at, size);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		size -= (size_t)sent;
	}
	return true;
}

static void wait_for_ways(void)
{
	static struct way_step way[LONGEST_WAY];
	uint32_t callbacks, length;

	while (read_all(requests[0], &callbacks, sizeof(callbacks)) && read_all(requests[0], &length, sizeof(length)) &&
	       read_all(requests[0], way, length * sizeof(*way))) {
		pid_t child = fork();
		uint64_t number = 0;

		if (!child) {
			run_begin();
			number = way_run(callbacks, way, length, NULL);
			_exit(!write_all(answers[1], &number, sizeof(number)));
		}

		int status = -1;

		if (child < 0 || waitpid(child, &status, 0) < 0 || status)
			write_all(answers[1], &number, sizeof(number));
	}
	_exit(0);
}

void pristine_begin(void)
{
	if (pipe(requests) || pipe(answers))
		give_up("there is no pipe to be had");

	pid_t waiting = fork();

	if (waiting < 0)
		give_up("there is no process to be had");
	if (!waiting) {
		close(requests[1]);
		close(answers[0]);
		wait_for_ways();
	}
	close(requests[0]);
	close(answers[1]);
}

uint64_t pristine_run(uint32_t callbacks, const struct way_step *way, size_t length)
{
	uint32_t count = (uint32_t)length;
	uint64_t number = 0;

	if (!write_all(requests[1], &callbacks, sizeof(callbacks)) || !write_all(requests[1], &count, sizeof(count)) ||
	    !write_all(requests[1], way, length * sizeof(*way)) || !read_all(answers[0], &number, sizeof(number)))
		give_up("the process for pristine runs has died");
	return number;
}
