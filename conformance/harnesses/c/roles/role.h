/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What a producer or a consumer in C needs to speak with the kit: spec/host/role-protocol.ts is the page for people.
 *
 * Fill in a struct role and hand it to role_main. Inside of its functions, ask() asks the kit for something and returns
 * its answer; meanwhile the kit may tell the role something, which comes to its own function `tell`.
 */
#ifndef ROLE_H
#define ROLE_H

#include <jansson.h>

struct role {
	const char *name;
	/* "producer" or "consumer". */
	const char *plays;
	/* A driver with nothing open; `begin` has the back end and the devices. */
	void (*begin)(json_t *begin);
	/* A system call. Returns 0 or a negative errno. */
	int (*call)(const char *operation, json_t *arguments);
	/* Something happened to what was asked for. Returns a status, where there is one. */
	int (*tell)(const char *what, json_t *arguments);
};

/* Ask the kit; the format and what follows are those of json_pack. The answer belongs to the caller. */
json_t *ask(const char *what, const char *format, ...);

/* Ask for something that is answered by a number, or by yes or no. */
#define ask_number(...) take_number(ask(__VA_ARGS__))
/* Ask for something of which the answer does not matter. */
#define ask_plainly(...) json_decref(ask(__VA_ARGS__))

int take_number(json_t *answer);

/* Strings and numbers of an object; "" and 0 where there is none. */
const char *text_of(json_t *object, const char *key);
int number_of(json_t *object, const char *key);

/* Speak with the kit until it says bye. The exit status of the program. */
int role_main(const struct role *role);

#endif
