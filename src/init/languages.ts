/** The languages that `init` knows: what a project is made of, how it is built, and what its target is called. */

/** A language. */
export interface Language {
  /** Files and folders of the package that are copied, and where to. */
  readonly copies: readonly (readonly [from: string, to: string])[];
  /** The line of shell that builds the adapter; absent where nothing is to be built. */
  readonly build?: string;
  /** The address of the adapter, from its folder. */
  readonly target: string;
  /** The file that holds the stub. */
  readonly stub: string;
  /** What must be installed. */
  readonly needs: string;
  /** What a build leaves behind. */
  readonly ignored: readonly string[];
  /** Whether the project has the tool among its own packages. */
  readonly bringsTool?: boolean;
  /** Steps of a workflow that make a machine ready, as YAML. */
  readonly setup: readonly string[];
}

const HARNESSES = 'conformance/harnesses';

/** The languages by name. */
export const languages: Readonly<Record<string, Language>> = {
  python: {
    copies: [[`${HARNESSES}/python/irqbypass_adapter.py`, 'irqbypass_adapter.py']],
    target: 'exec:python3 adapter.py',
    stub: 'manager.py',
    needs: 'Python 3.7 or later',
    ignored: ['__pycache__/'],
    setup: ['- uses: actions/setup-python@v5', '  with: { python-version: 3.x }'],
  },
  rust: {
    copies: [
      [`${HARNESSES}/rust/Cargo.toml`, 'irqbypass-adapter/Cargo.toml'],
      [`${HARNESSES}/rust/src`, 'irqbypass-adapter/src'],
    ],
    build: 'cargo build --offline',
    target: 'exec:target/debug/adapter',
    stub: 'src/manager.rs',
    needs: 'Rust 1.63 or later with cargo',
    ignored: ['target/'],
    setup: [],
  },
  go: {
    copies: [[`${HARNESSES}/go/adapter.go`, 'irqbypass/adapter.go']],
    build: 'go build -o adapter .',
    target: 'exec:./adapter',
    stub: 'manager.go',
    needs: 'Go 1.19 or later',
    ignored: ['adapter'],
    setup: ['- uses: actions/setup-go@v5', '  with: { go-version: stable }'],
  },
  c: {
    copies: [
      [`${HARNESSES}/c/irqbypass_adapter.h`, 'irqbypass/irqbypass_adapter.h'],
      [`${HARNESSES}/c/irqbypass_role.h`, 'irqbypass/irqbypass_role.h'],
      [`${HARNESSES}/c/library`, 'irqbypass/library'],
    ],
    build: 'make',
    target: 'exec:./adapter',
    stub: 'manager.c',
    needs: 'gcc, make and libjansson-dev',
    ignored: ['adapter'],
    setup: ['- run: sudo apt-get install -y gcc make libjansson-dev'],
  },
  typescript: {
    copies: [],
    build: 'npm install && npm run build',
    target: 'module:./dist/manager.js',
    stub: 'manager.ts',
    needs: 'Node 20.19 or later',
    ignored: ['node_modules/', 'dist/'],
    bringsTool: true,
    setup: [],
  },
};

/** The names of the languages. */
export const languageNames: readonly string[] = Object.keys(languages);
