/**
 * The same events as a script for bpftrace, for hosts on which tracefs may not be written to. It prints what the kernel
 * would print of a kprobe event, so that `check` reads either.
 */
import type { Generation } from '../../spec/profile.js';
import { LAYOUTS, type Layout, type Probe, probes } from './probes.js';

/** How a probe is attached: to a function of the kernel, but where somebody says otherwise. */
export type Attach = (fn: string, isReturn: boolean) => string;

const toKernel: Attach = (fn, isReturn) => `${isReturn ? 'kretprobe' : 'kprobe'}:${fn}`;

/** The text of the script for a generation. */
export function bpftraceScript(
  generation: Generation,
  layout: Layout = LAYOUTS[generation],
  attach: Attach = toKernel,
): string {
  const all = probes(generation, layout);
  const events = all.map(({ event }) => event).join(',');
  return `#!/usr/bin/env bpftrace
/*
 * Records what the IRQ bypass manager of this kernel is asked and does, for "irqbypass-spec check FILE".
 * usage: bpftrace record.bt > irqbypass.trace      ends with Ctrl-C
 * kvm and vfio-pci must be loaded. What was registered before it began is not known, and is not judged.
 */
BEGIN
{
	printf("# irqbypass-spec: generation=${generation} clock=nsecs begins=unknown events=${events}\\n");
}
${all.map((probe) => probeText(probe, attach)).join('')}`;
}

function probeText({ event, function: fn, line }: Probe, attach: Attach): string {
  const isReturn = line.startsWith('r:');
  const fields = line.split(' ').slice(2).map(fieldOf);
  const place = isReturn ? `(caller <- ${fn})` : `(${fn})`;
  const formats = fields.map(({ name, format }) => ` ${name}=${format}`).join('');
  const values = fields.map(({ value }) => `,\n\t\t${value}`).join('');
  return `
${attach(fn, isReturn)}
{
	printf("%s-%d [%03d] %llu.%09llu: ${event}: ${place}${formats}\\n",
		comm, tid, cpu, nsecs / 1000000000, nsecs % 1000000000${values});
}
`;
}

/** What the types of a kprobe event are in bpftrace. */
const TYPES: Readonly<Record<string, { readonly type: string; readonly format: string }>> = {
  x64: { type: 'uint64', format: '0x%llx' },
  s32: { type: 'int32', format: '%d' },
  symbol: { type: 'uint64', format: '%s' },
};

/** A field such as `token=+16($arg1):x64`. */
function fieldOf(field: string) {
  const [, name = '', offset, source = '', kind = 'x64'] =
    /^(\w+)=(?:\+(\d+)\()?\$(\w+)\)?(?::(\w+))?$/.exec(field) ?? [];
  const { type, format } = TYPES[kind] ?? { type: 'uint64', format: '0x%llx' };
  const argument = source.replace(/^arg(\d)$/, (_, number: string) => `arg${Number(number) - 1}`);
  const value = offset === undefined ? `(${type})${argument}` : `*(${type}*)(${argument} + ${offset})`;
  return { name, format, value: kind === 'symbol' ? `ksym(${value})` : value };
}
