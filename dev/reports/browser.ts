/** A real browser for what is meant for one: Debian's Chromium, with a new and empty folder for its data. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { packageRoot } from '../../src/files/root.js';

/** Nothing of the browser's own goes out to the network. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the pictures go, for whoever looks at what the gate has made. */
const PICTURES = join(packageRoot, 'dist', 'pictures');

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The ways in which a page is looked at. */
export const VIEWS = [
  { name: 'desk, light', width: 1280, height: 900, scheme: 'light' },
  { name: 'desk, dark', width: 1280, height: 900, scheme: 'dark' },
  { name: 'phone, light', width: 390, height: 844, scheme: 'light' },
  { name: 'phone, dark', width: 390, height: 844, scheme: 'dark' },
] as const;

/** One of them. */
export type View = (typeof VIEWS)[number];

/** A page that is open, and what happened in it. */
export interface Seen {
  readonly page: Page;
  /** What stood on the console, what was thrown, what was asked of any server, and what opened a dialogue. */
  readonly events: readonly string[];
}

/** The browser. Close it when it is done. */
export class Browser {
  #folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-browser-'));
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  /** Open a text as a file, as somebody opens what a CI has kept. What was opened before is left: there is one window. */
  async open(html: string, { width, height, scheme }: View): Promise<Seen> {
    this.#context ??= await chromium.launchPersistentContext(join(this.#folder, 'profile'), {
      executablePath: '/usr/bin/chromium',
      args: ARGUMENTS,
    });
    const file = join(this.#folder, 'page.html');
    writeFileSync(file, html);
    this.#page ??= await this.#context.newPage();
    const page = this.#page;
    page.removeAllListeners();
    const events: string[] = [];
    page.on('console', (message) => events.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => events.push(`thrown: ${error.message}`));
    page.on('dialog', (dialog) => events.push(`dialogue: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) events.push(`request: ${request.url()}`);
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(pathToFileURL(file).href);
    return { page, events };
  }

  async close(): Promise<void> {
    await this.#context?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Keep a picture of a page, whole. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
}

/** What keeps some people from using a page, as axe sees it: the rule, and where. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
    const { violations } = await (globalThis as any).axe.run();
    return violations.flatMap(({ id, nodes }: { id: string; nodes: { target: string[]; failureSummary: string }[] }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
  });
}
