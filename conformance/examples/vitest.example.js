// The whole suite for a manager of one's own: save it as conformance.test.js, and run vitest.
import { createReferenceManager } from 'irqbypass-spec/reference';
import { findProfile } from 'irqbypass-spec/spec';
import { conformance } from 'irqbypass-spec/vitest';

const core = findProfile('core');

conformance('my manager', (environment) => createReferenceManager(core, environment));
