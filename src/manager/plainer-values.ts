/**
 * The order of interrupts and results, the plain ones first. A value that a defect needs becomes the plainest that shows
 * the defect, so that it is the same one whatever was drawn.
 */
import type { Status } from '../../spec/vocabulary.js';

const IRQS: readonly number[] = [1, 0, -1, 256, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53 - 1];
const RESULTS: readonly Status[] = [-5, 1, -1, 256, 65_536, 2 ** 31 - 1, -(2 ** 31)];

/** The interrupts that are plainer than a given one. A target that was given a C int may know of no others. */
export function plainerIrqs(irq: number): readonly number[] {
  const all = plainer(irq, IRQS);
  return isCInt(irq) ? all.filter(isCInt) : all;
}

/** The results that are plainer than a given one and failures like it; none for a success. */
export function plainerResults(result: Status): readonly Status[] {
  return result === 0 ? [] : plainer(result, RESULTS);
}

function plainer(value: number, order: readonly number[]): readonly number[] {
  const at = order.indexOf(value);
  return at < 0 ? order : order.slice(0, at);
}

function isCInt(value: number): boolean {
  return (value | 0) === value;
}
