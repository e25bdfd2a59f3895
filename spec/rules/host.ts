/** All rules about a host, in the order of reading. */
import type { HostChapter, HostChapterRule, HostRule } from '../host/rule.js';
import { inChapters } from '../rule.js';
import { consumer } from './consumer.js';
import { delivery } from './delivery.js';
import { modules } from './modules.js';
import { producer } from './producer.js';
import { safety } from './safety.js';

const chapters: Readonly<Record<HostChapter, readonly HostRule[]>> = {
  producer,
  consumer,
  delivery,
  modules,
  safety,
};

/** Every rule about a host with its chapter. */
export const hostRules: readonly HostChapterRule[] = inChapters(chapters);

/** The rule about a host of an id, whatever its case. */
export function findHostRule(id: string): HostChapterRule | undefined {
  return hostRules.find((rule) => rule.id === id.toUpperCase());
}
