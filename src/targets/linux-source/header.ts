/** How callers hand the token over, as far as a header's text tells: for kernels that are not compiled here. */
import type { Generation } from '../../../spec/profile.js';

/** The generation of an `include/linux/irqbypass.h`; undefined where it is neither. */
export function generationOf(header: string): Generation | undefined {
  const declarations = header.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*$/gm, '');
  const parameters = /\birq_bypass_register_producer\s*\(([^)]*)\)/.exec(declarations)?.[1];
  if (parameters === undefined) return undefined;
  if (/,[\s\S]*,/.test(parameters)) return 'token-as-argument';
  return /\bvoid\s*\*\s*token\s*;/.test(declarations) && !parameters.includes(',') ? 'token-in-object' : undefined;
}
