/** The types that belong to a manager as a subject. */
import type { Certificate, Report } from '../../spec/formats/results.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import type { Judgement } from '../judge/judge.js';
import type { Shape } from '../subject/subject.js';
import type { Coverage } from '../suites/suites.js';

export interface ManagerShape extends Shape {
  readonly program: Program;
  readonly trace: Trace;
  readonly rule: ChapterRule;
  readonly judgement: Judgement;
  readonly coverage: Coverage;
  readonly certificate: Certificate;
  readonly report: Report;
}
