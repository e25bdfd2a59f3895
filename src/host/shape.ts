/** The types that belong to a host, or to a participant on it, as a subject. */
import type { HostCertificate, HostReport } from '../../spec/formats/host-results.js';
import type { HostChapterRule } from '../../spec/host/rule.js';
import type { BackEnd, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { HostJudgement } from '../judge/host-judge.js';
import type { Shape } from '../subject/subject.js';

export interface HostShape extends Shape {
  readonly program: HostProgram;
  readonly trace: HostTrace;
  readonly rule: HostChapterRule;
  readonly judgement: HostJudgement;
  readonly coverage: HostPlan;
  readonly certificate: HostCertificate;
  readonly report: HostReport;
}

/** What a run on hosts is to cover. */
export interface HostPlan {
  /** Whether the small scope is covered completely. */
  readonly scope: boolean;
  /** The back ends to run on. */
  readonly backEnds: readonly BackEnd[];
}
