/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What a step found and did. The model judges an operation by the object, the token, who holds it and who is waiting
 * under it, and by their callbacks; so steps that agree in those and in what they did are one record. Its way is that
 * of the first such step, which is a shortest one.
 */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

struct record {
	uint64_t hash;
	size_t first;
	size_t length;
	uint32_t state;
	uint16_t operation;
	uint16_t choices;
	enum verdict verdict;
};

static struct record *records;
uint32_t record_count;
static uint32_t record_room;
/* The texts of all records, one after the other. */
static char *texts;
static size_t text_count, text_room;
static uint32_t *table;
static size_t table_mask;

static union {
	char bytes[1 << 14];
	uint64_t words[(1 << 14) / sizeof(uint64_t)];
} text;
static size_t text_length;

void records_begin(void)
{
	table_mask = (1 << 16) - 1;
	table = need(calloc(table_mask + 1, sizeof(*table)));
}

static void put(const void *bytes, size_t length)
{
	if (text_length + length > sizeof(text))
		give_up("what an operation did is longer than %zu bytes", sizeof(text));
	memcpy(text.bytes + text_length, bytes, length);
	text_length += length;
}

static void put_number(int number)
{
	put(&number, sizeof(number));
}

static void put_step(const struct step *step)
{
	put_number((int)step->end);
	put_number(step->end == RETURNED ? step->status : 0);
	for (int i = 0; i < step->event_count; i++) {
		const struct event *event = &step->events[i];

		/* Each of the first three is less than a byte. */
		put_number((int)event->what | (event->object + 1) << 8 | (event->counterpart + 1) << 16);
		if (event->what == LOGGED) {
			put(event->level, strlen(event->level) + 1);
			put(event->text, strlen(event->text) + 1);
			continue;
		}
		put_number(event->irq);
		put_number(event->result);
	}
}

static bool is_producer(int object)
{
	return object < plan.producers;
}

/* The object of a side that is registered under a token, itself left out; -1 for none. */
static int holder(const uint64_t *account, bool producers, uint64_t token, int but)
{
	int from = producers ? 0 : plan.producers, to = producers ? plan.producers : plan.producers + plan.consumers;

	for (int i = from; token && i < to; i++)
		if (i != but && account[i] == token)
			return i;
	return -1;
}

static void put_found(const uint64_t *account, const unsigned char *callbacks, int number)
{
	const struct operation *operation = &plan.operations[number];
	int object = operation->object;
	bool registers = operation->kind == REGISTER_PRODUCER || operation->kind == REGISTER_CONSUMER;
	uint64_t token = registers ? (uint64_t)(operation->token + 2) : account[object];
	int peer = holder(account, !is_producer(object), token, -1);

	put_number(number);
	put_number((int)account[object]);
	put_number(callbacks[object]);
	put_number(registers ? holder(account, is_producer(object), token, object) : -1);
	put_number(peer);
	put_number(peer < 0 ? 0 : callbacks[peer]);
}

static uint64_t hash_text(void)
{
	uint64_t hash = text_length, words = (text_length + sizeof(uint64_t) - 1) / sizeof(uint64_t);

	memset(text.bytes + text_length, 0, words * sizeof(uint64_t) - text_length);
	for (size_t i = 0; i < words; i++)
		hash = (hash ^ text.words[i]) * 0xff51afd7ed558ccdull, hash ^= hash >> 32;
	return hash;
}

static void grow(void)
{
	record_room = record_room ? 2 * record_room : 1024;
	records = need(realloc(records, record_room * sizeof(*records)));
	if (2 * (size_t)record_room <= table_mask)
		return;
	free(table);
	table_mask = 4 * (size_t)record_room - 1;
	table = need(calloc(table_mask + 1, sizeof(*table)));
	for (uint32_t i = 0; i < record_count; i++) {
		size_t slot = records[i].hash & table_mask;

		while (table[slot])
			slot = (slot + 1) & table_mask;
		table[slot] = i + 1;
	}
}

uint32_t record_of(const uint64_t *before, const unsigned char *callbacks, int operation, const struct step *step,
		   uint32_t state, uint16_t choices)
{
	text_length = 0;
	put_found(before, callbacks, operation);
	put_step(step);

	uint64_t hash = hash_text();
	size_t slot = hash & table_mask;

	for (; table[slot]; slot = (slot + 1) & table_mask) {
		const struct record *record = &records[table[slot] - 1];

		if (record->hash == hash && record->length == text_length &&
		    !memcmp(texts + record->first, text.bytes, text_length))
			return table[slot] - 1;
	}
	if (record_count == record_room) {
		grow();
		slot = hash & table_mask;
		while (table[slot])
			slot = (slot + 1) & table_mask;
	}
	if (text_count + text_length > text_room) {
		text_room = 2 * text_room + sizeof(text);
		texts = need(realloc(texts, text_room));
	}
	memcpy(texts + text_count, text.bytes, text_length);
	records[record_count] = (struct record){hash,	 text_count,	       text_length, state,
						(uint16_t)operation, choices, NOT_JUDGED};
	text_count += text_length;
	table[slot] = ++record_count;
	return record_count - 1;
}

enum verdict record_verdict(uint32_t record)
{
	return records[record].verdict;
}

void record_judge(uint32_t record, bool right)
{
	records[record].verdict = right ? RIGHT : WRONG;
}

void record_way(uint32_t record, uint32_t *state, int *operation, uint16_t *choices)
{
	*state = records[record].state;
	*operation = records[record].operation;
	*choices = records[record].choices;
}

uint64_t step_digest(const struct step *step)
{
	text_length = 0;
	put_step(step);
	return hash_text();
}
