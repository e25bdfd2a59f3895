/**
 * An initramfs: a cpio archive in the format "newc", as the kernel unpacks it into its first root.
 *
 * Each entry is a header of hexadecimal numbers, the name, and the contents, each padded to four bytes; the entry
 * TRAILER!!! ends it. Nothing in it depends on the clock or on who makes it, so the same files give the same bytes.
 */

/** A file of the archive, or a folder where there are no contents. */
export interface Entry {
  /** Its path, without a slash at the start. */
  readonly path: string;
  readonly contents?: Buffer;
  readonly executable?: boolean;
}

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;
const DEVICE = 0o020600;

/** The archive of some files and folders; a folder stands before what is in it. */
export function archive(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ path, contents, executable }, index) => {
    const mode = contents === undefined ? FOLDER : executable === true ? PROGRAM : FILE;
    return entry(index + 1, path, mode, contents ?? Buffer.alloc(0));
  });
  // The kernel opens the console for its first program before that has mounted anything.
  const folder = entries.some(({ path }) => path === 'dev') ? [] : entry(entries.length + 1, 'dev', FOLDER);
  const console = entry(entries.length + 2, 'dev/console', DEVICE, Buffer.alloc(0), [5, 1]);
  return Buffer.concat([...parts, ...folder, ...console, ...entry(0, 'TRAILER!!!', 0)]);
}

function entry(
  inode: number,
  path: string,
  mode: number,
  contents: Buffer = Buffer.alloc(0),
  device: readonly [number, number] = [0, 0],
): readonly Buffer[] {
  const name = Buffer.from(`${path}\0`, 'latin1');
  const [owner, group, links, time] = [0, 0, 1, 0];
  const fields = [inode, mode, owner, group, links, time, contents.length, 0, 0, ...device, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`, 'latin1');
  return [padded(Buffer.concat([header, name])), padded(contents)];
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
