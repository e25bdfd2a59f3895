/** The report as it is, for other tools; `spec/schemas/report.schema.json` is its schema. */
import { layOut } from '../formats/layout.js';
import type { ReportFormat } from './format.js';

export const json: ReportFormat = {
  summary: 'the whole report, for other tools',
  render: (report) => layOut(report),
};
