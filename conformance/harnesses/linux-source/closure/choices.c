/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Which result each fallible callback of an operation returns. */
#include "closure.h"

/* Two bits a choice, which is why MOST_RESULTS is 3; a bit pattern of zeros is "all succeed". */
uint16_t choices_pack(const struct choices *choices)
{
	uint16_t packed = 0;

	for (int i = 0; i < choices->count; i++)
		packed |= (uint16_t)(choices->of[i] << (2 * i));
	return packed;
}

void choices_unpack(struct choices *choices, uint16_t packed)
{
	choices->count = MOST_CHOICES;
	for (int i = 0; i < MOST_CHOICES; i++)
		choices->of[i] = packed >> (2 * i) & 3;
}

bool choices_next(struct choices *choices)
{
	while (choices->count && choices->of[choices->count - 1] == plan.result_count)
		choices->count--;
	if (!choices->count)
		return false;
	choices->of[choices->count - 1]++;
	return true;
}
