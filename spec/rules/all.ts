/** The rules of the manager and those of the host it is part of. */
import type { HostChapterRule } from '../host/rule.js';
import type { ChapterRule } from '../rule.js';
import { findHostRule } from './host.js';
import { findRule } from './index.js';

/** The rule of an id, whatever it is about. */
export function findAnyRule(id: string): ChapterRule | HostChapterRule | undefined {
  return findRule(id) ?? findHostRule(id);
}
