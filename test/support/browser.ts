import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

const executablePath = "/usr/bin/chromium";

/** Whether a browser is here; without one browser tests are skipped by name. */
export const browserFound = existsSync(executablePath);
export const named = (name: string): string => (browserFound ? name : `${name} (skipped: no ${executablePath})`);

const axe = browserFound ? readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8") : "";

/** A page that collects what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, among them those of the content security policy, and failed or foreign requests. */
  readonly complaints: string[];
}

/** One browser for a test file; each page has a context of its own. */
export function useBrowser(): (origin: string, options?: BrowserContextOptions) => Promise<WatchedPage> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!browserFound) return;
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (origin, options = {}) => {
    if (browser === undefined) throw new Error("no browser");
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin)) complaints.push(`foreign request: ${request.url()}`);
    });
    return { page, context, complaints };
  };
}

/** What axe-core finds wrong with a page, as `rule: element`. */
export async function axeFindings(page: Page): Promise<string[]> {
  return page.evaluate(async (source) => {
    // The page's own policy allows no inline script; an evaluation from outside is not under it.
    (0, eval)(source);
    const { axe: tool } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await tool.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, axe);
}

/** Whether the page is wider than its window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
