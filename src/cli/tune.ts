/**
 * Tune the engine for what this tool does all day: make a program's objects, judge them, forget them.
 *
 * Imported for its effect, first. The figures were measured with Node 20.
 */
import { setFlagsFromString } from 'node:v8';

/*
 * V8 learns from the first objects of a program, while the heap is small, that such objects live long, and goes on to
 * put them where the long-lived lie; the dead there keep the living from being collected. Without that guess a run is
 * about 30 % faster (200,000 and 262,000 operations a second).
 */
setFlagsFromString('--no-allocation-site-pretenuring');

/** Bytes of bytecode after which a function is optimized; V8 takes 67,584. */
const OPTIMIZED_AFTER = 200_000;
/** The same in a run that is over in about a second. */
const OPTIMIZED_AFTER_SHORT = 600_000;
/** The same in the first second where the processors are shared. */
const OPTIMIZED_AFTER_CROWDED = 800_000;
const FIRST_SECOND = 1_000;

/*
 * With three times as many bytes as V8 takes, a run of half a second is 10 to 20 % shorter: little is optimized that is
 * not used again. A run of five seconds takes the same time.
 */
optimizeAfter(OPTIMIZED_AFTER);

/*
 * V8 optimizes beside the run, on another processor. That processor has other work where many commands run side by side,
 * as in the gate, which says so: a run of half a second then takes a quarter less of both, and on a quiet machine it
 * would be a tenth longer. What runs for longer is optimized as ever.
 */
const isCrowded = process.env.IRQBYPASS_SPEC_CROWDED !== undefined;
if (isCrowded) {
  optimizeAfter(OPTIMIZED_AFTER_CROWDED);
  setTimeout(() => optimizeAfter(OPTIMIZED_AFTER), FIRST_SECOND).unref();
}

/**
 * Say that what follows is over in about a second. The smoke tier on a manager then takes a fifth less of the processors, and
 * is over no later; the next tier, of three seconds, would take a tenth more.
 */
export function expectLittle(): void {
  if (!isCrowded) optimizeAfter(OPTIMIZED_AFTER_SHORT);
}

function optimizeAfter(bytes: number): void {
  setFlagsFromString(`--interrupt-budget=${bytes}`);
}
