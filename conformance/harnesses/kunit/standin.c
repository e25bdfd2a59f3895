/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Runs an exported KUnit suite in user space, on a manager that is compiled with the stand-ins of ../linux-source. Those
 * call four functions of the adapter library, which are here.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <kunit/test.h>

_Noreturn void adapter_fail(const char *format, ...);
_Noreturn void adapter_hang(const char *detail);
void adapter_log(const char *level, const char *text);
unsigned int adapter_lane(void);

_Noreturn void adapter_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	exit(2);
}

_Noreturn void adapter_hang(const char *detail)
{
	adapter_fail("the manager hangs: %s\n", detail);
}

void adapter_log(const char *level, const char *text)
{
	fprintf(stderr, "%s: %s\n", level, text);
}

unsigned int adapter_lane(void)
{
	return 0;
}

void standin_fail(struct kunit *test, const char *format, ...)
{
	va_list arguments;
	char text[1024];

	test->failed = true;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("    # ");
	for (const char *at = text; *at; at++)
		printf(*at == '\n' ? "\n    # " : "%c", *at);
	printf("\n");
}

int standin_run(struct kunit_suite *suite)
{
	int count = 0, failed = 0;

	if (suite->suite_init(suite))
		return 2;
	while (suite->test_cases[count].run_case)
		count++;
	printf("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: %s\n    1..%d\n", suite->name, count);
	for (int i = 0; i < count; i++) {
		struct kunit test = { 0 };

		suite->test_cases[i].run_case(&test);
		failed += test.failed;
		printf("    %s %d %s%s\n", test.failed ? "not ok" : "ok", i + 1, suite->test_cases[i].name,
		       test.skipped ? " # SKIP" : "");
	}
	printf("%s 1 %s\n", failed ? "not ok" : "ok", suite->name);
	return failed ? 1 : 0;
}
