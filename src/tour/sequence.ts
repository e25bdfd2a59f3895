/** A host trace as a sequence diagram: who says what to whom. Every format draws this. */
import type { HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import { hostOperationText, targetText } from '../../spec/host/words.js';
import { statusText } from '../text/format.js';
import { addresseeOf } from '../text/host-format.js';
import type { Scenario } from './story.js';

/** Who takes part, from left to right. */
export const LIFELINES = ['device', 'VFIO', 'manager', 'KVM', 'guest'] as const;

/** One of them; user space stands to the left of all and calls down. */
export type Lifeline = (typeof LIFELINES)[number];

/** One thing in a diagram. */
export type Item =
  | { readonly kind: 'chapter'; readonly title: string; readonly text: string }
  /** A system call of user space, or something that a device or a guest does; to nobody here, for an eventfd alone. */
  | { readonly kind: 'call'; readonly to: Lifeline | undefined; readonly text: string }
  | {
      readonly kind: 'message';
      readonly from: Lifeline;
      readonly to: Lifeline;
      readonly text: string;
      readonly path?: 'host' | 'bypass';
    }
  | { readonly kind: 'note'; readonly over: Lifeline; readonly text: string };

/** The items of a scenario and its trace. */
export function sequenceOf(scenario: Scenario, trace: HostTrace): readonly Item[] {
  const items: Item[] = [];
  const calls = splitCalls(trace.events);
  let next = 0;
  for (const { title, text, operations } of scenario.chapters) {
    items.push({ kind: 'chapter', title, text });
    for (const _ of operations) items.push(...itemsOf(calls[next++] ?? []));
  }
  return items;
}

function splitCalls(events: readonly HostEvent[]): readonly (readonly HostEvent[])[] {
  const calls: HostEvent[][] = [];
  for (const event of events) {
    if (event.type === 'call') calls.push([]);
    calls.at(-1)?.push(event);
  }
  return calls;
}

function itemsOf(events: readonly HostEvent[]): readonly Item[] {
  const signalled = events.some(({ type }) => type === 'signalled');
  return events.flatMap((event, at): readonly Item[] => {
    const next = events[at + 1];
    switch (event.type) {
      case 'call':
        return [{ kind: 'call', to: addresseeOf(event), text: hostOperationText(event) }];
      case 'manager':
        return managerItems(event.event, next?.type === 'manager' ? next.event : undefined);
      case 'irqRequested':
        return [{ kind: 'note', over: 'VFIO', text: `interrupt ${event.irq} requested` }];
      case 'irqFreed':
        return [{ kind: 'note', over: 'VFIO', text: `interrupt ${event.irq} freed` }];
      case 'mapped':
        return [
          { kind: 'note', over: 'KVM', text: `IRTE of interrupt ${event.irq}: posted to ${targetText(event.target)}` },
        ];
      case 'unmapped':
        return [{ kind: 'note', over: 'KVM', text: `IRTE of interrupt ${event.irq}: to the host` }];
      case 'signalled':
        return [
          { kind: 'message', from: 'device', to: 'VFIO', text: 'interrupt', path: 'host' },
          { kind: 'message', from: 'VFIO', to: 'KVM', text: `signals ${event.eventfd}`, path: 'host' },
        ];
      case 'delivered':
      case 'pending': {
        const path = event.path;
        const from = path === 'bypass' ? 'device' : 'KVM';
        const text = `${event.type === 'pending' ? 'pending at ' : ''}${targetText(event.target)}`;
        const how = path === 'host' && !signalled ? `${text} (signalled before)` : text;
        return [{ kind: 'message', from, to: 'guest', text: how, path }];
      }
      default:
        return [];
    }
  });
}

function managerItems(event: ManagerEvent, next: ManagerEvent | undefined): readonly Item[] {
  const caller = (object: string): Lifeline => (object.startsWith('p') ? 'VFIO' : 'KVM');
  if (event.type === 'call' && 'object' in event) {
    const token = 'token' in event ? `, ${event.token}` : '';
    const ended = next?.type === 'return' && next.status !== undefined ? ` -> ${statusText(next.status)}` : '';
    return [
      {
        kind: 'message',
        from: caller(event.object),
        to: 'manager',
        text: `${event.operation}(${event.object}${token})${ended}`,
      },
    ];
  }
  if (event.type === 'enter') {
    const ended = next?.type === 'leave' && next.result !== undefined ? ` -> ${statusText(next.result)}` : '';
    return [
      {
        kind: 'message',
        from: 'manager',
        to: caller(event.object),
        text: `${event.object}.${event.callback}(${event.counterpart ?? ''})${ended}`,
      },
    ];
  }
  return [];
}

type ManagerEvent = Extract<HostEvent, { type: 'manager' }>['event'];
