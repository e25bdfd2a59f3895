/**
 * What comes of each command of the README, in a fresh clone. A command that does not stand here fails the gate, and so
 * does an entry of which the README says nothing any more.
 */

/** What comes of a command. */
export type Expected =
  | {
      readonly status: number;
      /** What it has to say, among all else. */
      readonly says?: readonly string[];
      /** What to type for a placeholder. */
      readonly as?: Readonly<Record<string, string>>;
      /** Why it is not typed a second time by day. */
      readonly once?: string;
      /** What is typed the second time instead, by day. */
      readonly again?: string;
      /** Why it cannot be typed a second time at all. */
      readonly fresh?: string;
    }
  /** Why it is not typed. */
  | { readonly except: string };

/**
 * What a first round leaves behind is what a second one may trip over: what was built and built again, and files to write
 * over. That the tool still starts is shown by the other lines.
 */
const NOTHING_KEPT = 'it leaves nothing behind that it would meet again, and takes some seconds';
const TARGET = { TARGET: 'mutant:linux-5.9' };
const elsewhere = (name: string): Expected => ({ except: `the gate runs it as a check of its own, npm run ${name}` });

export const expected: Readonly<Record<string, Expected>> = {
  // Building anew is what once took the right to run away; npm puts the same packages there again, which takes as long as at first.
  'npm ci && npm run conformance': { status: 0, again: 'npm run conformance' },
  'npm cit': { except: 'it is npm ci, which is typed above, and npm test, which the gate runs all the way' },

  'npx irqbypass-spec run linux-source:debian:6.12 --tier smoke': {
    status: 1,
    once: 'the gate runs it once more in a check of its own, from the same cache',
  },
  'npx irqbypass-spec run linux-source:../linux': { status: 1, once: 'it takes a quarter of a minute' },
  'npx irqbypass-spec run linux:debian:6.12 --tier smoke --budget 100': { status: 1, once: 'it boots a kernel' },
  'npx irqbypass-spec run exec:./my-adapter --tier smoke': { status: 0, once: NOTHING_KEPT },
  'npx irqbypass-spec run module:./manager.js --tier smoke': { status: 0, once: NOTHING_KEPT },
  'npx irqbypass-spec run mutant:linux-5.9 --tier smoke': { status: 1, once: NOTHING_KEPT },

  'npx irqbypass-spec series git:../linux@BASE..TIP': {
    status: 0,
    as: { BASE: 'HEAD~1', TIP: 'HEAD' },
  },

  'npx irqbypass-spec run linux:debian:7.3 --rules concurrency --tier smoke --budget 300': {
    status: 0,
    once: 'it boots a kernel',
  },
  'npx irqbypass-spec run linux-source:debian:7.3 --rules concurrency --tier smoke --budget 500 --tsan': {
    status: 0,
    once: 'it takes a quarter of a minute',
  },

  'npx irqbypass-spec run linux:debian:7.3': {
    except: 'it is the same as with 6.12; the gate holds this kernel against its baseline in a check of its own',
  },
  'npx irqbypass-spec run linux:kernel=arch/x86/boot/bzImage,module=virt/lib/irqbypass.ko,headers=.': {
    except: 'it takes a tree in which a kernel was built; the tests open such an address with the files of a package',
  },

  'npx irqbypass-spec run linux:debian:6.12@arm64 --tier smoke': {
    except: 'the gate holds it against the baseline of 6.12 in a check of its own',
  },
  'npx irqbypass-spec observe --linux debian:7.3@arm64 --programs 2 --seed 1': {
    status: 0,
    once: 'it takes half a minute',
  },
  'npx irqbypass-spec observe --linux debian:6.1': {
    except: 'the gate runs it in a check of its own, and judges its recording once more',
  },
  'npx irqbypass-spec record > record.sh': { status: 0 },
  'npx irqbypass-spec check irqbypass.trace': { status: 0 },

  'npx irqbypass-spec baseline TARGET --output known.json': { status: 0, as: TARGET, once: 'it takes five seconds' },
  'npx irqbypass-spec run TARGET --tier pr --seed 1 --baseline known.json --report junit=report.xml': {
    status: 0,
    as: TARGET,
    once: 'it takes ten seconds',
  },
  'npx irqbypass-spec run TARGET --tier smoke --report html=r.html --report ktap=r.ktap --report sarif=r.sarif': {
    status: 1,
    as: TARGET,
  },
  'npx irqbypass-spec run reference --tier smoke --seed 1 --shard 1/1 --report json=shard.json': { status: 0 },
  'npx irqbypass-spec merge shard.json': { status: 0, says: ['reference conforms to core'] },
  'npx irqbypass-spec compare old.json new.json': { status: 1 },
  'npx irqbypass-spec verify new.json': { status: 0 },
  'npx irqbypass-spec matrix old.json new.json --report html=matrix.html --report badges=badges': { status: 0 },

  'npx irqbypass-spec tour': { status: 0 },
  'npx irqbypass-spec run --role host reference': {
    status: 0,
    says: ['covered  complete on'],
    once: 'it takes a quarter of a minute',
  },
  'npx irqbypass-spec run --role producer mutant:vfio-free-irq-first --tier smoke --budget 500': {
    status: 1,
    once: NOTHING_KEPT,
  },
  'npx irqbypass-spec run --role consumer module:./kvm.js --tier smoke': { status: 0, once: NOTHING_KEPT },
  'npx irqbypass-spec run --role producer exec:./my-driver --rules producer --budget 500 --tier smoke': {
    status: 0,
    once: NOTHING_KEPT,
  },

  'npx irqbypass-spec diff --role consumer reference mutant:kvm-lost-update': { status: 1, once: NOTHING_KEPT },
  'npx irqbypass-spec explore --role host --lanes 2': { status: 0, once: NOTHING_KEPT },

  'npx irqbypass-spec export kunit --profile linux-6.17 --output kunit': { status: 0 },
  'npx irqbypass-spec export vectors --profile linux-6.17 --output vectors': { status: 0 },
  'npx irqbypass-spec init python my-project': { status: 0, fresh: 'the folder is there the second time' },
  'irqbypass-spec smoke exec:./my-adapter': { status: 0 },
  'irqbypass-spec rules': { status: 0 },
  'irqbypass-spec explain BAL-1': { status: 0 },
  'npx irqbypass-spec book --output book': { status: 0 },
  'npx irqbypass-spec explore --scope 2x2x2 --profile core': { status: 0, once: 'it takes ten seconds' },
  'npx irqbypass-spec diff linux-4.7 linux-6.17': { status: 1, once: 'it takes ten seconds' },

  'npm run kill-matrix': elsewhere('gate:kill-matrix'),
  'npm run kill-matrix:c': {
    except:
      'the gate runs every eighth of it in a check of its own, npm run gate:kill-matrix:c -- --shard 1/8, and all by night',
  },
  'npm run promela': elsewhere('gate:promela'),
  'npm run proof': elsewhere('proof'),
  'npm run bench': { except: 'it measures a machine, takes minutes, and its figures mean nothing beside other checks' },
};
