/**
 * The kit's programs as an arbitrary of fast-check, for those who write properties of their own:
 *
 *     import { programs } from 'irqbypass-spec/fast-check';
 *     fc.assert(fc.property(programs({ profile, capabilities }), (program) => ...));
 *
 * Values and shrinking are the kit's.
 */
import type { Random } from 'fast-check';
import { Arbitrary, Stream, Value } from 'fast-check';
import type { ProgramOptions } from '../conformance/generators/program.js';
import { generateProgram } from '../conformance/generators/program.js';
import type { Program } from '../spec/vocabulary.js';
import { simplerPrograms } from './manager/simpler.js';

/** An arbitrary of programs. */
export function programs(options: ProgramOptions): Arbitrary<Program> {
  return new ProgramArbitrary(options);
}

class ProgramArbitrary extends Arbitrary<Program> {
  constructor(readonly options: ProgramOptions) {
    super();
  }

  override generate(random: Random): Value<Program> {
    return new Value(
      generateProgram(() => random.nextInt(), this.options),
      undefined,
    );
  }

  override canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === 'object' && value !== null && 'objects' in value && 'lanes' in value;
  }

  override shrink(value: Program): Stream<Value<Program>> {
    return Stream.of(value).flatMap((program) =>
      new Stream(simplerPrograms(program)).map((simpler) => new Value(simpler, undefined)),
    );
  }
}
