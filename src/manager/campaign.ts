/** What a run covers of a manager before it goes on at random: the suites that are derived from the model. */
import type { Certificate } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { parseScope } from '../explore/scope.js';
import type { Ask, Campaign, Plan, Planned, Suite } from '../subject/subject.js';
import type { Coverage, Suite as ModelSuite } from '../suites/suites.js';
import { makeSuites, runWholly } from '../suites/suites.js';
import { certificateOf, leftAt, NOT_ASKED } from './certificate.js';
import { askNullToken } from './null-token.js';
import type { ManagerShape } from './shape.js';

/** Plan the suites for a target. The transition tour comes first. */
export async function managerCampaign({
  target,
  profile,
  coverage,
}: Ask<ManagerShape>): Promise<Campaign<ManagerShape>> {
  const faults: string[] = [];
  const nullToken = await askNullToken(target, profile, (text) => faults.push(text));
  const made = makeSuites(profile, new Set(target.hello.capabilities), nullToken ?? NOT_ASKED, coverage);
  return {
    suites: made.suites.map(noting),
    certificate: (begun) => certificateOf({ suites: made, coverage, nullToken }, begun),
    faults,
  };
}

/** The certificate of a run that covered everything that the certificate of a report is about. */
export function wholeCertificate(report: ManagerShape['report'], profile: Profile): Certificate | undefined {
  const { certificate, hello } = report;
  const coverage = coverageOf(report);
  if (certificate === null || hello === null || coverage === undefined) return undefined;
  const { nullToken } = certificate;
  const suites = makeSuites(profile, new Set(hello.capabilities), nullToken ?? NOT_ASKED, coverage);
  return certificateOf({ suites, coverage, nullToken }, runWholly(suites.suites));
}

/** What the certificate of a report is about; undefined where there is none, or it names no scope. */
export function coverageOf({ certificate }: ManagerShape['report']): Coverage | undefined {
  if (certificate === null) return undefined;
  const scope = parseScope(certificate.scope);
  return scope && { scope, pairs: certificate.pairs !== null, extraStates: certificate.extraStatesAsked };
}

/** A suite whose programs are noted for the certificate. */
function noting({ name, plan }: ModelSuite): Suite<ManagerShape> {
  return {
    name,
    plan: (): Plan<ManagerShape> => {
      const { count, programs } = plan();
      return {
        count,
        programs: function* (): Iterable<Planned<ManagerShape>> {
          for (const planned of programs()) {
            yield {
              get program() {
                return planned.program;
              },
              note: (_, judgement) => {
                const short = leftAt(planned, judgement?.followed);
                return short === undefined ? undefined : { short };
              },
            };
          }
        },
      };
    },
  };
}
