/** Mutants of connecting and disconnecting, which every version since Linux 4.4 does in the same way. */
import { within } from '../editor/edits.js';
import { call, word } from '../editor/places.js';
import type { CMutant } from './mutant.js';

const connect = within('__connect');
const disconnect = within('__disconnect');

/** What both versions can get wrong. */
export const connection: readonly CMutant[] = [
  { what: 'Connecting does not stop the producer.', mistake: 'a dropped call', edit: connect.drop(call('stop', 1)) },
  { what: 'Connecting does not stop the consumer.', mistake: 'a dropped call', edit: connect.drop(call('stop', 2)) },
  {
    what: 'Connecting does not ask the producer.',
    mistake: 'a dropped call',
    edit: connect.drop(call('add_consumer')),
  },
  {
    what: 'Connecting does not ask the consumer.',
    mistake: 'a dropped call',
    edit: connect.drop(call('add_producer')),
  },
  {
    what: 'When the consumer refuses, the producer is not told to let it go.',
    mistake: 'a wrong error path',
    edit: connect.drop(call('del_consumer')),
  },
  {
    what: 'Connecting does not start the consumer again.',
    mistake: 'a dropped call',
    edit: connect.drop(call('start', 1)),
  },
  {
    what: 'Connecting does not start the producer again.',
    mistake: 'a dropped call',
    edit: connect.drop(call('start', 2)),
  },
  {
    what: 'Connecting stops the consumer before the producer.',
    mistake: 'a swapped order',
    edit: connect.swap(call('stop', 1), call('stop', 2)),
  },
  {
    what: 'Connecting starts the producer before the consumer.',
    mistake: 'a swapped order',
    edit: connect.swap(call('start', 1), call('start', 2)),
  },
  {
    what: 'Connecting asks the consumer before the producer.',
    mistake: 'a swapped order',
    edit: connect.swap(call('add_consumer'), call('add_producer')),
  },
  {
    what: 'Connecting starts the consumer again before the two are asked.',
    mistake: 'a swapped order',
    edit: connect.move(call('start', 1), call('add_consumer')),
  },
  {
    what: 'Connecting asks the producer before anything is stopped.',
    mistake: 'a swapped order',
    edit: connect.move(call('add_consumer'), call('stop', 1)),
  },
  { what: 'Connecting stops the producer twice.', mistake: 'a wrong name', edit: connect.repeat(call('stop', 1)) },
  {
    what: 'Connecting starts the producer where it should stop it.',
    mistake: 'a wrong name',
    edit: connect.change(call('stop', 1), 'start'),
  },
  {
    what: 'Connecting stops the consumer where it should start it.',
    mistake: 'a wrong name',
    edit: connect.change(call('start', 1), 'stop'),
  },
  {
    what: 'Connecting asks the consumer only when the producer has refused.',
    mistake: 'a wrong comparison',
    edit: connect.negate(4),
  },
  {
    what: 'Connecting takes a positive answer of the producer for consent.',
    mistake: 'a wrong comparison',
    edit: connect.ask(4, 'ret >= 0'),
  },
  {
    what: 'When the consumer refuses with a positive number, the producer is not told to let it go.',
    mistake: 'a wrong comparison',
    edit: connect.change(word('ret', 5), 'ret < 0'),
  },
  {
    what: 'A producer with delConsumer is told to let the consumer go after every connect, as in Linux 5.9.',
    mistake: 'a wrong comparison',
    edit: connect.dropPart(5, 1),
  },
  {
    what: 'The producer is told to let the consumer go if it has delConsumer or the consumer refused.',
    mistake: 'a wrong comparison',
    edit: connect.change(word('&&'), '||'),
  },
  {
    what: 'When the consumer refuses, delConsumer is called also where the producer has none.',
    mistake: 'a wrong error path',
    edit: connect.dropPart(5, 2),
  },
  {
    what: 'Connecting stops a producer that has no stop.',
    mistake: 'a wrong comparison',
    edit: connect.always(1),
  },
  {
    what: 'Connecting starts a consumer that has no start.',
    mistake: 'a wrong comparison',
    edit: connect.always(6),
  },
  {
    what: 'What the producer answers is forgotten.',
    mistake: 'a wrong error path',
    edit: connect.ignoreResult(call('add_consumer')),
  },
  {
    what: 'What the consumer answers is forgotten.',
    mistake: 'a wrong error path',
    edit: connect.ignoreResult(call('add_producer')),
  },
  {
    what: 'When the consumer refuses, connecting returns before the two are started, as in Linux 5.9.',
    mistake: 'a wrong error path',
    edit: connect.returnBehind(call('add_producer'), 'ret', 'ret'),
  },
  {
    what: 'When the producer refuses, connecting returns before the two are started, as in Linux 5.9.',
    mistake: 'a wrong error path',
    edit: connect.returnBehind(call('add_consumer'), 'ret', 'ret'),
  },
  {
    what: 'Connecting always says that it succeeded.',
    mistake: 'a wrong error path',
    edit: connect.returnInstead(1, '0'),
  },
  { what: 'Connecting does nothing and succeeds.', mistake: 'an early return', edit: connect.returnFirst('0') },
  { what: 'Connecting does nothing and fails.', mistake: 'an early return', edit: connect.returnFirst('-EIO') },
  {
    what: 'Connecting takes a producer that cannot be asked for one that refused.',
    mistake: 'a wrong error path',
    edit: connect.change(word('0', 1), '-EIO'),
  },

  {
    what: 'Disconnecting does not stop the producer.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('stop', 1)),
  },
  {
    what: 'Disconnecting does not stop the consumer.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('stop', 2)),
  },
  {
    what: 'Disconnecting does not tell the consumer to let the producer go.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('del_producer')),
  },
  {
    what: 'Disconnecting does not tell the producer to let the consumer go.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('del_consumer')),
  },
  {
    what: 'Disconnecting does not start the consumer again.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('start', 1)),
  },
  {
    what: 'Disconnecting does not start the producer again.',
    mistake: 'a dropped call',
    edit: disconnect.drop(call('start', 2)),
  },
  {
    what: 'Disconnecting stops the consumer before the producer.',
    mistake: 'a swapped order',
    edit: disconnect.swap(call('stop', 1), call('stop', 2)),
  },
  {
    what: 'Disconnecting starts the producer before the consumer.',
    mistake: 'a swapped order',
    edit: disconnect.swap(call('start', 1), call('start', 2)),
  },
  {
    what: 'Disconnecting tells the producer before the consumer.',
    mistake: 'a swapped order',
    edit: disconnect.swap(call('del_producer'), call('del_consumer')),
  },
  {
    what: 'Disconnecting starts the consumer again before it is told.',
    mistake: 'a swapped order',
    edit: disconnect.move(call('start', 1), call('del_producer')),
  },
  {
    what: 'Disconnecting tells the consumer twice.',
    mistake: 'a wrong name',
    edit: disconnect.repeat(call('del_producer')),
  },
  {
    what: 'Disconnecting stops the producer where it should start it.',
    mistake: 'a wrong name',
    edit: disconnect.change(call('start', 2), 'stop'),
  },
  {
    what: 'Disconnecting calls delConsumer also where the producer has none.',
    mistake: 'a wrong comparison',
    edit: disconnect.always(3),
  },
  {
    what: 'Disconnecting stops only a consumer without a stop.',
    mistake: 'a wrong comparison',
    edit: disconnect.negate(2),
  },
  { what: 'Disconnecting does nothing.', mistake: 'an early return', edit: disconnect.returnFirst() },
  {
    what: 'Disconnecting returns once the consumer has been told.',
    mistake: 'an early return',
    edit: disconnect.returnBehind(call('del_producer'), '', '1'),
  },
];

/** What only a manager with binding pointers, from Linux 6.17 on, can get wrong. */
export const bindings: readonly CMutant[] = [
  {
    what: 'Connecting does not note the consumer at the producer.',
    mistake: 'a dropped step',
    edit: connect.drop(word('consumer')),
  },
  {
    what: 'Connecting does not note the producer at the consumer.',
    mistake: 'a dropped step',
    edit: connect.drop(word('producer')),
  },
  {
    what: 'Connecting notes the two at each other although one refused.',
    mistake: 'a wrong error path',
    edit: connect.always(8),
  },
  {
    what: 'Connecting notes the two at each other only if one refused.',
    mistake: 'a wrong comparison',
    edit: connect.negate(8),
  },
  {
    what: 'Disconnecting does not forget the consumer at the producer.',
    mistake: 'a dropped step',
    edit: disconnect.drop(word('consumer')),
  },
  {
    what: 'Disconnecting does not forget the producer at the consumer.',
    mistake: 'a dropped step',
    edit: disconnect.drop(word('producer')),
  },
];
