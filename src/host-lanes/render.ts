/** What exploring the lanes of a host showed, for people. */
import { hostOperationText } from '../../spec/host/words.js';
import { counted, grouped } from '../text/text.js';
import type { LaneExploration, LaneFinding } from './explore.js';

const WIDTH = 46;

/** One line for each program, its findings, and what it comes to. */
export function renderLanes(explorations: readonly LaneExploration[], seconds: number): string {
  const states = explorations.reduce((sum, one) => sum + one.states, 0);
  const schedules = explorations.reduce((sum, one) => sum + one.schedules, 0);
  const wrong = explorations.reduce((sum, one) => sum + one.findings.length, 0);
  const unfinished = explorations.filter(({ complete }) => !complete).length;
  const verdict =
    wrong > 0
      ? counted(wrong, 'finding')
      : unfinished > 0
        ? `${counted(unfinished, 'program')} not explored to the end`
        : 'one order of the calls explains every end';
  return [
    ...explorations.flatMap((one) => [
      programLine(one),
      ...one.findings.flatMap((finding) => findingLines(one, finding)),
    ]),
    `${counted(explorations.length, 'program')}, ${counted(states, 'state')}, ${schedules.toPrecision(3)} schedules: ${verdict} (${seconds.toFixed(1)} s)`,
    '',
  ].join('\n');
}

function programLine({ program, complete, states, schedules }: LaneExploration): string {
  const how = complete ? '' : ', not to the end';
  return `${program.name}: ${counted(states, 'state')}, ${schedules < 1e6 ? grouped(schedules) : schedules.toPrecision(3)} schedules${how}`;
}

/** The steps, lane beside lane, with a worker behind the lanes. */
function findingLines({ program }: LaneExploration, { rules, text, moves }: LaneFinding): readonly string[] {
  const columns = [...new Set(['lane 0', 'lane 1', ...moves.map(({ task }) => task)])];
  const row = (column: number, what: string) => `    ${' '.repeat(column * WIDTH)}${what}`;
  const calls = program.lanes.flatMap((lane, at) => lane.map((one) => `    lane ${at}: ${hostOperationText(one)}`));
  return [
    `  ${rules.join(', ')}: ${text}`,
    ...calls,
    `    ${columns
      .map((column) => column.padEnd(WIDTH))
      .join('')
      .trimEnd()}`,
    ...moves.map(({ task, text: what }) => row(columns.indexOf(task), what)),
  ];
}
