// A run as a library: node library.example.js
import { run } from 'irqbypass-spec';

const report = await run({ target: 'mutant:no-roll-back' });
console.log(report.summary);
process.exitCode = report.exit;
