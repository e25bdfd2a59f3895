/**
 * The Promela model made wrong, one mistake at a time, each with the rule by which SPIN must find it. Without these,
 * "errors: 0" could as well mean that nothing was asserted.
 */
import type { proofBy } from './checks.js';
import type { Edit } from './sources.js';

/** One mistake. */
export interface Defect {
  readonly what: string;
  readonly rule: string;
  readonly edits: readonly Edit[];
  /** The proof that fails: one caller for every object where it is not given. */
  readonly by?: keyof typeof proofBy;
}

const STARTS = '\tcall_start(consumer);\n\tcall_start(producer)\n}';
const ADD_CONSUMER = 'call_add(addConsumer, producer, consumer, NO_IRQ)';
const ADD_PRODUCER = 'call_add(addProducer, consumer, producer, interrupt)';
const LOCK = '!locked -> locked = true';
const ENTER = '\t\ttoken[self] = asked;\n\t\tHOLDER(self, asked) = self;\n';
const DISCONNECT = '\t\t\tdisconnect()\n';
const ROLL_BACK = ':: result != ok -> call_del(delConsumer, producer, consumer)';
const PAIRED = 'partner[producer] = consumer; partner[consumer] = producer';
const DEL_PRODUCER = 'call_del(delProducer, consumer, producer);\n';
const DEL_CONSUMER = '\tcall_del(delConsumer, producer, consumer);\n';

const edit = (from: string, to: string): readonly Edit[] => [{ from, to }];

