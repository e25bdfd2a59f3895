/** How wide and how long the programs of a run were: the most objects and tokens alive at once, the most operations. */
import type { Reach } from '../../spec/formats/results.js';
import { Registrations } from '../../spec/reading/registrations.js';
import type { Program, Token, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../spec/vocabulary.js';

const NOTHING: Reach = { objects: 0, tokens: 0, operations: 0 };

/** The reach of some programs and one more. What is alive is what the target said that it registered. */
export function farther(before: Reach = NOTHING, { objects, lanes }: Program, trace: Trace): Reach {
  const operations = lanes.reduce((sum, lane) => sum + lane.length, 0);
  // No more can be alive than there is; most programs have fewer objects than the widest one had tokens.
  const alive = objects.length > before.tokens ? mostAlive(trace) : NOTHING;
  return {
    objects: Math.max(before.objects, alive.objects),
    tokens: Math.max(before.tokens, alive.tokens),
    operations: Math.max(before.operations, operations),
  };
}

function mostAlive({ events }: Trace): Pick<Reach, 'objects' | 'tokens'> {
  const state = new Registrations();
  const held = new Map<Token, number>();
  const count = (token: Token, by: number) => {
    const left = (held.get(token) ?? 0) + by;
    if (left > 0) held.set(token, left);
    else held.delete(token);
  };
  const most = { objects: 0, tokens: 0 };
  let call: (typeof events)[number] | undefined;
  for (const event of events) {
    if (event.type === 'call') call = event;
    if (event.type !== 'return' || call?.type !== 'call' || !isManagerOperation(call)) continue;
    const before = state.tokenOf(call.object);
    if (isRegistration(call)) {
      if (event.status !== 0 || before !== undefined) continue;
      state.register(call.object, call.token);
      count(call.token, 1);
    } else if (before !== undefined) {
      state.unregister(call.object);
      count(before, -1);
    }
    most.objects = Math.max(most.objects, state.size);
    most.tokens = Math.max(most.tokens, held.size);
  }
  return most;
}
