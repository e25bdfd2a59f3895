/** What a report format is. */
import type { AnyReport } from '../text/describe.js';

/** What a format may need to know beside the report. */
export interface RenderOptions {
  /** Whether to write colours. Never found out here: the same report gives the same text. */
  readonly colors: boolean;
  /** The columns of the terminal; 100 when not given. */
  readonly width?: number;
  /** Where each finding was written, by its name. */
  readonly findingFiles?: ReadonlyMap<string, string>;
  /** One line for every rule, also in the chapters in which all is well. */
  readonly allRules?: boolean;
  /** When the run ended, in UTC, such as `2026-05-01T12:00:00`; for formats that want a date. Never found out here. */
  readonly when?: string;
}

/** A way to write a report down. */
export interface ReportFormat {
  /** What it is good for, in a few words. */
  readonly summary: string;
  readonly render: (report: AnyReport, options: RenderOptions) => string;
  /** A text that some CI takes beside it: the CI names a file in this variable, and the text is added to its end. */
  readonly beside?: { readonly variable: string; readonly render: ReportFormat['render'] };
}