/** One of each kind at the least, and for each rule that the model asserts. */
export const defects: readonly Defect[] = [
  { what: 'takes no lock, so that two take one token', rule: 'TOKEN-1', edits: edit(LOCK, 'locked = true') },
  {
    what: 'lets the lock go while it connects',
    rule: 'CALL-8',
    edits: edit('\t\t\tconnect()\n', `\t\t\tlocked = false;\n\t\t\tconnect();\n\t\t\tatomic { ${LOCK} }\n`),
  },
  { what: 'never lets the lock go', rule: 'LIFE-8', edits: edit(';\n\t\tlocked = false\n', '\n') },
  {
    what: 'takes the lock again to disconnect',
    rule: 'LIFE-8',
    edits: edit(DISCONNECT, `\t\t\tatomic { ${LOCK} }\n${DISCONNECT}`),
  },
  {
    what: 'waits for memory for ever',
    rule: 'LIFE-8',
    by: 'returns',
    edits: edit(
      '\tlook_for_reasons_to_refuse();\n',
      '\tdo :: starved -> skip :: else -> break od;\n\tlook_for_reasons_to_refuse();\n',
    ),
  },
  {
    what: 'forgets start after a failure',
    rule: 'BAL-1',
    edits: edit(STARTS, '\tif\n\t:: result == ok -> call_start(consumer); call_start(producer)\n\t:: else\n\tfi\n}'),
  },
  { what: 'starts twice', rule: 'BAL-1', edits: edit(STARTS, `${STARTS.slice(0, -2)};\n\tcall_start(producer)\n}`) },
  {
    what: 'deletes after it connected, as Linux 5.9 did',
    rule: 'CALL-1',
    edits: edit(
      STARTS,
      '\tcall_start(consumer);\n\tcall_start(producer);\n\tcall_del(delConsumer, producer, consumer)\n}',
    ),
  },
  {
    what: 'deletes after both were added',
    rule: 'PAIR-1',
    edits: edit(PAIRED, `${PAIRED}; call_del(delConsumer, producer, consumer)`),
  },
  {
    what: 'adds the producer before the consumer',
    rule: 'CALL-1',
    edits: [
      { from: ADD_CONSUMER, to: 'call_add(addProducer, consumer, producer, interrupt )' },
      { from: ADD_PRODUCER, to: ADD_CONSUMER },
    ],
  },
  {
    what: 'adds without stopping the consumer',
    rule: 'CALL-1',
    edits: edit('\tcall_stop(consumer);\n\tresult = ok;\n', '\tresult = ok;\n'),
  },
  {
    what: 'deletes the consumer before the producer',
    rule: 'CALL-2',
    edits: edit(`${DEL_PRODUCER}${DEL_CONSUMER}`, `${DEL_CONSUMER}\t${DEL_PRODUCER}`),
  },
  {
    what: 'deletes twice',
    rule: 'BAL-2',
    edits: edit(`${DEL_PRODUCER}${DEL_CONSUMER}`, `${DEL_PRODUCER}${DEL_CONSUMER}${DEL_CONSUMER}`),
  },
  {
    what: 'deletes what was never added',
    rule: 'BAL-2',
    edits: edit(
      '\t:: else\n\tfi;\n\tcall_start(consumer)',
      '\t:: else -> call_del(delConsumer, producer, consumer)\n\tfi;\n\tcall_start(consumer)',
    ),
  },
  {
    what: 'passes the producer to itself',
    rule: 'CALL-5',
    edits: edit(ADD_CONSUMER, 'call_add(addConsumer, producer, producer, NO_IRQ)'),
  },
  {
    what: 'shows the interrupt before it is known',
    rule: 'CALL-6',
    edits: edit('(IS_PRODUCER(self) -> IRQ(self) : irq[producer])', 'irq[producer]'),
  },
  {
    what: 'accepts a consumer without its mandatory callbacks',
    rule: 'CALL-7',
    by: 'anyCallbacks',
    edits: [
      {
        from: '\t:: INCOMPLETE -> refuse(missing_callback, EINVAL)\n\t:: TAKEN -> refuse(duplicate_token, EBUSY)\n',
        to: '\t:: TAKEN -> refuse(duplicate_token, EBUSY)\n',
      },
      {
        from: '\t:: !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok',
        to: '\t:: !REGISTERED && !TAKEN && !starved -> result = ok',
      },
    ],
  },
  {
    what: 'goes on after addConsumer failed',
    rule: 'FAIL-1',
    edits: edit(`${ADD_CONSUMER};\n\tif\n\t:: result == ok ->`, `${ADD_CONSUMER};\n\tif\n\t:: true ->`),
  },
  {
    what: 'rolls back on the consumer too',
    rule: 'FAIL-2',
    edits: edit(
      ROLL_BACK,
      ':: result != ok -> call_del(delProducer, consumer, producer); call_del(delConsumer, producer, consumer)',
    ),
  },
  { what: 'does not roll back', rule: 'PAIR-4', edits: edit(ROLL_BACK, ':: result != ok -> skip') },
  {
    what: 'returns its own status for a failure',
    rule: 'FAIL-3',
    edits: edit(STARTS, `${STARTS.slice(0, -2)};\n\tif\n\t:: result == failed -> result = EINVAL\n\t:: else\n\tfi\n}`),
  },
  {
    what: 'connects before it asks for memory',
    rule: 'FAIL-7',
    edits: [
      { from: '\t:: starved -> refuse(no_memory, ENOMEM)\n#endif', to: '#endif' },
      {
        from: '!INCOMPLETE && !TAKEN && !starved -> result = ok\n#endif',
        to: '!INCOMPLETE && !TAKEN -> result = ok\n#endif',
      },
    ],
  },
  {
    what: 'looks for the peer under another token',
    rule: 'ISO-1',
    edits: edit('peer = PEER(self, asked)', 'peer = PEER(self, 1)'),
  },
  {
    what: 'calls back for what is not registered',
    rule: 'LIFE-1',
    edits: edit(
      ':: !REGISTERED -> finds = not_registered',
      ':: !REGISTERED -> finds = not_registered; call_stop(self); call_start(self)',
    ),
  },
  {
    what: 'finds what has left',
    rule: 'LIFE-5',
    edits: edit('\t\tHOLDER(self, token[self]) = NOBODY;\n', ''),
  },
  {
    what: 'keeps a lone object that leaves',
    rule: 'LIFE-7',
    edits: edit(
      '\t\ttoken[self] = NONE;\n',
      '\t\tif\n\t\t:: finds == unpaired\n\t\t:: else -> token[self] = NONE\n\t\tfi;\n',
    ),
  },
  {
    what: 'enters what failed to connect',
    rule: 'LIFE-7',
    edits: edit(`\t:: result == ok ->\n${ENTER}`, `\t:: result == ok || result == failed ->\n${ENTER}`),
  },
  {
    what: 'does not look for a peer when a consumer registers',
    rule: 'PAIR-1',
    edits: edit(
      ':: peer == NOBODY -> finds = alone\n\t\t:: else ->',
      ':: peer == NOBODY || !IS_PRODUCER(self) -> finds = alone\n\t\t:: peer != NOBODY && IS_PRODUCER(self) ->',
    ),
  },
  {
    what: 'remembers a partner that left',
    rule: 'PAIR-3',
    edits: edit('\tpartner[producer] = NOBODY;\n', ''),
  },
  {
    what: 'does not disconnect when a producer leaves',
    rule: 'PAIR-4',
    edits: edit(
      DISCONNECT,
      '\t\t\tif\n\t\t\t:: !IS_PRODUCER(self) -> disconnect()\n\t\t\t:: else -> partner[producer] = NOBODY; partner[consumer] = NOBODY\n\t\t\tfi\n',
    ),
  },
  {
    what: 'takes a token that is held',
    rule: 'TOKEN-1',
    edits: edit('(HOLDER(self, asked) != NOBODY && HOLDER(self, asked) != self)', 'false'),
  },
  {
    what: 'moves what is registered to another token',
    rule: 'TOKEN-6',
    edits: edit(
      '\t:: !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok',
      '\t:: !INCOMPLETE && !TAKEN && !starved -> result = ok',
    ),
  },
];

