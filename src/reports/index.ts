/** The report formats by name, each loaded when it is asked for. A new one is a file and a line here. */
import type { ReportFormat } from './format.js';

export const formats = {
  pretty: async () => (await import('./pretty.js')).pretty,
  json: async () => (await import('./json.js')).json,
  junit: async () => (await import('./junit.js')).junit,
  html: async () => (await import('./html/index.js')).htmlReport,
  markdown: async () => (await import('./markdown.js')).markdown,
  github: async () => (await import('./github.js')).github,
  tap: async () => (await import('./tap.js')).tap,
  ktap: async () => (await import('./ktap.js')).ktap,
  sarif: async () => (await import('./sarif.js')).sarif,
} as const satisfies Readonly<Record<string, () => Promise<ReportFormat>>>;

/** The name of a report format. */
export type FormatName = keyof typeof formats;

export type { RenderOptions, ReportFormat } from './format.js';
