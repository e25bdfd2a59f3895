/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * States without repetition, exactly: no state is taken for another because of a hash.
 *
 * Of the words of memory few ever change, and those few have few values. So a state is a row of codes:
 *
 *     word            consumers.next   p0.token   p0.node.next   ...      numbered when they first change
 *     values          0: as at first   0: NULL    0: NULL                 numbered when they are first seen
 *                     1: &c0.node      1: t0      1: poison
 *                     2: &c1.node      2: t1
 *     state           2                1          0                       zeros at the end are left out
 *
 * "As at first" is as the beginning with these callbacks has it, so that callbacks cost nothing.
 */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 4096
/* More different values than this no word takes in a manager that comes back to where it was. */
#define MOST_VALUES 512

struct word {
	size_t at;
	size_t count;
	size_t room;
	uint64_t *values;
};

/* The words that change, and for each word of the image its place among them, counted from 1. */
static struct word words[MOST_WORDS];
static size_t word_count;
static uint16_t *place_of;
static size_t placed_words;

/* The beginnings, one for each set of callbacks. */
static uint64_t **beginnings;
static size_t beginning_words;

/* Codes of all states, one after the other; where each state's begin; its callbacks and hash. */
static uint16_t *codes;
static size_t code_count, code_room;
static size_t *firsts;
static uint32_t *callbacks_of;
static uint32_t *hashes;
uint32_t state_count;
static uint32_t state_room;

/* States at the place that their hash gives, or the next that was free; an entry without a number is free. */
static struct entry {
	uint32_t hash;
	/* The state's number, plus one. */
	uint32_t number;
} *table;
static size_t table_mask;

const char *states_outgrown;
uintptr_t states_outgrown_at;

/* The state in memory. */
static uint16_t now[MOST_WORDS];
static size_t now_length;

void states_begin(void)
{
	beginning_words = memory_words();
	beginnings = need(calloc(plan.callbacks_count, sizeof(*beginnings)));
	memory_take();

	uint64_t *before = need(malloc(beginning_words * sizeof(uint64_t)));

	memcpy(before, memory_image, beginning_words * sizeof(uint64_t));
	for (uint32_t i = 0; i < plan.callbacks_count; i++) {
		memcpy(memory_image, before, beginning_words * sizeof(uint64_t));
		memory_put();
		objects_make(plan.callbacks[i]);
		memory_take();
		beginnings[i] = need(malloc(beginning_words * sizeof(uint64_t)));
		memcpy(beginnings[i], memory_image, beginning_words * sizeof(uint64_t));
	}
	free(before);
	table_mask = (1 << 16) - 1;
	table = need(calloc(table_mask + 1, sizeof(*table)));
}

static uint64_t at_first(uint32_t callbacks, size_t word)
{
	return word < beginning_words ? beginnings[callbacks][word] : 0;
}

static bool outgrow(const char *why, size_t word)
{
	states_outgrown = why;
	states_outgrown_at = memory_address(word);
	return false;
}

/* The place of a word among those that change, which it is from now on. */
static struct word *changing(size_t at)
{
	if (at >= placed_words) {
		size_t more = 2 * at + 64;

		place_of = need(realloc(place_of, more * sizeof(*place_of)));
		memset(place_of + placed_words, 0, (more - placed_words) * sizeof(*place_of));
		placed_words = more;
	}
	if (!place_of[at]) {
		if (word_count == MOST_WORDS) {
			outgrow("more words of memory change than can be kept account of", at);
			return NULL;
		}
		words[word_count++] = (struct word){.at = at};
		place_of[at] = (uint16_t)word_count;
	}
	return &words[place_of[at] - 1];
}

static int code_of(struct word *word, uint64_t value)
{
	for (size_t i = 0; i < word->count; i++)
		if (word->values[i] == value)
			return (int)i + 1;
	if (word->count == MOST_VALUES)
		return -1;
	if (word->count == word->room) {
		word->room = word->room ? 2 * word->room : 8;
		word->values = need(realloc(word->values, word->room * sizeof(uint64_t)));
	}
	word->values[word->count++] = value;
	return (int)word->count;
}

/* The codes of the memory as it is. False when there are too many. */
static bool encode(uint32_t callbacks)
{
	size_t length = memory_words();

	memory_take();
	memset(now, 0, word_count * sizeof(*now));
	for (size_t at = 0; at < length; at++) {
		uint64_t value = memory_image[at];

		if (value == at_first(callbacks, at))
			continue;

		size_t known = word_count;
		struct word *word = changing(at);

		if (!word)
			return false;
		if (word_count > known)
			now[word_count - 1] = 0;

		int code = code_of(word, value);

		if (code < 0)
			return outgrow("a word of memory has ever more values", at);
		now[word - words] = (uint16_t)code;
	}
	now_length = word_count;
	while (now_length && !now[now_length - 1])
		now_length--;
	return true;
}

static uint32_t hash_now(uint32_t callbacks)
{
	uint64_t hash = callbacks + 0x9e3779b97f4a7c15ull;

	for (size_t i = 0; i < now_length; i++)
		hash = (hash ^ now[i]) * 0xff51afd7ed558ccdull, hash ^= hash >> 31;
	return (uint32_t)(hash ^ hash >> 32);
}

static size_t length_of(uint32_t state)
{
	return (state + 1 < state_count ? firsts[state + 1] : code_count) - firsts[state];
}

