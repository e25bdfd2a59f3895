/** Makes one of the mistakes in the text on standard input; with `name`, says what it is. */
import { readFileSync } from 'node:fs';
import { mistakes } from './mistakes.js';

const [number, asked] = process.argv.slice(2);
const mistake = mistakes[Number(number)];
if (mistake === undefined) throw new Error(`There are ${mistakes.length} mistakes, from 0; came ${number}.`);
process.stdout.write(asked === 'name' ? `a manager that ${mistake.does}` : mistake.edit(readFileSync(0, 'utf8')));
