import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { WAIT_MS } from "./waiting.ts";

const executablePath = "/usr/bin/chromium";

/** Whether a browser is installed; otherwise browser tests are reported as skipped. */
export const browserFound = existsSync(executablePath);
export const named = (name: string): string => (browserFound ? name : `${name} (skipped: no ${executablePath})`);

const axe = browserFound ? readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8") : "";

/** A page that collects its errors. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, including those of the content security policy, and failed or foreign requests. */
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
    page.setDefaultTimeout(WAIT_MS);
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

const PHONE = 360;
/** Phone and desktop, light and dark: width in px and colour scheme. */
const LOOKS = [PHONE, 1200].flatMap((width) => (["light", "dark"] as const).map((scheme) => [width, scheme] as const));

/** Tabs to an element, as without a mouse; fails if it cannot be reached or its focus is not visible. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < 30; tabs += 1) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate((wanted) => {
      const element = document.activeElement;
      return element?.matches(wanted) ? getComputedStyle(element).outlineStyle : undefined;
    }, selector);
    if (outline !== undefined) return expect(outline, selector).not.toBe("none");
  }
  throw new Error(`${selector} is not reached by Tab`);
}

/**
 * What is wrong with a page as it stands: wider than its window in any look, or found by axe-core, as `width scheme rule:
 * element`. axe-core takes a second: it sees each width and each scheme once, a German page in the two looks in which it does
 * not see an English one, so that of width, scheme and language every pair is seen.
 */
export async function flaws(page: Page): Promise<string[]> {
  const found: string[] = [];
  const german = (await page.locator("html").getAttribute("lang")) === "de";
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    const examined = (width === PHONE) === (colorScheme === "light") ? german : !german;
    const wide = (await overflows(page)) ? ["wider than its window"] : [];
    const findings = [...wide, ...(examined ? await axeFindings(page) : [])];
    found.push(...findings.map((finding) => `${width} ${colorScheme} ${finding}`));
  }
  return found;
}

/** What axe-core finds wrong with a page, as `rule: element`. */
async function axeFindings(page: Page): Promise<string[]> {
  const present = await page.evaluate(() => "axe" in globalThis);
  // The page's policy allows no inline script, but does not apply to evaluation from outside.
  if (!present) await page.evaluate((source) => void (0, eval)(source), axe);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await tool.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

/** Whether the page is wider than its window. */
const overflows = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
