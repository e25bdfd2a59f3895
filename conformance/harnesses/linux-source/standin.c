/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include "standin.h"

#include <linux/module.h>

#include "../c/irqbypass_adapter.h"

#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Between programs nothing is logged: there is no trace that could hold it. */
static bool quiet;
static bool tells_allocations;
static _Thread_local bool no_memory;

struct module standin_module;

void standin_log(const char *level, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* The kernel's texts end a line; an event is one. */
	text[strcspn(text, "\n")] = '\0';
	adapter_log(level, text);
}

bool standin_once(bool *seen)
{
	bool first = !*seen;

	*seen = true;
	return first;
}

/* --- Memory --- */

/* Stands before each piece of memory, poisoned, so that the sanitizer sees who runs into it from behind. */
struct piece {
	struct piece *next, *previous;
	size_t size;
	/* Memory is aligned as malloc() aligns it. */
	size_t filling;
};

static struct piece pieces = {&pieces, &pieces, 0, 0};
static pthread_mutex_t pieces_lock = PTHREAD_MUTEX_INITIALIZER;

static void expose(struct piece *piece)
{
	if (piece != &pieces)
		ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(*piece));
}

static void hide(struct piece *piece)
{
	if (piece != &pieces)
		ASAN_POISON_MEMORY_REGION(piece, sizeof(*piece));
}

static void link_piece(struct piece *piece)
{
	struct piece *first;

	pthread_mutex_lock(&pieces_lock);
	first = pieces.next;
	piece->next = first;
	piece->previous = &pieces;
	pieces.next = piece;
	expose(first);
	first->previous = piece;
	hide(first);
	pthread_mutex_unlock(&pieces_lock);
}

static void unlink_piece(struct piece *piece)
{
	pthread_mutex_lock(&pieces_lock);
	expose(piece->next);
	expose(piece->previous);
	piece->next->previous = piece->previous;
	piece->previous->next = piece->next;
	hide(piece->next);
	hide(piece->previous);
	pthread_mutex_unlock(&pieces_lock);
}

static struct piece *piece_of(const void *memory)
{
	struct piece *piece = (struct piece *)(uintptr_t)memory - 1;

	expose(piece);
	return piece;
}

static void *take(size_t size, enum standin_filling filling)
{
	struct piece *piece = malloc(sizeof(*piece) + size + !size);

	if (!piece)
		adapter_fail("the stand-ins have no memory left");
	memset(piece + 1, filling == STANDIN_RUBBISH ? 0xa5 : 0, size);
	piece->size = size;
	link_piece(piece);
	hide(piece);
	return piece + 1;
}

bool standin_may_allocate(void)
{
	if (tells_allocations)
		standin_log("info", STANDIN_ALLOCATION);
	return !no_memory;
}

void *standin_allocate(size_t size, enum standin_filling filling)
{
	return standin_may_allocate() ? take(size, filling) : NULL;
}

void *standin_keep(size_t size)
{
	return take(size, STANDIN_ZEROS);
}

void *standin_resize(void *memory, size_t size)
{
	size_t before = memory ? standin_size_of(memory) : 0;
	void *resized = standin_allocate(size, STANDIN_RUBBISH);

	if (!resized)
		return NULL;
	if (memory)
		memcpy(resized, memory, before < size ? before : size);
	standin_free(memory);
	return resized;
}

size_t standin_size_of(const void *memory)
{
	struct piece *piece = piece_of(memory);
	size_t size = piece->size;

	hide(piece);
	return size;
}

void standin_free(const void *memory)
{
	struct piece *piece;

	if (!memory)
		return;
	/* Reported by the sanitizer when it is gone already. */
	(void)*(const volatile char *)memory;
	piece = piece_of(memory);
	unlink_piece(piece);
	free(piece);
}

void standin_set_memory(bool available)
{
	no_memory = !available;
}

void standin_tell_allocations(void)
{
	tells_allocations = true;
}

static void free_all(void)
{
	while (pieces.next != &pieces) {
		struct piece *piece = pieces.next;

		expose(piece);
		unlink_piece(piece);
		free(piece);
	}
}

/* --- The state of the file --- */

/* The linker marks where a section begins and ends. One that is empty is not there. */
#define SECTION(type, name)                                        \
	extern type __start_##name[] __attribute__((weak));        \
	extern type __stop_##name[] __attribute__((weak))

SECTION(unsigned char, standin_data);
SECTION(unsigned char, standin_bss);
typedef int (*initcall)(void);
SECTION(const initcall, standin_inits);
SECTION(const char *const, standin_exports);

static unsigned char *data_at_first, *bss_at_first;

/* Byte for byte, the sanitizer's own gaps between variables included, hence without it looking. */
__attribute__((no_sanitize("address"))) static void copy(unsigned char *to, const unsigned char *from, size_t size)
{
	volatile unsigned char *target = to;

	for (size_t i = 0; i < size; i++)
		target[i] = from[i];
}

static size_t data_size(void)
{
	return (size_t)(__stop_standin_data - __start_standin_data);
}

static size_t bss_size(void)
{
	return (size_t)(__stop_standin_bss - __start_standin_bss);
}

/* Calls what module_init() and its like name. */
static void initialise(void)
{
	size_t count = (size_t)(__stop_standin_inits - __start_standin_inits);

	for (size_t i = 0; i < count; i++) {
		int status = __start_standin_inits[i]();

		if (status)
			adapter_fail("the initialisation of the manager returned %d", status);
	}
}

void standin_begin(void)
{
	data_at_first = malloc(data_size() + 1);
	bss_at_first = malloc(bss_size() + 1);
	if (!data_at_first || !bss_at_first)
		adapter_fail("the stand-ins have no memory left");
	copy(data_at_first, __start_standin_data, data_size());
	copy(bss_at_first, __start_standin_bss, bss_size());
	quiet = true;
	initialise();
	quiet = false;
}

void standin_reset(void)
{
	quiet = true;
	standin_reset_locks();
	free_all();
	copy(__start_standin_data, data_at_first, data_size());
	copy(__start_standin_bss, bss_at_first, bss_size());
	standin_module.references = 0;
	initialise();
	quiet = false;
}

size_t standin_exports(const char *const **names)
{
	*names = __start_standin_exports;
	return (size_t)(__stop_standin_exports - __start_standin_exports);
}

/* --- linux/module.h --- */

bool try_module_get(struct module *module)
{
	module->references++;
	return true;
}

void __module_get(struct module *module)
{
	module->references++;
}

void module_put(struct module *module)
{
	if (module->references-- <= 0)
		standin_log("warning", "module_put() without a reference to put");
}
