/**
 * Concurrency: many virtual machines call the manager at once. One lane cannot show any of it, so these rules are held
 * against what several lanes do: against schedules, which are all the orders in which a few lanes can go on; and against
 * traces of real threads, which gates (`Gate`) hold where they are worth looking at.
 */
import type { Rule } from '../rule.js';

export const concurrency: readonly Rule[] = [
  {
    kind: 'schedule',
    shownBy: 'traces',
    id: 'CONC-1',
    level: 'MUST',
    text: 'Callbacks of one pair MUST NOT overlap; of a manager that has one lock, no callbacks of two operations overlap.',
    intent: 'A consumer that is stopped, changed and started by two callers at once ends in neither state.',
    source: 'Every version: one mutex is held from the search to the last callback.',
  },
  {
    kind: 'schedule',
    shownBy: 'traces',
    id: 'CONC-2',
    level: 'MUST',
    text: 'What operations in several lanes do MUST be what they do in some order, one after the other, that keeps which of them had returned before another was called, and the order of callbacks that exclude each other.',
    intent: 'A caller knows only what its own calls returned; it can rely on nothing else.',
    source: 'Every version: the mutex. Herlihy and Wing, "Linearizability", 1990.',
  },
  {
    kind: 'schedule',
    shownBy: 'traces',
    id: 'CONC-3',
    level: 'MUST',
    text: 'An operation MUST return once its callbacks have returned, whatever other lanes do.',
    intent: 'A VM that waits for a lock that nobody gives back cannot even be shut down.',
    source: 'Every version: one lock, and no other is taken while it is held.',
  },
  {
    kind: 'schedule',
    shownBy: 'traces',
    id: 'CONC-4',
    level: 'MUST',
    text: 'Once an unregistration has returned, no callback in any lane MUST name the object, and nothing of it be used.',
    intent: 'The caller frees the object next.',
    source: 'Every version; LIFE-5 says it of one lane.',
  },
  {
    kind: 'schedule',
    shownBy: 'accesses',
    id: 'CONC-5',
    level: 'MUST',
    text: 'Two lanes MUST NOT access the same memory at the same time, when one of them writes and no lock orders them.',
    intent: 'What such an access comes to is up to the compiler and the processor.',
    source: 'The memory model of C; tools/memory-model of Linux.',
  },
  {
    kind: 'schedule',
    shownBy: 'traces',
    id: 'CONC-6',
    level: 'MUST',
    text: 'When no operation is under way, no lock MUST be held.',
    intent: 'The next caller waits for ever.',
    source: 'Every version; from Linux 6.17 on guards give the lock back on every path.',
  },
];
