/** What a run covers of a manager before it goes on at random: the suites that are derived from the model. */
import type { Ask, Campaign, Plan, Planned, Suite } from '../subject/subject.js';
import type { Suite as ModelSuite } from '../suites/suites.js';
import { makeSuites } from '../suites/suites.js';
import { Certification, NOT_ASKED } from './certificate.js';
import { askNullToken } from './null-token.js';
import type { ManagerShape } from './shape.js';

/** Plan the suites for a target. The transition tour comes first. */
export async function managerCampaign({
  target,
  profile,
  coverage,
}: Ask<ManagerShape>): Promise<Campaign<ManagerShape>> {
  const nullToken = await askNullToken(target, profile);
  const made = makeSuites(profile, new Set(target.hello.capabilities), nullToken ?? NOT_ASKED, coverage);
  const certification = new Certification(made, coverage, nullToken);
  return {
    suites: made.suites.map((suite) => noting(suite, certification)),
    exposures: () => new Map(),
    certificate: () => certification.certificate(),
  };
}

/** A suite whose programs are noted in the certificate. */
function noting(suite: ModelSuite, certification: Certification): Suite<ManagerShape> {
  return {
    name: suite.name,
    plan: (): Plan<ManagerShape> => {
      const { count, programs } = certification.begin(suite);
      return {
        count,
        programs: function* (): Iterable<Planned<ManagerShape>> {
          for (const planned of programs()) {
            yield {
              program: planned.program,
              note: (_, judgement) => {
                certification.note(suite.name, planned, judgement?.followed);
                return undefined;
              },
            };
          }
        },
      };
    },
  };
}
