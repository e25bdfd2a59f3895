/** What is stated of sets of runs is proved of the model, and of no model of which it does not hold. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { reach } from '../../src/explore/reach.js';
import { type Key, Space, type Transition } from '../../src/explore/space.js';
import { proveStatements, STATEMENTS } from '../../src/explore/statements.js';
import { provedProfiles } from './extent.js';

const scope = { producers: 2, consumers: 2, tokens: 2 };

/** The model with every transition changed, or left out. */
class Defective extends Space {
  constructor(readonly change: (transition: Transition, space: Space) => Transition | undefined) {
    super(core, scope);
  }

  override transitions(key: Key, operations = this.operations): readonly Transition[] {
    return super.transitions(key, operations).flatMap((transition) => this.change(transition, this) ?? []);
  }
}

const without = (transition: Transition): Transition => ({
  ...transition,
  to: transition.from,
  branch: { ...transition.branch, steps: [], change: 'none' },
});
const silent = (transition: Transition): Transition => ({ ...transition, branch: { ...transition.branch, steps: [] } });
const backwards = (transition: Transition): Transition => ({
  ...transition,
  branch: { ...transition.branch, steps: transition.branch.steps.toReversed() },
});

const brokenBy = (change: (transition: Transition, space: Space) => Transition | undefined): readonly string[] => {
  const space = new Defective(change);
  return proveStatements(space, reach(space).keys()).flatMap(({ statement, counterexample }) =>
    counterexample === undefined ? [] : [statement],
  );
};

test.each(provedProfiles.map((profile) => [profile.name, profile] as const))(
  '%s: each is proved, in many cases',
  (_, profile) => {
    const space = new Space(profile, scope);
    const proved = proveStatements(space, reach(space).keys());
    expect(proved.map(({ statement }) => statement)).toEqual(Object.values(STATEMENTS));
    for (const { cases, counterexample } of proved) {
      expect(counterexample).toBeUndefined();
      expect(cases).toBeGreaterThan(8);
    }
  },
);

test('a model that is left as it is breaks none', () => {
  expect(brokenBy((transition) => transition)).toEqual([]);
});

describe('operations under different tokens commute', () => {
  test('not if a pair is disconnected without callbacks while another token is held', () => {
    const broken = brokenBy((transition, space) => {
      const { from, operation, branch } = transition;
      const mine = space.tokenOf(from, operation.object);
      const others = space.ids.some((id) => space.tokenOf(from, id) !== undefined && space.tokenOf(from, id) !== mine);
      return branch.situation === 'paired' && others ? silent(transition) : transition;
    });
    expect(broken).toContain(STATEMENTS.commute);
  });

  test('not if only a failure depends on another token', () => {
    const broken = brokenBy((transition, space) => {
      const others = space.ids.filter((id) => space.tokenOf(transition.from, id) !== undefined).length > 1;
      return transition.failing !== -1 && others ? silent(transition) : transition;
    });
    expect(broken).toContain(STATEMENTS.commute);
  });

  test('not if only a refusal depends on another token', () => {
    const broken = brokenBy((transition, space) => {
      const others = space.ids.filter((id) => space.tokenOf(transition.from, id) !== undefined).length > 1;
      const { branch } = transition;
      if (branch.situation !== 'duplicate-token' || !others) return transition;
      return { ...transition, branch: { ...branch, statuses: [-1] } };
    });
    expect(broken).toContain(STATEMENTS.commute);
  });
});

describe('either side may register first', () => {
  test('not if a consumer that comes second finds nobody', () => {
    const broken = brokenBy((transition) =>
      transition.branch.situation === 'peer-waiting' && transition.operation.object.startsWith('c')
        ? silent(transition)
        : transition,
    );
    expect(broken).toEqual([STATEMENTS.order]);
  });

  test('nor if a producer that comes second does', () => {
    const broken = brokenBy((transition) =>
      transition.branch.situation === 'peer-waiting' && transition.operation.object.startsWith('p')
        ? silent(transition)
        : transition,
    );
    expect(broken).toEqual([STATEMENTS.order]);
  });

  test('nor if who comes second is not registered, with all callbacks made', () => {
    const broken = brokenBy((transition) =>
      transition.branch.situation === 'peer-waiting' ? { ...transition, to: transition.from } : transition,
    );
    expect(broken).toContain(STATEMENTS.order);
  });
});

describe('either side may leave first', () => {
  test('not if the callbacks come in another order when the consumer does', () => {
    const broken = brokenBy((transition) =>
      transition.branch.situation === 'paired' && transition.operation.object.startsWith('c')
        ? backwards(transition)
        : transition,
    );
    expect(broken).toEqual([STATEMENTS.leave]);
  });

  test('nor if a producer cannot leave its pair', () => {
    const broken = brokenBy((transition) =>
      transition.branch.situation === 'paired' && transition.operation.object.startsWith('p')
        ? without(transition)
        : transition,
    );
    expect(broken).toContain(STATEMENTS.leave);
  });
});

describe('names change nothing', () => {
  test('not if one token is always refused', () => {
    const broken = brokenBy((transition) =>
      'token' in transition.operation && transition.operation.token === 't1' ? without(transition) : transition,
    );
    expect(broken).toContain(STATEMENTS.tokens);
    expect(broken).not.toContain(STATEMENTS.objects);
  });

  test('not if one object is left without a callback', () => {
    const broken = brokenBy((transition) => {
      const steps = transition.branch.steps.filter(({ callback, object }) => callback !== 'stop' || object !== 'p1');
      return transition.failing === -1 ? { ...transition, branch: { ...transition.branch, steps } } : transition;
    });
    expect(broken).toEqual([STATEMENTS.objects]);
  });

  test('not if one object is shown with the interrupt of another', () => {
    const broken = brokenBy((transition) => ({
      ...transition,
      branch: {
        ...transition.branch,
        steps: transition.branch.steps.map((step) => (step.irq === 33 ? { ...step, irq: 32 } : step)),
      },
    }));
    expect(broken).toEqual([STATEMENTS.objects]);
  });
});