/* The place in the table where the state in memory is, or would be. */
static size_t slot_of(uint32_t callbacks, uint32_t hash)
{
	for (size_t slot = hash & table_mask;; slot = (slot + 1) & table_mask) {
		uint32_t state = table[slot].number - 1;

		if (!table[slot].number)
			return slot;
		if (table[slot].hash == hash && callbacks_of[state] == callbacks && length_of(state) == now_length &&
		    !memcmp(codes + firsts[state], now, now_length * sizeof(*now)))
			return slot;
	}
}

static void grow(void)
{
	state_room = state_room ? 2 * state_room : 1 << 15;
	firsts = need(realloc(firsts, state_room * sizeof(*firsts)));
	callbacks_of = need(realloc(callbacks_of, state_room * sizeof(*callbacks_of)));
	hashes = need(realloc(hashes, state_room * sizeof(*hashes)));
	if (2 * (size_t)state_room <= table_mask)
		return;
	free(table);
	table_mask = 4 * (size_t)state_room - 1;
	table = need(calloc(table_mask + 1, sizeof(*table)));
	for (uint32_t state = 0; state < state_count; state++) {
		size_t slot = hashes[state] & table_mask;

		while (table[slot].number)
			slot = (slot + 1) & table_mask;
		table[slot] = (struct entry){hashes[state], state + 1};
	}
}

uint32_t state_enter(uint32_t callbacks, bool *is_new)
{
	*is_new = false;
	if (!encode(callbacks))
		return NO_STATE;

	uint32_t hash = hash_now(callbacks);
	size_t slot = slot_of(callbacks, hash);

	if (table[slot].number)
		return table[slot].number - 1;
	if (state_count == plan.most_states) {
		states_outgrown = "there are more states than were to be kept";
		return NO_STATE;
	}
	if (state_count == state_room) {
		grow();
		slot = slot_of(callbacks, hash);
	}
	if (code_count + now_length > code_room) {
		code_room = 2 * code_room + now_length + (1 << 20);
		codes = need(realloc(codes, code_room * sizeof(*codes)));
	}
	memcpy(codes + code_count, now, now_length * sizeof(*now));
	firsts[state_count] = code_count;
	callbacks_of[state_count] = callbacks;
	hashes[state_count] = hash;
	code_count += now_length;
	table[slot] = (struct entry){hash, ++state_count};
	*is_new = true;
	return state_count - 1;
}

uint32_t state_find(uint32_t callbacks)
{
	if (!encode(callbacks))
		return NO_STATE;
	return table[slot_of(callbacks, hash_now(callbacks))].number - 1;
}

void states_put_beginning(uint32_t callbacks)
{
	size_t all = memory_words();

	memcpy(memory_image, beginnings[callbacks], beginning_words * sizeof(uint64_t));
	if (all > beginning_words)
		memset(memory_image + beginning_words, 0, (all - beginning_words) * sizeof(uint64_t));
	memory_put();
}

void state_load(uint32_t state)
{
	uint32_t callbacks = callbacks_of[state];
	const uint16_t *code = codes + firsts[state];
	size_t length = length_of(state), all = memory_words();

	memcpy(memory_image, beginnings[callbacks], beginning_words * sizeof(uint64_t));
	if (all > beginning_words)
		memset(memory_image + beginning_words, 0, (all - beginning_words) * sizeof(uint64_t));
	for (size_t i = 0; i < length; i++)
		if (code[i])
			memory_image[words[i].at] = words[i].values[code[i] - 1];
	memory_put();
}

uint32_t state_callbacks(uint32_t state)
{
	return callbacks_of[state];
}

/* The last that were entered are taken out in the opposite order, so that nothing was put behind them. */
void states_drop(uint32_t from)
{
	while (state_count > from) {
		uint32_t state = state_count - 1;
		size_t slot = hashes[state] & table_mask;

		while (table[slot].number != state + 1)
			slot = (slot + 1) & table_mask;
		table[slot] = (struct entry){0, 0};
		code_count = firsts[state];
		state_count--;
	}
}

static int compare(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return (a > b) - (a < b);
}

/* Of states that differ in the account only, the manager's memory is the same: it is counted once. */
uint32_t states_of_manager(void)
{
	uint64_t *digests = need(malloc((state_count ? state_count : 1) * sizeof(*digests)));
	uint32_t different = 0;

	for (uint32_t state = 0; state < state_count; state++) {
		uint64_t hash = callbacks_of[state] + 0x9e3779b97f4a7c15ull;
		size_t length = length_of(state);

		for (size_t i = 0; i < length; i++) {
			uint16_t code = codes[firsts[state] + i];

			if (code && !memory_is_account(words[i].at))
				hash = (hash ^ (code + (i << 16))) * 0xff51afd7ed558ccdull, hash ^= hash >> 31;
		}
		digests[state] = hash;
	}
	qsort(digests, state_count, sizeof(*digests), compare);
	for (uint32_t i = 0; i < state_count; i++)
		different += !i || digests[i] != digests[i - 1];
	free(digests);
	return different;
}

size_t states_bytes(void)
{
	return code_room * sizeof(*codes) + state_room * (sizeof(*firsts) + sizeof(*callbacks_of) + sizeof(*hashes)) +
	       (table_mask + 1) * sizeof(*table);
}
