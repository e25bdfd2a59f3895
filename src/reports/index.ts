/** The report formats by name. A new one is a file and a line here. */
import type { ReportFormat } from './format.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { pretty } from './pretty.js';

export const formats = { pretty, json, junit } as const satisfies Readonly<Record<string, ReportFormat>>;

/** The name of a report format. */
export type FormatName = keyof typeof formats;

export type { RenderOptions, ReportFormat } from './format.js';
