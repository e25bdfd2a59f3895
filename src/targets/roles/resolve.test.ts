import { expect, test } from 'vitest';
import { openHostTarget } from './resolve.js';

test('a program that is no participant is told what was expected of it', async () => {
  await expect(openHostTarget('exec:/bin/cat', 'producer', undefined)).rejects.toThrow(
    /gave a wrong answer: .*"capabilities":\["producer"\]/,
  );
  await expect(openHostTarget('exec:/nonexistent/driver', 'producer', undefined)).rejects.toThrow(
    /could not be started: spawn .* ENOENT\. Give a program/,
  );
  await expect(openHostTarget('exec:/bin/cat', 'host', undefined)).rejects.toThrow(
    /--role producer or --role consumer/,
  );
});
