/** The process that walks: it is sent the plan, asks for judgements level by level, and tells how it ended. */
import { spawn } from 'node:child_process';
import { keep } from '../files/keeper.js';
import { LineSplitter } from '../targets/lines.js';
import type { ToldEnd, ToldRecord } from './told.js';

/** The walk broke off, through no fault of the implementation. */
export class WalkError extends Error {
  override readonly name = 'WalkError';
}

/** One line of the walk's. */
type Line = ToldRecord | { readonly judge: number } | ToldEnd;

/**
 * Walk to the end.
 *
 * @param plan the plan as the program reads it
 * @param judge whether the last step of a record is right, so that the walk may go on from it
 * @throws {WalkError} when the program ends before its time
 */
export async function walk(
  program: string,
  plan: string,
  judge: (record: ToldRecord) => boolean,
  onLevel: (records: number) => void = () => {},
): Promise<ToldEnd> {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'pipe'] });
  const release = keep(child.pid);
  let end: ToldEnd | undefined;
  let failure: unknown;
  let answers: string[] = [];
  let records = 0;
  let errors = '';

  const take = (line: Line): void => {
    if ('record' in line) answers.push(judge(line) ? '1' : '0');
    else if ('judge' in line) {
      records += answers.length;
      child.stdin.write(`${answers.join(' ')}\n`);
      answers = [];
      onLevel(records);
    } else end = line;
  };
  const splitter = new LineSplitter((text) => {
    if (failure !== undefined) return;
    try {
      take(JSON.parse(text) as Line);
    } catch (error) {
      failure = error;
      child.kill('SIGKILL');
    }
  });
  child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-2000);
  });
  // It may be gone before it has read everything; how it ended says more than that.
  child.stdin.on('error', () => undefined);
  child.stdin.write(plan);
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal === null ? `exit status ${code}` : `signal ${signal}`));
  });
  release();
  if (failure !== undefined) throw failure;
  if (end === undefined)
    throw new WalkError(`The walk of the states broke off (${how}): ${errors.trim() || 'no reason given'}`);
  return end;
}
