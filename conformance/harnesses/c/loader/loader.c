/* SPDX-License-Identifier: MIT */
/*
 * Load a manager from a shared library, and speak the protocol for it: `loader FILE TABLE`. TABLE is the name of a
 * `struct adapter_implementation` that the library exports; the functions of irqbypass_adapter.h are here.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "irqbypass_adapter.h"

int main(int argc, char **argv)
{
	const struct adapter_implementation *table;
	void *library;

	if (argc != 3) {
		fputs("usage: loader FILE TABLE\n", stderr);
		return 64;
	}
	library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		fprintf(stderr, "the library cannot be loaded: %s\n", dlerror());
		return 2;
	}
	table = dlsym(library, argv[2]);
	if (!table) {
		fprintf(stderr, "the library exports no table %s (struct adapter_implementation)\n", argv[2]);
		return 2;
	}
	return adapter_main(table);
}
