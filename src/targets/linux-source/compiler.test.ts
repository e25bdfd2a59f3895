/** What is said of a text that does not compile. */
import { expect, it } from 'vitest';
import { missingNames } from './compiler.js';

it.each<[string, string, readonly string[]]>([
  [
    'a macro that declares, before what it would have declared',
    `a.c:1:8: warning: type defaults to 'int' in declaration of 'DEFINE_PER_CPU' [-Wimplicit-int]
a.c:2:9: error: 'counter' undeclared (first use in this function)`,
    ['DEFINE_PER_CPU'],
  ],
  [
    'functions, each once, in their order',
    `a.c:3:2: warning: implicit declaration of function 'one' [-Wimplicit-function-declaration]
a.c:4:2: warning: implicit declaration of function 'two' [-Wimplicit-function-declaration]
a.c:5: undefined reference to \`one'`,
    ['one', 'two'],
  ],
  ['a function, to the linker', "/tmp/a.c:39: undefined reference to `xa_store_range'", ['xa_store_range']],
  ['a variable', "a.c:39:15: error: 'current' undeclared (first use in this function)", ['current']],
  ['a type', "a.c:8:8: error: unknown type name 'ktime_t'", ['ktime_t']],
  ['a struct', "a.c:3:30: error: invalid use of undefined type 'struct task_struct'", ['struct task_struct']],
  ['nothing, of another mistake', "a.c:3:1: error: expected ';' before '}' token", []],
])('names %s', (_, told, expected) => {
  expect(missingNames(told)).toEqual(expected);
});
