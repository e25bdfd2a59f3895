/** Recordings that were cut or garbled: what was not recorded is nobody's fault. */
import type { Fault } from '../fault.js';

const TRACE = '"$ROOT/src/recording/fixtures/linux-6.1.trace"';
/** A line of sed that makes another recording of one that conforms. */
const garbled = (fault: string, make: string, status: Fault['status'], says: string | RegExp): Fault => ({
  fault: `a recording ${fault}`,
  command: `${make} >it; $SPEC check it`,
  status,
  says,
  leaves: ['it'],
});

const cuts = [40, 60, 80, 100, 200, 300, 500, 800].map((bytes) =>
  garbled(`cut by ${bytes} bytes at its end`, `head -c -${bytes} ${TRACE}`, 0, 'conforms to linux-4.7'),
);

export const recordings: readonly Fault[] = [
  garbled('as it is', `cat ${TRACE}`, 0, 'conforms to linux-4.7'),
  garbled('with the line ends of Windows', `sed 's/$/\\r/' ${TRACE}`, 0, 'conforms to linux-4.7'),
  ...cuts,
  garbled(
    'with a status that is none',
    `sed '0,/status=0x0/s//status=abc/; 0,/status=0 /s//status=abc /; 0,/status=0$/s//status=abc/' ${TRACE}`,
    2,
    /abc|status/,
  ),
  garbled(
    'with its events in another order',
    `(grep '^#' ${TRACE}; grep -v '^#' ${TRACE} | tac)`,
    0,
    'conforms to linux-4.7',
  ),
  garbled('with each line twice', `sed 'p' ${TRACE}`, 2, 'it'),
  garbled("that is another tool's", `printf 'CPU 0/KVM 1234 [000] 1.0: sched:sched_switch: x\\n'`, 2, 'it'),
  {
    fault: 'a trace of which no rule is exposed',
    files: { it: '{"objects":[],"events":[]}' },
    command: '$SPEC check it',
    status: 2,
    says: 'no rule was exposed',
  },
  ...(
    [
      ['that returns before any call', '[{"type":"return","status":0}]'],
      [
        'that leaves what was not entered',
        '[{"type":"call","operation":"unregisterProducer","object":"p0"},{"type":"leave","callback":"stop","object":"p0"},{"type":"return"}]',
      ],
      [
        'with two calls at once',
        '[{"type":"call","operation":"unregisterProducer","object":"p0"},{"type":"call","operation":"unregisterProducer","object":"p0"},{"type":"return"},{"type":"return"}]',
      ],
      ['that crashes before any call', '[{"type":"crash","detail":"x"}]'],
      [
        'that goes on after a crash',
        '[{"type":"call","operation":"unregisterProducer","object":"p0"},{"type":"crash","detail":"x"},{"type":"return"}]',
      ],
      [
        'whose status is a text',
        '[{"type":"call","operation":"registerProducer","object":"p0","token":"t0","irq":1},{"type":"return","status":"0"}]',
      ],
      [
        'of an object that it does not have',
        '[{"type":"call","operation":"unregisterProducer","object":"p7"},{"type":"return"}]',
      ],
    ] as const
  ).map(
    ([what, events]): Fault => ({
      fault: `a trace ${what}`,
      files: { it: `{"objects":[{"id":"p0","callbacks":["stop","start"]}],"events":${events}}` },
      command: '$SPEC check it',
      status: 2,
    }),
  ),
];
