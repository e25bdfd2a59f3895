/** The spec: words, rules, model, profiles, formats. Pure; imports nothing of ours. */
export * from './enact.js';
export * from './follow.js';
export * from './history.js';
export * from './host/vocabulary.js';
export * from './manager.js';
export * from './model.js';
export * from './profile.js';
export * from './profiles/index.js';
export * from './protocol.js';
export * from './registrations.js';
export * from './results.js';
export * from './rule.js';
export { findRule, rules } from './rules/index.js';
export * from './undefined.js';
export * from './vocabulary.js';
