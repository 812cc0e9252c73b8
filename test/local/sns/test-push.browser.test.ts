import { describe, expect, it } from "vitest";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";
import { useHost } from "../../support/process/host.ts";

const host = useHost();
const open = useBrowser();

describe.skipIf(!browserFound)(named("test pushes from the page of phones"), () => {
  it("need a domain, wake a new phone and then the same one again, and show the outcome", async () => {
    const { page, context, complaints } = await open(host().url);
    await page.goto(`${host().url}/_local/phones`);
    await page.getByRole("button", { name: "Send a test push: new Android phone" }).click();
    await page.getByText("not sent: register a domain first, or add one").waitFor();

    const body = JSON.stringify({ account: "pbx.example.com" });
    const headers = { "content-type": "application/json" };
    const added = await fetch(`${host().url}/_local/admin/domains`, { method: "POST", headers, body });
    expect(added.ok).toBe(true);
    await page.getByRole("button", { name: "Send a test push: new iPhone, a call" }).click();
    await page.locator(".phone", { hasText: "ios-call" }).getByText("rings").waitFor();
    await page.getByText(/accepted after \d+ ms, and no failure was reported/u).waitFor();
    await page.locator(".phone").getByRole("button", { name: "Send a test push" }).click();
    await page.locator(".phone li").nth(1).waitFor();
    expect(await page.locator(".phone").count()).toBe(1);
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
