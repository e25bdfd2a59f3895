/** What a finding is about, in words: what goes wrong, and not how it is filed. */
import type { Situation } from '../../spec/model.js';

/** What an operation finds, in words, as what is done then. */
export const SITUATION: Readonly<Record<Situation, string>> = {
  registered: 'registering what is registered already',
  'null-token': 'registering under the null token',
  'missing-callback': 'registering an object that lacks a callback',
  'duplicate-token': 'registering under a token that is taken',
  'no-memory': 'registering without memory',
  alone: 'registering while nobody waits',
  'peer-waiting': 'connecting',
  'connect-fails': 'connecting that fails',
  paired: 'unregistering one of a pair',
  unpaired: 'unregistering an object without a partner',
  'not-registered': 'unregistering what is not registered',
  outside: 'what happens outside any operation',
};

/** What should have had no effect, and had one. */
const LEFT_BEHIND: Readonly<Partial<Record<string, string>>> = {
  registered: 'An object that is registered again, and refused, leaves something behind',
  'connect-fails': 'A connection that fails leaves something behind',
  'no-memory': 'A registration that finds no memory leaves something behind',
  'null-token': 'A null token that is refused leaves something behind',
  'not-registered': 'Unregistering what is not registered leaves something behind',
  'duplicate-token': 'A registration that is refused leaves something behind',
  'missing-callback': 'An object that is refused for a missing callback leaves something behind',
};

const NOT_REGISTERED: Readonly<Partial<Record<string, string>>> = {
  'its registration failed': 'Unregistering an object whose registration was refused is not without effect',
  'it was before': 'Unregistering an object a second time is not without effect',
  'it never was': 'Unregistering an object that never was registered is not without effect',
};

/** The first words of a difference, and what is said of them instead. */
const DIFFERENCES: readonly (readonly [string, string])[] = [
  ['without a return', 'does not return'],
  ['with another status', 'returns another status'],
  ['with a status', 'goes with a status'],
  ['without ', 'goes without '],
  ['with ', 'goes with '],
  ['in another order', 'calls back in another order'],
  ['failing', 'fails'],
  ['succeeding', 'succeeds'],
  ['a crash', 'crashes'],
  ['a hang', 'hangs'],
  ['a warning is logged', 'causes a warning'],
  ['an error is logged', 'causes an error'],
];

/** What goes wrong in several lanes, by the form. */
const IN_LANES: Readonly<Partial<Record<string, string>>> = {
  'CONC-1 in lanes': 'One lane calls back while another does',
  'CONC-2 in lanes': 'What several lanes are told fits no order of what they did',
  'CONC-3 in lanes': 'An operation does not come to its end while another lane acts',
  'CONC-4 in lanes': 'An object is called back after its unregistration has returned',
  'CONC-5 in lanes': 'Two lanes access the same memory at the same time, and no lock orders them',
  'CONC-6 in lanes': 'A lock is held after every operation has returned',
};

/**
 * A title for the defect of a manager.
 *
 * @param key of the defect (`src/judge/defect.ts`)
 * @param form the key of its smallest form
 */
export function titleOf(key: string, form: string): string {
  const [, operation = '', situation = '', difference = ''] = /^([\w-]+), ([\w-]+): (.*)$/.exec(form) ?? [];
  const lanes = IN_LANES[form];
  if (lanes !== undefined) return lanes;
  const wrong = goesWrong(situation, difference);
  const need = /^with (.*)$/.exec(key)?.[0];
  const what = wrong === undefined || need === undefined ? wrong : `${need}, ${wrong}`;
  const [, trigger] = /something is left behind by: (.*)$/.exec(key) ?? [];
  if (trigger !== undefined) return `${LEFT_BEHIND[trigger] ?? key}: then ${operation} goes wrong`;
  const [, past] = /unregistering what is not registered \((.*)\)$/.exec(key) ?? [];
  if (past !== undefined) return NOT_REGISTERED[past] ?? key;
  if (key.endsWith('a null token that was accepted')) {
    return `After a null token was accepted, ${operation} goes wrong: what is accepted cannot be taken back`;
  }
  return what === undefined ? key : `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}

function goesWrong(situation: string, difference: string): string | undefined {
  const subject = SITUATION[situation as Situation];
  const found = DIFFERENCES.find(([from]) => difference.startsWith(from));
  if (subject === undefined || found === undefined) return undefined;
  return `${subject} ${found[1]}${difference.slice(found[0].length)}`;
}
