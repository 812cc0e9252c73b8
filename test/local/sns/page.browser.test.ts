import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { phonesPage, phonesPageCsp } from "../../../local/sns/page.tsx";
import type { Push } from "../../../local/sns/types.ts";

const executablePath = "/usr/bin/chromium";
const found = existsSync(executablePath);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const at = 1_800_000_000_000;
const payload = {
  id: "1",
  type: "call",
  sentAt: String(at),
  ttl: "8",
  payload: JSON.stringify({ enc: "x".repeat(500) }),
};
const pushes: readonly Push[] = [
  { app: "ios-call", platform: "APNS_VOIP", token: "ab".repeat(32), ttl: 8, payload, at },
  { app: "ios-call", platform: "APNS_VOIP", token: "ab".repeat(32), ttl: 8, payload, at: at + 500 },
  { app: "ios-call", platform: "APNS_VOIP", token: "ab".repeat(32), payload: { type: "notification" }, at: at + 900 },
  { app: "android", platform: "GCM", token: "t".repeat(4000), priority: "high", payload, at },
];

describe(`phones page in a browser${found ? "" : ` (skipped: no ${executablePath})`}`, () => {
  let server: Server;
  let browser: Browser;
  let url = "";

  beforeAll(async () => {
    if (!found) return;
    server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html", "content-security-policy": phonesPageCsp("n0nce") });
      response.end(phonesPage(pushes, { nonce: "n0nce" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath, args });
  });

  afterAll(async () => {
    if (!found) return;
    await browser.close();
    server.close();
  });

  it.skipIf(!found).each([
    [360, "light"],
    [360, "dark"],
    [1200, "light"],
  ] as const)(
    "fits %d px, is styled under its CSP, opens by keyboard, and axe finds nothing (%s)",
    async (width, scheme) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(url);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.locator("details[open]").count()).toBe(1);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.phone')).borderRadius")).toBe("12px");
      await page.evaluate(axe);
      const report = await page.evaluate("axe.run()");
      const violations = (report as { violations: { id: string }[] }).violations.map((violation) => violation.id);
      expect(violations).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
