/** Which of several rules that a trace breaks tells most about it. */

/** From special to general: a rule further up says more about a defect than one further down. */
const FROM_SPECIAL_TO_GENERAL: readonly string[] = [
  ...['TOKEN-7', 'LIFE-2', 'LIFE-4', 'LIFE-3', 'LIFE-1', 'FAIL-7', 'LIFE-7', 'LIFE-5', 'LIFE-6'],
  ...['FAIL-4', 'FAIL-6', 'FAIL-5', 'TOKEN-5', 'TOKEN-4', 'TOKEN-6', 'TOKEN-9', 'TOKEN-1', 'TOKEN-3', 'CALL-7'],
  ...['PAIR-3', 'CALL-6', 'CALL-5', 'BAL-1', 'FAIL-1', 'FAIL-2', 'FAIL-3', 'BAL-2', 'ISO-1', 'PAIR-5'],
  ...[
    'PAIR-4',
    'PAIR-1',
    'PAIR-2',
    'PAIR-6',
    'TOKEN-2',
    'CALL-1',
    'CALL-2',
    'CALL-3',
    'CALL-8',
    'LIFE-9',
    'LIFE-8',
    'CALL-4',
  ],
];

/** How general a rule is: the lower the number, the more it says about what breaks it. */
export function generality(rule: string): number {
  const index = FROM_SPECIAL_TO_GENERAL.indexOf(rule);
  return index === -1 ? FROM_SPECIAL_TO_GENERAL.length : index;
}
