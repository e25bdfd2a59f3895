import { describe, expect, it } from 'vitest';
import { TargetUnavailable } from '../unavailable.js';
import { detectManager } from './detect.js';

/** A header of lists, in outline. */
const LISTS_HEADER = `
struct irq_bypass_producer { struct list_head node; void *token; int irq; };
int irq_bypass_register_producer(struct irq_bypass_producer *);
`;

/** A header of 6.17, in outline. */
const XARRAY_HEADER = `
struct irq_bypass_producer { struct eventfd_ctx *eventfd; int irq; };
int irq_bypass_register_producer(struct irq_bypass_producer *producer,
				 struct eventfd_ctx *eventfd, int irq);
`;

const STARTS = '\tstart_them:\n\tprod->start(prod);\n';

function source(parts: { readonly refuses?: string; readonly connect?: string }): string {
  return `
static int __connect(struct irq_bypass_producer *prod, struct irq_bypass_consumer *cons)
{
${parts.connect ?? '\tprod->start(prod);'}
}

/* irq_bypass_register_producer() { if (!producer->token) in a comment is nothing } */
int irq_bypass_register_producer(struct irq_bypass_producer *producer)
{
${parts.refuses ?? ''}
}
`;
}

const NULL_REFUSED = '\tif (!producer->token)\n\t\treturn -22;';

describe('the version of a manager is told from its text', () => {
  it('takes a token that is an eventfd argument for Linux 6.17', () => {
    const text =
      'int irq_bypass_register_producer(struct irq_bypass_producer *p, struct eventfd_ctx *e, int irq)\n{\n}\n';
    expect(detectManager(text, XARRAY_HEADER)).toMatchObject({
      generation: 'token-as-argument',
      profile: 'linux-6.17',
    });
  });

  it('takes a manager that does not refuse a null token for Linux 4.4', () => {
    expect(detectManager(source({}), LISTS_HEADER)).toMatchObject({
      generation: 'token-in-object',
      profile: 'linux-4.4',
    });
  });

  it('takes one that refuses a null token for Linux 4.7', () => {
    expect(detectManager(source({ refuses: NULL_REFUSED }), LISTS_HEADER)).toMatchObject({
      profile: 'linux-4.7',
      reasons: ['the token is a field of the object', 'a null token is refused', 'start follows a failed connect'],
    });
  });

  it('takes one that jumps over start for Linux 5.9', () => {
    const connect = '\tif (ret)\n\t\tgoto failed;\n\tprod->start(prod);\nfailed:\n\treturn ret;';
    expect(detectManager(source({ refuses: NULL_REFUSED, connect }), LISTS_HEADER).profile).toBe('linux-5.9');
  });

  it('does not take one that jumps to start for Linux 5.9', () => {
    const connect = `\tif (ret)\n\t\tgoto start_them;\n${STARTS}`;
    expect(detectManager(source({ refuses: NULL_REFUSED, connect }), LISTS_HEADER).profile).toBe('linux-4.7');
  });

  it("takes one that demands the producer's callbacks for the revision before the merge", () => {
    const refuses = '\tif (!producer->add_consumer || !producer->del_consumer)\n\t\treturn -22;';
    expect(detectManager(source({ refuses }), LISTS_HEADER).profile).toBe('premerge-2015');
  });

  it('teaches what it needs when the source is something else', () => {
    expect(() => detectManager('int main(void)\n{\n}\n', LISTS_HEADER)).toThrow(TargetUnavailable);
    expect(() => detectManager('int main(void)\n{\n}\n', LISTS_HEADER)).toThrow(
      /virt\/lib\/irqbypass\.c of a kernel tree/,
    );
  });

  it('names both generations when the header is of neither', () => {
    expect(() => detectManager(source({}), 'struct irq_bypass_producer;')).toThrow(
      /Linux 4\.4 to 6\.16.*Linux 6\.17 and later/,
    );
  });
});
