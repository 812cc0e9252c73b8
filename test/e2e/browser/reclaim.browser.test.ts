import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";
import { useHost } from "../../support/process/host.ts";
import { startNameServer, type NameServer } from "../../support/aws/name-server.ts";
import { accessLink, openDomain } from "../../support/services/owner-commands.ts";
import { logIn, openSocket } from "../../support/process/raw-socket.ts";
import { mailsTo, register } from "../../support/services/register.ts";
import { eventually } from "../../support/process/waiting.ts";

let names: NameServer | undefined;
const host = useHost(async () => {
  names = await startNameServer();
  return { dnsServers: names.address };
});
afterAll(() => names?.stop());
const open = useBrowser();

const mail = (address: string, subject: string) =>
  eventually(async () => (await mailsTo(host(), address)).find((each) => each.subject.includes(subject)));

/** Adds to DNS the record that the page shows. */
async function publish(page: Page): Promise<void> {
  const shown = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  names?.txt.set(await shown("Name"), [await shown("Value")]);
}

const check = (page: Page) => page.getByRole("button", { name: "Check record" }).click();

const passes = async (page: Page) => expect(await flaws(page)).toEqual([]);

describe.skipIf(!browserFound)(named("getting a domain back in a browser"), () => {
  it("that is provisional needs only a DNS record, and no JavaScript", async () => {
    const [domain, owner, rival] = ["taken.example.com", "squatter@example.org", "it@rival.example"];
    const { password } = await register(host(), domain, owner);
    const { page, context } = await open(host().url, { javaScriptEnabled: false });
    await openDomain(page, host(), { domain, email: rival, path: "/push/reclaim" });
    await check(page);
    await page.getByText("The record was not found").waitFor();
    await publish(page);
    await check(page);
    await page.getByText("The domain is yours now.").waitFor();
    const fresh = await page.getByLabel("Password", { exact: true }).inputValue();
    for (const [secret, ok] of [
      [fresh, true],
      [password, false],
    ] as const) {
      const socket = await openSocket(host().wsUrl);
      expect(await logIn(socket, { account: domain, secret })).toMatchObject({ ok });
      socket.close();
    }
    expect((await mail(owner, `${domain} now belongs to someone else`)).text).toContain(rival);
    await context.close();
  });

  it("shows both names of the record and what DNS returns, and notices the record by itself", async () => {
    const [domain, rival] = ["seen.example.com", "it@seen.example"];
    await register(host(), domain, "other@example.org");
    const { page, context, complaints } = await open(host().url);
    await page.clock.install();
    await openDomain(page, host(), { domain, email: rival, path: "/push/reclaim" });
    const shown = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
    expect(await shown("Name")).toBe(`_push-challenge.${domain}`);
    expect(await shown("Name within example.com")).toBe("_push-challenge.seen");
    await page.getByText("There is no TXT record at this name.").waitFor();
    await page.getByText("This page keeps checking while it is open.").waitFor();
    await passes(page);

    names?.txt.set(await shown("Name"), ["v=spf1 -all", `<b>${"x".repeat(90)}`]);
    await page.clock.runFor(10_000);
    await page.getByText("The TXT records at this name have a different value:").waitFor();
    expect(await page.locator("#record code").allInnerTexts()).toEqual(["v=spf1 -all", `<b>${"x".repeat(77)}…`]);
    await passes(page);

    await publish(page);
    await page.clock.runFor(15_000);
    await page.getByText("The record is there, with the right value.").waitFor();
    expect(await page.getByText("This page keeps checking").isVisible()).toBe(false);
    await passes(page);
    // Finding the record changes nothing for the current owner until the button is pressed.
    await check(page);
    await page.getByText("The domain is yours now.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("stops checking by itself after a dozen times, and says so", async () => {
    const { page, context } = await open(host().url);
    await page.clock.install();
    await openDomain(page, host(), { domain: "never.example.com", email: "it@never.example", path: "/push/reclaim" });
    const seen: string[] = [];
    page.on("request", (request) => request.url().endsWith("/push/owner/look") && seen.push(request.method()));
    await page.getByText("There is no TXT record at this name.").waitFor();
    const stopped = page.getByText("This page no longer checks by itself.");
    for (let round = 0; round < 40 && !(await stopped.isVisible()); round += 1) {
      const answered = page.waitForResponse(/\/push\/owner\/look$/u, { timeout: 2_000 }).catch(() => undefined);
      await page.clock.runFor(120_000);
      await answered;
    }
    await stopped.waitFor();
    expect(seen.length).toBeLessThanOrEqual(12);
    expect(seen.length).toBeGreaterThan(8);
    await context.close();
  });

  it("that is proven emails its owner, who objects through the link; both pages show the state", async () => {
    const [domain, owner, rival] = ["claimed.example.com", "owner@claimed.example.com", "it@other.example"];
    await register(host(), domain, owner);
    const mine = await open(host().url);
    await openDomain(mine.page, host(), { domain, email: rival, path: "/push/reclaim" });
    await publish(mine.page);
    await check(mine.page);
    await mine.page.getByRole("heading", { name: `Your claim to ${domain}` }).waitFor();
    const { alarms, isOn } = host().metrics;
    const alarmsOn = () => alarms.filter(isOn).map(({ name }) => name);
    await expect.poll(alarmsOn).toContain("push-local-claim-waits"); // an operator has to decide
    await mine.page.getByText("An objection is possible until").waitFor();
    await passes(mine.page);

    await mail(owner, `Someone is claiming ${domain}`);
    const theirs = await open(host().url);
    await theirs.page.goto(await accessLink(host(), owner));
    await theirs.page.getByRole("button", { name: "Open" }).click();
    await theirs.page.getByRole("heading", { name: "Someone is claiming this domain" }).waitFor();
    await passes(theirs.page);
    expect(
      await theirs.page.locator("form").evaluateAll((forms) => forms.map((form) => form.getAttribute("action"))),
    ).toEqual(["/push/owner/object", "/push/owner/leave"]);
    await theirs.page.getByLabel("To confirm, type the domain").fill(domain);
    await theirs.page.getByRole("button", { name: "Object" }).click();
    await theirs.page.getByText("We've recorded your objection.").waitFor();
    await passes(theirs.page);
    await mail(rival, "objected to your claim");
    await mine.page.reload();
    await mine.page.getByText("Its owner objected on").waitFor();
    await mine.context.close();
    await theirs.context.close();
  });

  it("that is free leads to the Connect window", async () => {
    const { page, context } = await open(host().url);
    await openDomain(page, host(), { domain: "nobodys.example.com", email: "it@free.example", path: "/push/reclaim" });
    await publish(page);
    await check(page);
    await page.getByRole("heading", { name: "The domain is free" }).waitFor();
    await passes(page);
    await page.getByRole("link", { name: "Open the Connect window" }).click();
    await page.getByRole("heading", { name: "Connect your PBX" }).waitFor();
    await context.close();
  });

  it("that is provisional and already one's own makes it proven", async () => {
    const [domain, owner] = ["proof.example.com", "installer@example.net"];
    await register(host(), domain, owner);
    const { page, context } = await open(host().url);
    await openDomain(page, host(), { domain, email: owner });
    await page.getByText("The domain is provisional").waitFor();
    await publish(page);
    await check(page);
    await page.getByText("You have proved that the domain is yours.").waitFor();
    await mail(owner, `Control of ${domain} is proved`);
    await context.close();
  });

  it("says so if the name servers do not answer", async () => {
    const { page, context } = await open(host().url);
    await openDomain(page, host(), { domain: "silent.example.com", email: "it@silent.example", path: "/push/reclaim" });
    if (names) names.silent = true;
    await check(page);
    await page.getByText("The domain's name servers did not answer.", { exact: true }).waitFor();
    if (names) names.silent = false;
    await context.close();
  });
});
