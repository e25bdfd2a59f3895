/** A run whose parts are worked through by several processes. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { Evidence } from '../engine/evidence.js';
import type { RunOptions } from '../engine/options.js';
import type { Part } from '../engine/plan.js';
import { askOf, Worker } from '../engine/worker.js';
import { withHelpers } from '../jobs/crew.js';
import type { Runner } from '../jobs/deal.js';
import type { Job } from '../jobs/helper.js';
import type { Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { TargetError } from '../targets/target.js';
import { type Asked, optionsOf } from './asked.js';
import { withSubject } from './judged.js';

/** What a helper needs to know. */
interface Setup<S extends Shape> {
  readonly role: JudgedRole | undefined;
  readonly asked: Asked<S>;
}

/** Have helpers for a run, one less than there are jobs. */
export function withRunHelpers<S extends Shape, X>(
  jobs: number,
  setup: Setup<S>,
  use: (helpers: readonly Runner<Part<S>, Evidence<S>>[]) => Promise<X>,
): Promise<X> {
  return withHelpers(jobs - 1, 'run', setup, (helpers) =>
    use(
      // What a helper says is the evidence of a worker of the same version.
      helpers.map((helper) => ({ run: async (_, number) => (await helper.run(number)) as Evidence<S> })),
    ),
  );
}

/** Begin to work through parts of a run, as a helper. */
export async function beginRun({ role, asked }: Setup<Shape>): Promise<Job> {
  const { target: address, profileAsked, opened } = asked;
  return withSubject({ address, role, profile: profileAsked ?? undefined, ...opened }, async (subject, open) =>
    jobOf(subject, await open(), asked),
  );
}

async function jobOf<S extends Shape>(
  subject: Subject<S>,
  target: SubjectTarget<S>,
  asked: Setup<Shape>['asked'],
): Promise<Job> {
  const [due, came] = [asked.hello, target.hello].map((hello) => JSON.stringify(hello));
  if (due !== came) {
    throw new TargetError(`${target.address} is not the same when it is opened twice: first ${due}, then ${came}`);
  }
  const options: RunOptions<S> = optionsOf(subject, target, asked as Asked<S>, {});
  const campaign = await subject.prepare(askOf(subject, options));
  const worker = new Worker(subject, options, campaign);
  const parts = [...worker.parts()];
  return {
    run: async (number) => {
      const part = parts[number];
      if (part === undefined) throw new Error(`the plan has no part ${number}`);
      return worker.run(part, number);
    },
    close: () => target.close(),
  };
}
