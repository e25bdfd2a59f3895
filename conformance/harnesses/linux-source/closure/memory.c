/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What a state is made of: a few regions of memory, taken into one image and put back. */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

/* The variables of the manager's file; see manager-state.ld. */
extern char __start_manager_state[], __stop_manager_state[];

uint64_t registered[2 * MOST_OBJECTS];
uint64_t *memory_image;

#define REGIONS (STANDIN_REGIONS + 4)
#define WORD sizeof(uint64_t)

static struct placed {
	struct region region;
	/* Where it begins in the image, in words. */
	size_t first;
} placed[REGIONS];

static size_t image_words;

static size_t words_of(size_t bytes)
{
	return (bytes + WORD - 1) / WORD;
}

/* What has a growing part comes last, so that the words in use are the first of the image or few more. */
void memory_begin(void)
{
	struct region regions[REGIONS] = {
		{"the account of who is registered", registered,
		 (size_t)(plan.producers + plan.consumers) * sizeof(*registered), NULL},
		{"the manager's variables", __start_manager_state,
		 (size_t)(__stop_manager_state - __start_manager_state), NULL},
		{.name = "the producers"},
		{.name = "the consumers"},
	};

	standin_initialise();
	regions[2].at = objects_memory(true, &regions[2].size);
	regions[3].at = objects_memory(false, &regions[3].size);
	standin_regions(regions + 4);
	for (size_t i = 0; i < REGIONS; i++) {
		placed[i] = (struct placed){regions[i], image_words};
		image_words += words_of(regions[i].size);
	}
	memory_image = need(calloc(image_words, WORD));
}

static size_t used(const struct region *region)
{
	return region->used ? *region->used : region->size;
}

/* All words up to the last that can be other than zero. */
size_t memory_words(void)
{
	for (size_t i = REGIONS; i-- > 0;)
		if (used(&placed[i].region))
			return placed[i].first + words_of(used(&placed[i].region));
	return 0;
}

void memory_take(void)
{
	for (size_t i = 0; i < REGIONS; i++)
		memcpy(&memory_image[placed[i].first], placed[i].region.at, used(&placed[i].region));
}

bool memory_is_image(void)
{
	for (size_t i = 0; i < REGIONS; i++)
		if (memcmp(&memory_image[placed[i].first], placed[i].region.at, used(&placed[i].region)))
			return false;
	return true;
}

void memory_put(void)
{
	for (size_t i = 0; i < REGIONS; i++)
		memcpy(placed[i].region.at, &memory_image[placed[i].first], used(&placed[i].region));
}

bool memory_is_account(size_t word)
{
	return word < placed[1].first;
}

/* Not the account, which is ours, and not the stand-ins' own but for what they allocate. */
bool memory_is_shared(const void *address)
{
	for (size_t i = 1; i < REGIONS; i++)
		if ((i < 4 || i == REGIONS - 1) && (const char *)address >= (char *)placed[i].region.at &&
		    (const char *)address < (char *)placed[i].region.at + placed[i].region.size)
			return true;
	return false;
}

uintptr_t memory_address(size_t word)
{
	size_t i = REGIONS;

	while (i-- > 1 && placed[i].first > word)
		;
	return (uintptr_t)placed[i].region.at + (word - placed[i].first) * WORD;
}

uint64_t memory_digest(void)
{
	uint64_t digest = 1469598103934665603ull;
	size_t words = memory_words();

	memory_take();
	for (size_t i = 0; i < words; i++)
		if (memory_image[i])
			digest = (digest ^ (memory_image[i] + i)) * 0x9e3779b97f4a7c15ull, digest ^= digest >> 29;
	return digest;
}
