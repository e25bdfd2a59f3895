/**
 * The script that records: POSIX shell, for a host that has neither Node nor this tool. It sets up an instance of tracefs
 * of its own, so that it disturbs no other tracing, and takes away all that it set up.
 */
import type { Generation } from '../../spec/profile.js';
import { firstReleases, numberOf } from '../../spec/profiles/releases.js';
import type { ManagerTypes } from './btf.js';
import type { Layout } from './probes.js';
import { GROUP, OPERATIONS, probes } from './probes.js';

/** Which kernel the script is for; it finds out by the release where it is not told. */
export type ScriptFor = ManagerTypes | Generation | undefined;

/** The text of the script. */
export function recordScript(kernel: ScriptFor): string {
  return `#!/bin/sh
# Records what the IRQ bypass manager of this kernel is asked and does, for "irqbypass-spec check FILE".
# usage: sh record.sh [FILE [SECONDS]]      ends after SECONDS, or with Ctrl-C
# Needs root and tracefs. What it sets up is its own, and gone when it ends.
set -u
file=\${1:-irqbypass.trace}
seconds=\${2:-}
group=${GROUP}
tracing=/sys/kernel/tracing
[ -e "$tracing/kprobe_events" ] || tracing=/sys/kernel/debug/tracing
instance=$tracing/instances/$group

fail() { echo "record: $*" >&2; exit 2; }
[ "$(id -u)" = 0 ] || fail "it takes root to set up kprobe events"
[ -e "$tracing/kprobe_events" ] || fail "there is no tracefs with kprobe events: mount -t tracefs tracefs /sys/kernel/tracing"
grep -q ' ${OPERATIONS.registerProducer}' /proc/kallsyms || fail "this kernel has no IRQ bypass manager loaded: modprobe irqbypass"
[ ! -e "$instance" ] || fail "somebody records already; if not, a recording was killed: rmdir $instance"

events=
probe() { # EVENT NEEDED LINE
  if echo "$3" >>"$tracing/kprobe_events" 2>/dev/null; then
    events=\${events:+$events,}$1
  elif [ "$2" = needed ]; then
    remove
    fail "the kernel does not take the kprobe event $3"
  else
    echo "record: without $1: is kvm loaded?" >&2
  fi
}
remove() {
  [ ! -e "$instance" ] || rmdir "$instance"
  for event in $(echo "$events" | tr , ' '); do
    echo "-:$group/$event" >>"$tracing/kprobe_events"
  done
}

trap 'remove; exit 2' INT TERM HUP
${setUp(kernel)}
mkdir "$instance" || { remove; fail "tracefs makes no instance"; }
# One count over all CPUs, so that the order of any two events is known.
echo counter >"$instance/trace_clock"
echo 4096 >"$instance/buffer_size_kb"
echo 1 >"$instance/events/$group/enable"
# Whoever could have registered something before has a VM or a device open.
begins=nothing-registered
if ls -l /proc/[0-9]*/fd 2>/dev/null | grep -Eq 'kvm-vm|vfio-device|/dev/vfio/devices/|/dev/vhost-vdpa'; then
  begins=unknown
fi
: >"$file"
# What is changed afterwards shows, where there is a file to be summed up and a tool for it.
seal=
if [ -f "$file" ] && command -v sha256sum >/dev/null; then seal=' seal=sha256'; fi
echo "# irqbypass-spec: release=$(uname -r) generation=$generation clock=counter begins=$begins events=$events$seal" >"$file"
cat "$instance/trace_pipe" >>"$file" &
reader=$!

finish() {
  trap '' INT TERM HUP
  kill "$sleeper" 2>/dev/null
  echo 0 >"$instance/events/$group/enable"
  tries=0
  # The reader is done when no CPU has an entry left.
  while [ $tries -lt 10 ] && grep -hq '^entries: [1-9]' "$instance"/per_cpu/cpu*/stats; do
    sleep 1
    tries=$((tries + 1))
  done
  kill "$reader"
  wait "$reader" 2>/dev/null
  missed=0
  while read -r event hits misses; do
    case ,$events, in *,$event,*) missed=$((missed + misses)) ;; esac
  done <"$tracing/kprobe_profile"
  sum=
  if [ -n "$seal" ]; then
    sum=$(sha256sum <"$file")
    sum=" sha256=\${sum%% *}"
  fi
  echo "# irqbypass-spec: missed=$missed$sum" >>"$file"
  remove
  echo "record: $(grep -c 'Return: ' "$file") returns recorded in $file" >&2
  exit 0
}
# A signal ends a wait at once, and a sleep only when that is over.
sleep "\${seconds:-2147483647}" &
sleeper=$!
trap finish INT TERM HUP
echo "record: recording Linux $(uname -r) ($generation) into $file; end with Ctrl-C" >&2
wait "$sleeper"
finish
`;
}

/** The lines that set the events up: of one generation, or of the one that the release tells. */
function setUp(kernel: ScriptFor): string {
  if (typeof kernel === 'string') return `generation=${kernel}\n${probeLines(kernel)}`;
  if (kernel !== undefined) return `generation=${kernel.generation}\n${probeLines(kernel.generation, kernel.layout)}`;
  const cases = firstReleases().map(({ generation }) => `${generation})\n${probeLines(generation)}\n;;`);
  return `${tellGeneration()}\ncase $generation in\n${cases.join('\n')}\nesac`;
}

/** The lines that tell the generation by the release, as the profiles say which release has which. */
export function tellGeneration(): string {
  const [oldest, ...younger] = firstReleases();
  const lines = younger.map(
    ({ generation, release }) => `[ $number -lt ${numberOf(release)} ] || generation=${generation}`,
  );
  return `release=$(uname -r)
minor=\${release#*.}
number=$((\${release%%.*} * 1000 + \${minor%%[!0-9]*}))
generation=${oldest?.generation}
${lines.join('\n')}`;
}

function probeLines(generation: Generation, layout?: Layout): string {
  return probes(generation, layout)
    .map(({ event, needed, line }) => `probe ${event} ${needed ? 'needed' : 'optional'} '${line}'`)
    .join('\n');
}
