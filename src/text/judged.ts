/** How a rule is judged, in words. */
import type { HostChapterRule } from '../../spec/host/rule.js';
import type { ChapterRule } from '../../spec/rule.js';

/** How a rule is judged, by its kind; one that cannot be tested is not. */
export const HOW: Readonly<Record<Exclude<(ChapterRule | HostChapterRule)['kind'], 'untestable'>, string>> = {
  call: 'on every operation of every trace',
  trace: 'on every trace as a whole',
  host: 'on every operation of every run on a host',
  'host-order': 'on every order in which a host can be set up',
  relation: 'on pairs of runs: a program and a variant of it',
  schedule: 'on every order in which several lanes can go on',
};
