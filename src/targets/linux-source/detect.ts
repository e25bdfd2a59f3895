/**
 * Which version of the manager a tree holds, by what it does. Kernel releases are no guide: vendors carry old managers
 * in new kernels and backport new ones to old. Nor is the source: the same can be written in many ways.
 *
 *     caller that compiles (caller.ts) ──> generation ─┐
 *     questions (questions.ts) ──> answers ────────────┴──> the profile that agrees with most answers
 */
import type { Generation, Profile, ProfileName, Refusal } from '../../../spec/profile.js';
import { core } from '../../../spec/profiles/core.js';
import { profiles } from '../../../spec/profiles/index.js';
import { linux47 } from '../../../spec/profiles/linux-4.7.js';
import { linux59 } from '../../../spec/profiles/linux-5.9.js';
import { ENOMEM } from '../../../spec/vocabulary.js';
import { type Caller, callerText, generationOfCaller } from './caller.js';
import type { Answer, Answers } from './questions.js';

/** What a tree's manager is, and why it is taken for that. */
export interface Detected {
  readonly generation: Generation;
  readonly profile: ProfileName;
  /** Whether registering allocates each time and needs what it asks for, so that it can be made to fail. */
  readonly allocates: boolean;
  /** What decided, for the target's hello. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Tells what a manager is by the way in which it is called and by its answers. */
export function detectManager(caller: Caller, answers: Answers): Detected {
  const generation = generationOfCaller(caller);
  const profile = profileOf(generation, answers);
  return {
    generation,
    profile: profile.name,
    allocates: answers.allocates === 'always' && answers.pairsWithoutMemory !== true,
    facts: {
      generation,
      'caller:': callerText(caller),
      'profile:': answersText(answers),
      'memory:': memoryText(answers),
    },
  };
}

/** The profile of a generation that agrees with most answers; of several the newest, so that what is missing is seen. */
function profileOf(generation: Generation, answers: Answers): Profile {
  const candidates = profiles.filter(
    (one) => one.generation === generation && one.fallible && one.name !== linux59.name,
  );
  const best = candidates.reduce((a, b) => (agreement(b, answers) >= agreement(a, answers) ? b : a));
  // The versions that are known bad mean to choose as those before and after them; they are told by both their faults.
  const isBad = !answers.startsAfterFailure && answers.deletesAfterSuccess;
  const told = best.name === linux47.name && isBad ? linux59 : best;
  // A lack of memory goes before other reasons: only the profile that leaves their order open allows that.
  return told.ordered && answers.starvedDuplicate === ENOMEM ? core : told;
}

/** How many answers are as the profile says. */
function agreement(profile: Profile, { nullToken, duplicate, again, bareProducer }: Answers): number {
  const agrees = (refusal: Refusal) => (answer: Answer) => isAllowed(profile, refusal, answer);
  const bare =
    profile.mandatory.producer.length > 0 ? isAllowed(profile, 'missing-callback', bareProducer) : bareProducer === 0;
  return [
    ...nullToken.map(agrees('null-token')),
    ...duplicate.map(agrees('duplicate-token')),
    ...again.map(agrees('registered')),
    bare,
  ].filter((agreed) => agreed).length;
}

function isAllowed(profile: Profile, refusal: Refusal, answer: Answer): boolean {
  const choice = profile.refusals.find((one) => one.refusal === refusal);
  if (answer === 0) return choice === undefined || choice.optional === true;
  return answer !== undefined && choice?.statuses.includes(answer) === true;
}

function answersText(answers: Answers): string {
  const { nullToken, duplicate, again, bareProducer, startsAfterFailure, deletesAfterSuccess } = answers;
  return [
    `null token ${sidesText(nullToken)}`,
    `duplicate ${sidesText(duplicate)}`,
    `registered again ${sidesText(again)}`,
    `producer without callbacks ${answerText(bareProducer)}`,
    startsAfterFailure ? 'start after a failed connection' : 'no start after a failed connection',
    ...(deletesAfterSuccess ? ['delConsumer after a connection that succeeded'] : []),
  ].join('; ');
}

function sidesText([producer, consumer]: readonly Answer[]): string {
  if (producer === consumer) return answerText(producer);
  return `${answerText(producer)} as a producer and ${answerText(consumer)} as a consumer`;
}

function answerText(answer: Answer): string {
  if (answer === undefined) return 'never returned';
  return answer === 0 ? 'accepted' : `refused with ${answer}`;
}

function memoryText({ allocates, starvedDuplicate, pairsWithoutMemory }: Answers): string {
  switch (allocates) {
    case 'never':
      return 'registering allocates nothing';
    case 'sometimes':
      return 'some registrations allocate and others do not, so none is made to fail';
    case 'always':
      if (pairsWithoutMemory === true) {
        return 'each registration allocates and does without where there is no memory, so none is made to fail';
      }
      return starvedDuplicate === ENOMEM
        ? 'each registration allocates, before it looks for other reasons to refuse'
        : 'each registration allocates';
  }
}
