/** The spec: words, rules, model, profiles, formats. Pure; imports nothing of ours. */

export * from './formats/host-results.js';
export * from './formats/protocol.js';
export * from './formats/results.js';
export * from './formats/role-protocol.js';
export * from './host/back-ends.js';
export * from './host/model.js';
export * from './host/reading/history.js';
export * from './host/roles.js';
export * from './host/rule.js';
export * from './host/vocabulary.js';
export * from './host/words.js';
export * from './manager.js';
export * from './model.js';
export * from './profile.js';
export * from './profiles/index.js';
export * from './profiles/releases.js';
export * from './reading/enact.js';
export * from './reading/follow.js';
export * from './reading/history.js';
export * from './reading/read-history.js';
export * from './reading/registrations.js';
export * from './rule.js';
export { findAnyRule } from './rules/all.js';
export { findHostRule, hostRules } from './rules/host.js';
export { findRule, rules } from './rules/index.js';
export * from './undefined.js';
export * from './vocabulary.js';
