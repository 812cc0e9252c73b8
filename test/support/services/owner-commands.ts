import type { Page } from "playwright-core";
import type { LocalHost } from "../../../local/host.ts";
import { mailsTo } from "./register.ts";
import { eventually } from "../process/waiting.ts";

/** The link to a domain's page in the newest email to an address, once there are `count`. */
export async function accessLink(host: LocalHost, address: string, count = 1): Promise<string> {
  return eventually(async () => {
    const texts = (await mailsTo(host, address)).map(({ text }) => text);
    const links = texts.flatMap((text) => /https?:\/\/\S+\/push\/enter\?\S+/u.exec(text)?.[0] ?? []);
    return links.length < count ? undefined : links.at(-1);
  });
}

/** Requests the link to a domain's page by the form, which works without JavaScript; returns the code that the page shows. */
export async function askForLink(
  page: Page,
  host: LocalHost,
  path: string,
  domain: string,
  email: string,
): Promise<string> {
  await page.goto(`${host.url}${path}`);
  await page.locator("#domain").fill(domain);
  await page.locator("#email").fill(email);
  await page.locator("button[type=submit]").click();
  return (await page.locator("output.code").textContent()) ?? "";
}

/** From the form through the email to the page of a domain; the n-th link to this address. */
export async function openDomain(
  page: Page,
  host: LocalHost,
  { domain, email, count = 1, path = "/push/manage" }: { domain: string; email: string; count?: number; path?: string },
): Promise<void> {
  const code = await askForLink(page, host, path, domain, email);
  await page.goto(await accessLink(host, email, count));
  await page.locator("#code").fill(code);
  await page.locator("main button[type=submit]").click();
  await page.waitForURL(/\/push\/owner/u);
}
