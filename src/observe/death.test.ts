/** HOST-1: what a kernel reports of itself, in a sentence that two runs agree on. */
import { expect, test } from 'vitest';
import { reportIn } from './death.js';

test.each([
  [
    'an oops of Arm',
    [
      '[   12.345678] Unable to handle kernel paging request at virtual address ffff80008047fb20',
      '[   12.345680] Mem abort info:',
      '[   12.345700] pc : lpi_write_config+0x84/0x1e0',
    ],
    'Unable to handle kernel paging request, in lpi_write_config',
  ],
  [
    'a warning up to 6.16',
    [
      '4 irrelevant',
      'WARNING: CPU: 1 PID: 9 at arch/arm64/kvm/vgic/vgic-v4.c:515 kvm_vgic_v4_unset_forwarding+0xf0/0x188',
      'pc : kvm_vgic_v4_unset_forwarding+0xf0/0x188',
    ],
    'WARNING at arch/arm64/kvm/vgic/vgic-v4.c, in kvm_vgic_v4_unset_forwarding',
  ],
  [
    'an oops of x86',
    ['BUG: kernel NULL pointer dereference, address: 0000000000000008', 'RIP: 0010:vfio_msi_set_block+0x1/0x2'],
    'BUG: kernel NULL pointer dereference, in vfio_msi_set_block',
  ],
  [
    'a panic alone',
    ['[    1.0] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b'],
    'Kernel panic - not syncing: Attempted to kill init!',
  ],
])('%s', (_, lines, text) => {
  expect(reportIn(lines.join('\n'))?.text).toBe(text);
});

test('a log without a report has none', () => {
  expect(reportIn('[    0.1] vfio-pci 0000:00:10.0: enabling device\n[    0.2] eth0: link up')).toBeUndefined();
});
