/** A kernel of Debian, ready to be observed; and who it is, for reports. */
import type { Hello } from '../../spec/formats/protocol.js';
import { generationOfKernel } from '../targets/linux/kernels.js';
import { hashOfModule, ModuleFolder } from '../targets/linux/modules.js';
import { fetchKernel } from '../targets/linux/packages.js';
import { orTargetError } from '../targets/unavailable.js';
import { guestsOf } from './boot.js';
import type { Guest } from './guest.js';
import { MOST_ASKED, TIMES } from './subject.js';

/**
 * Get ready to observe Debian's kernel of a name such as `6.1` or `6.12@arm64`: a first guest, and what makes more.
 * @throws {TargetError} when it is not to be had or does not come up, with what to do
 */
export function openKernel(
  name: string,
  onProgress: (text: string) => void,
): Promise<{ readonly guest: Guest; readonly another: () => Promise<Guest>; readonly hello: Hello }> {
  return orTargetError(async () => {
    const kernel = await fetchKernel(name, onProgress);
    const { generation, profile } = await generationOfKernel(kernel);
    const another = await guestsOf(kernel, generation, onProgress);
    const guest = await another();
    const folder = await ModuleFolder.open(kernel.modules);
    const [manager] = folder.isBuiltIn('irqbypass') ? [] : await folder.withDependencies(['irqbypass']);
    const hello: Hello = {
      type: 'hello',
      protocol: 1,
      name: 'linux',
      version: kernel.version,
      language: 'c',
      profile,
      capabilities: [],
      facts: {
        release: guest.release,
        participants: guest.stage.participants,
        'made small': `in ${MOST_ASKED} programs at most, each that fails run ${TIMES} times`,
        ...(manager === undefined ? {} : { 'module sha256': hashOfModule(manager) }),
      },
    };
    return { guest, another, hello };
  });
}