/** A mistake that breaks no rule that the model asserts, or a choice that is no mistake: only a comparison finds it. */
export interface Drift {
  readonly what: string;
  readonly edits: readonly Edit[];
  /** One of the elements that differ. */
  readonly differs: string;
}

/** The model with an operation less, more, or other. */
export const drifts: readonly Drift[] = [
  {
    what: 'an operation less: a duplicate is never -EINVAL',
    edits: edit('\t:: TAKEN -> refuse(duplicate_token, EINVAL)\n', ''),
    differs: 'only in explore: operation t0 - - - | register p1 t0 | duplicate_token | | EINVAL | t0 - - -',
  },
  {
    what: 'an operation more: a duplicate may be -ENOMEM',
    edits: edit(
      '\t:: TAKEN -> refuse(duplicate_token, EINVAL)\n',
      '\t:: TAKEN -> refuse(duplicate_token, EINVAL)\n\t:: TAKEN -> refuse(duplicate_token, ENOMEM)\n',
    ),
    differs: 'only in SPIN:    operation t0 - - - | register p1 t0 | duplicate_token | | ENOMEM | t0 - - -',
  },
  {
    what: 'states less: the null token is never accepted',
    edits: edit(
      '\t:: !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok',
      '\t:: asked != NULL_TOKEN && !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok',
    ),
    differs: 'only in explore: state null - - -',
  },
  {
    what: 'states more: a producer stays when its pair ends',
    edits: edit(
      '\t\ttoken[self] = NONE;\n',
      '\t\tif\n\t\t:: finds == paired && IS_PRODUCER(self)\n\t\t:: else -> token[self] = NONE\n\t\tfi;\n',
    ),
    differs:
      'only in SPIN:    operation t0 - t0 - | unregister p0 | paired | p0.stop c0.stop c0.delProducer(p0) p0.delConsumer(c0) c0.start p0.start | - | t0 - t0 -',
  },
  {
    what: 'another operation: the consumer is stopped first',
    edits: edit(
      '\tcall_stop(producer);\n\tcall_stop(consumer);\n\tresult = ok;\n',
      '\tcall_stop(consumer);\n\tcall_stop(producer);\n\tresult = ok;\n',
    ),
    differs:
      'only in SPIN:    operation t0 - - - | register c0 t0 | peer_waiting | c0.stop p0.stop p0.addConsumer(c0)! c0.start p0.start | failed | t0 - - -',
  },
];
