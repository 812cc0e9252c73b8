import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { phonesPage } from "../../../local/sns/phones/page.tsx";
import type { Push } from "../../../local/sns/types.ts";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";

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

describe.skipIf(!browserFound)(named("phones page in a browser"), () => {
  const open = useBrowser();
  let server: Server;
  let url = "";

  beforeAll(async () => {
    server = createServer((_request, response) => {
      const { html, headers } = phonesPage(pushes, { newPhones: [], last: undefined });
      response.writeHead(200, { "content-type": "text/html", ...headers });
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(() => void server.close());

  it("is styled under its CSP, opens by keyboard, and has no accessibility violation on phone or desktop", async () => {
    const { page, context, complaints } = await open(url);
    await page.goto(url);
    for (const key of ["Tab", "Tab", "Tab", "Enter"]) await page.keyboard.press(key);
    expect(await page.locator("details[open]").count()).toBe(1);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.phone')).borderRadius")).toBe("12px");
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
