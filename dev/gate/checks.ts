/** Everything that the gate checks, and what needs what. Of the checks that could start, the first of this table does. */
import { profiles } from '../../spec/profiles/index.js';
import { debianVersions } from '../../src/targets/debian/kernels.js';
import type { Check } from './schedule.js';

const SPEC = 'node dist/cli/main.js';
/** Debian's packages, and the kernels' sources and kernels: without them half the targets are not there. */
const PACKAGES = 'apt: gcc, jansson, SPIN, z3, QEMU, Slurm, Python, Go, Rust';
const FETCHED = 'kernels and their sources are fetched, and their adapters are right';

/**
 * Random programs on real kernels, which take long: the suites are complete without them, and all of the tier's are run on
 * the same kernels' sources. By night their findings are held against each other (dev/tests/kernel.gate.test.ts).
 */
const FEW = 300;

const apt = [
  'sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo',
  '$sudo apt-get -qq -o DPkg::Lock::Timeout=300 update',
  '$sudo apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends \\',
  '  gcc libc6-dev make tcc spin z3 libjansson-dev libasan8 libubsan1 libtsan2 xz-utils \\',
  '  qemu-system-x86 qemu-system-arm gcc-12-aarch64-linux-gnu libc6-dev-arm64-cross mmdebstrap libelf1 busybox-static libxml2-utils mandoc chromium \\',
  '  slurm-wlm parallel \\',
  '  python3 golang-go $(command -v cargo >/dev/null || echo cargo rustc) >/dev/null',
].join('\n');

const fetch = debianVersions.map(
  (version) => `${SPEC} smoke linux-source:debian:${version} && ${SPEC} smoke linux:debian:${version}`,
);

export const checks: readonly Check[] = [
  { name: PACKAGES, line: apt, waits: true },
  { name: FETCHED, line: fetch.join(' && '), waits: true, after: [PACKAGES] },

  // What takes longest comes first.
  {
    name: 'what the README says can be typed',
    line: 'node dist/dev/gate/readme.js',
    night: 'node dist/dev/gate/readme.js --night',
    after: [FETCHED],
  },
  {
    name: 'tests',
    line: 'npm run --silent gate:tests',
    night: 'npm run --silent gate:tests:night',
    after: [FETCHED],
  },
  {
    name: 'managers of other designs raise no false alarm',
    line: 'npm run --silent soak -- 1000000',
    night: 'npm run --silent soak -- 100000000',
  },
  { name: 'every rule kills what it is meant for', line: 'npm run --silent gate:kill-matrix' },
  {
    name: 'mutants of the real irqbypass.c are killed or explained, as their page says',
    line: 'npm run --silent gate:kill-matrix:c -- --shard 1/8',
    night: 'npm run --silent gate:kill-matrix:c && git diff --exit-code -- conformance/c-mutants.md',
    after: [FETCHED],
  },
  {
    name: 'SPIN proves the Promela model, which reaches what explore reaches',
    line: 'npm run --silent gate:promela',
    after: [PACKAGES],
  },
  { name: 'the rules are proved for any size', line: 'npm run --silent proof', after: [PACKAGES] },
  { name: 'every rule is proved for every profile, up to renaming', line: 'npm run --silent gate:explore' },
  { name: 'who is paired follows from the calls of user space', line: `${SPEC} explore --role host --profile all` },

  ...debianVersions.flatMap((version): readonly Check[] => {
    const baseline = `--seed 1 --baseline conformance/baselines/linux-${version}.json`;
    return [
      {
        name: `the real kernel ${version}: its known failures and no other`,
        line: `${SPEC} run linux:debian:${version} --tier smoke --budget ${FEW} ${baseline}`,
        night: `${SPEC} run linux:debian:${version} ${baseline}`,
        after: [FETCHED],
      },
      {
        name: `the source of linux ${version}: its known failures and no other`,
        line: `${SPEC} run linux-source:debian:${version} --tier smoke ${baseline}`,
        night: `${SPEC} run linux-source:debian:${version} ${baseline}`,
        after: [FETCHED],
      },
    ];
  }),
  {
    name: 'the real kernel 6.12 of arm64, its manager built in: its known failures and no other',
    line: `${SPEC} run linux:debian:6.12@arm64 --tier smoke --budget ${FEW} --seed 1 --baseline conformance/baselines/linux-6.12.json`,
    night: `${SPEC} run linux:debian:6.12@arm64 --tier smoke --seed 1 --baseline conformance/baselines/linux-6.12.json`,
    after: [FETCHED],
  },
  {
    name: 'between real VFIO and KVM linux 6.1 conforms, and so says its raw recording',
    line: [
      'folder=$(mktemp -d)',
      `${SPEC} observe --linux debian:6.1 --against reference --programs 20 --seed 1 --recording "$folder/trace" &&`,
      `  ${SPEC} check "$folder/trace"; status=$?`,
      'rm -r "$folder"; exit $status',
    ].join('\n'),
    after: [FETCHED],
  },
  { name: 'the certificate of the reference is complete', line: certified('reference') },
  { name: 'and up to one extra state', line: certified('reference --extra-states 1 --budget 2500') },
  ...profiles.map(
    ({ name }): Check => ({
      name: `reference:${name} conforms`,
      line: `${SPEC} run reference:${name} --tier smoke`,
    }),
  ),
  { name: 'the prototype conforms to its proposal', line: `${SPEC} run prototype --tier smoke` },
  { name: 'a program that is no target cannot be judged', line: `${SPEC} run exec:/bin/cat`, status: 2 },

  {
    name: "the kernel's own parser reads KTAP reports",
    line: 'node dist/dev/reports/kunit.js',
    after: [PACKAGES],
  },
  {
    name: 'a real Slurm runs eight shards, one of them killed and queued again, and the report is that of one run',
    line: 'bash deploy/slurm/demo.sh smoke',
    after: [PACKAGES],
  },
  { name: 'the package can be installed and used', line: 'node dist/dev/gate/package.js' },
  { name: 'formatted and linted', line: 'npm run --silent lint' },
  { name: 'types', line: 'npm run --silent typecheck' },
  { name: 'imports run one way', line: 'npm run --silent directions' },
  { name: 'schemas agree with the types', line: `${SPEC} schemas --check` },
];

/** A run that covers everything, and says so. */
function certified(run: string): string {
  return `node dist/dev/gate/certified.js ${run}`;
}
