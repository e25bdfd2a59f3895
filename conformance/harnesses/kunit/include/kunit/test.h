/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * As much of KUnit as the exported suite uses, in user space: one suite, whose cases are run by main() and told as KTAP.
 */
#ifndef STANDIN_KUNIT_TEST_H
#define STANDIN_KUNIT_TEST_H

#include <linux/types.h>

struct kunit {
	bool failed, skipped;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	int (*suite_init)(struct kunit_suite *suite);
	struct kunit_case *test_cases;
};

int standin_run(struct kunit_suite *suite);
void standin_fail(struct kunit *test, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define KUNIT_CASE(function) { .run_case = function, .name = #function }
#define KUNIT_FAIL(test, ...) standin_fail(test, __VA_ARGS__)
#define kunit_skip(test, ...) ((test)->skipped = true)
#define kunit_test_suite(suite) int main(void) { return standin_run(&suite); } extern int standin_end

#endif
