/** Commits held against their parents, on managers in this process: what is new, gone, the same, and not to be judged. */
import { describe, expect, test } from 'vitest';
import { validate } from '../formats/validate.js';
import { openTarget } from '../targets/resolve.js';
import { TargetError } from '../targets/target.js';
import { benchOf } from './bench.js';
import { renderSeries } from './render.js';
import { judgeSeries } from './series.js';

/** What each commit of a history is as a target; those without one do not compile. */
const HISTORY: Readonly<Record<string, string | undefined>> = {
  aaaaaaaaaaaa0: 'reference',
  bbbbbbbbbbbb1: 'reference',
  cccccccccccc2: 'mutant:starts-as-it-stops',
  dddddddddddd3: undefined,
  eeeeeeeeeeee4: 'reference',
};

const SUBJECTS = [
  'The base',
  'Say more in a comment',
  'Start \u001b[31mlate\u001b[0m | <b>',
  'Forget a bracket',
  'Mend it',
];

async function judged(upTo: number) {
  const names = Object.keys(HISTORY);
  const commits = names.slice(1, upTo + 1).map((commit, at) => ({
    commit,
    subject: SUBJECTS[at + 1] ?? '',
    parent: names[at],
  }));
  let opened = 0;
  const bench = benchOf(
    {
      address: (commit) => `linux-source:git:.@${commit}`,
      code: async (commit) => {
        const code = HISTORY[commit];
        if (code === undefined) throw new TargetError('The manager does not compile: expected a bracket');
        return code;
      },
      open: async (commit) => {
        opened++;
        return openTarget(HISTORY[commit] ?? '');
      },
    },
    { tier: 'smoke', seed: 1, programs: 400, onNote: () => undefined, now: () => 0 },
  );
  const report = await judgeSeries(commits, bench, { series: 'git:.@aaaa..eeee', tier: 'smoke', seed: 1 });
  return { report, opened };
}

const { report, opened } = await judged(4);

describe('a series', () => {
  test('names the commit that breaks a rule, with its smallest program, in a mail below 78 columns', () => {
    const text = renderSeries(report, 'mail');
    expect(report.exit).toBe(1);
    expect(text).toMatchInlineSnapshot(`
      "4 commits of git:.@aaaa..eeee touch the IRQ bypass manager. Each was
      compiled, judged by irqbypass-spec, and held against its parent (tier smoke,
      seed 1).

      commit        conforms    new  gone  still  differs  subject
      bbbbbbbbbbbb  yes         0    0     0      no       Say more in a comment
      cccccccccccc  no          2    0     0      yes      Start late | <b>
      dddddddddddd  not judged  -    -     -      -        Forget a bracket
      eeeeeeeeeeee  yes         0    2     0      yes      Mend it

      cccccccccccc ("Start late | <b>")

      New: CALL-1: Connecting calls back in another order.
      The rule: Connecting MUST call, in this order, the producer's stop, the
      consumer's stop, the producer's addConsumer, the consumer's addProducer, the
      consumer's start, the producer's start.
      Also broken by it: CALL-4.
      The smallest program; - is what is allowed there, + what happened:
        p0: stop, start
        c0: stop, start, addProducer, delProducer
          registerConsumer c0 under t0
            returns 0
          registerProducer p0 under t0, irq 1
            p0.stop()
            c0.stop()
            c0.addProducer(p0, irq 1) -> 0
        -   c0.start()
            p0.start()
        +   c0.start()
            returns 0

      New: FAIL-2: Connecting that fails calls back in another order.
      The rule: When addProducer fails, the producer's delConsumer MUST be called,
      the consumer's delProducer MUST NOT, and both sides are started.
      Also broken by it: CALL-4.
      The smallest program; - is what is allowed there, + what happened:
        p0: stop, start
        c0: stop, start, addProducer, delProducer; addProducer returns -5
          (-EIO), then 0
          registerConsumer c0 under t0
            returns 0
          registerProducer p0 under t0, irq 1
            p0.stop()
            c0.stop()
            c0.addProducer(p0, irq 1) -> -5 (-EIO)
        -   c0.start()
            p0.start()
        +   c0.start()
            returns -5 (-EIO)

      To see it again, in the repository:
        irqbypass-spec run linux-source:git:.@cccccccccccc \\
          --profile core --tier smoke --seed 1

      dddddddddddd ("Forget a bracket")

      It could not be judged: The manager does not compile: expected a bracket

      eeeeeeeeeeee ("Mend it")

      Its parent could not be judged: The manager does not compile: expected a
      bracket. It is held against cccccccccccc.

      Gone: a defect of the parent that breaks CALL-1.

      Gone: a defect of the parent that breaks FAIL-2.

      What it does differently from its parent, - before and + after:
        p0: stop, start
        c0: stop, start, addProducer, delProducer
          registerConsumer c0 under t0
            returns 0
          registerProducer p0 under t0, irq 1
            p0.stop()
            c0.stop()
            c0.addProducer(p0, irq 1) -> 0
        -   p0.start()
            c0.start()
        +   p0.start()
            returns 0

        p0: stop, start
        c0: stop, start, addProducer, delProducer
          registerProducer p0 under t0, irq 1
            returns 0
          registerConsumer c0 under t0
            p0.stop()
            c0.stop()
            c0.addProducer(p0, irq 1) -> 0
        -   p0.start()
            c0.start()
        +   p0.start()
            returns 0

      cccccccccccc brings a defect that the parent does not have.
      "
    `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(78);
  });

  test('judges once what the compiler sees more often, and compares it with nothing', () => {
    // Each of two managers is opened once to be judged, and once more for each of the commits in which they part.
    expect(opened).toBe(6);
    expect(report.commits[0]?.judged).toMatchObject({ exit: 0, sameCode: true, new: [], gone: [], apart: [] });
  });

  test('says of a commit that does not compile that it could not be judged, and holds the next against the one before', () => {
    expect(report.commits.map(({ problems }) => problems)).toEqual([
      [],
      [],
      ['It could not be judged: The manager does not compile: expected a bracket'],
      [
        'Its parent could not be judged: The manager does not compile: expected a bracket. It is held against cccccccccccc.',
      ],
    ]);
    expect(report.commits[3]).toMatchObject({ parent: 'cccccccccccc2', judged: { new: [], still: 0 } });
    expect(report.commits[3]?.judged?.gone).toHaveLength(2);
    expect(validate('series', report)).toEqual({ ok: true, value: report });
  });

  test('without a defect conforms, and in which no commit touches the manager judges nothing', async () => {
    expect((await judged(1)).report).toMatchObject({ exit: 0, summary: 'None of 1 commit brings a defect.' });
    const summary = 'No commit of the series touches the manager: nothing was judged.';
    expect((await judged(0)).report).toMatchObject({ exit: 2, summary });
  });

  test('in Markdown holds no escape, element or column of a subject', () => {
    const text = renderSeries(report, 'markdown');
    expect(text).toContain('| cccccccccccc | no | 2 | 0 | 0 | yes | Start late \\| \\<b\\> |');
    expect(text).not.toContain('\u001b');
  });
});
