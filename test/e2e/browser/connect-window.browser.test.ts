import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";
import { iosToken, useHost } from "../../support/process/host.ts";
import { pbx } from "../../support/programs/pbx-command.ts";
import { linkTo } from "../../support/services/register.ts";

const host = useHost();
const open = useBrowser();

const mails = async () =>
  (await (await fetch(`${host().url}/_local/mail`)).json()) as readonly {
    readonly to: string;
    readonly subject: string;
  }[];

/** Requests an email; returns the code and the reference that the window shows. */
async function ask(page: Page, domain: string, owner: string) {
  await page.goto(`${host().url}/push/connect`);
  await page.getByLabel("System Name of the PBX").fill(domain);
  await page.getByLabel("Your email address").fill(owner);
  await page.keyboard.press("Enter");
  await page.getByLabel("Your code").waitFor();
  const code = (await page.getByLabel("Your code").textContent()) ?? "";
  const [, reference = ""] = /^Request (\w{4}) for /u.exec(await page.locator("#request-name").innerText()) ?? [];
  return { code, reference };
}

describe.skipIf(!browserFound)(named("two Connect windows for one domain"), () => {
  it("can be told apart, and an old email's page rejects a new request's code", async () => {
    const [domain, owner] = ["twice.example.com", "twice@example.com"];
    const { page: first, context } = await open(host().url);
    const old = await ask(first, domain, owner);
    const oldLink = await linkTo(host(), owner);
    const second = await context.newPage();
    const recent = await ask(second, domain, owner);
    const recentLink = await linkTo(host(), owner, 2);
    expect(recent.reference).not.toBe(old.reference);
    for (const [window, { reference }] of [
      [first, old],
      [second, recent],
    ] as const)
      expect(await window.title()).toBe(`${reference} ${domain} – Connect your PBX – Push service`);
    const subjects = (await mails()).filter(({ to }) => to === owner).map(({ subject }) => subject);
    expect(subjects).toEqual([old, recent].map(({ reference }) => `Confirm ${domain} (request ${reference})`));

    const mail = await context.newPage();
    await mail.goto(oldLink);
    await mail.getByLabel("Code from your Connect window").fill(recent.code);
    await mail.keyboard.press("Enter");
    const alert = mail.getByRole("alert");
    await alert.filter({ hasText: `That is the code of a newer request, ${recent.reference}.` }).waitFor();
    await first.getByRole("button", { name: "Start again" }).click();
    await first.getByRole("heading", { name: "Connect your PBX" }).waitFor();
    await expect.poll(async () => (await fetch(oldLink)).status).toBe(410);
    await mail.goto(oldLink);
    await mail.getByText(`There is a newer request for this domain, ${recent.reference}`).waitFor();
    expect(await first.title()).toBe("Connect your PBX – Push service");
    await mail.goto(recentLink);
    await mail.getByLabel("Code from your Connect window").fill(recent.code);
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();
    await second.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    await context.close();
  });
});

describe.skipIf(!browserFound)(named("the Connect window in unusual cases"), () => {
  const DOMAIN = "told.example.com";
  const TICKET = { ticket: "t", code: "123456", reference: "K7Q2", domain: DOMAIN, email: "a@example.com", until: 0 };

  /** A reloaded window that holds a ticket in the given state. */
  async function holding(answer: object, copied = true) {
    const opened = await open(host().url);
    const { page } = opened;
    const state = { answer };
    await page.route("**/push/register", (route) =>
      route.fulfill(route.request().method() === "GET" ? { json: state.answer } : { status: 204 }),
    );
    await page.goto(`${host().url}/push/connect`);
    const ticket = JSON.stringify({ ...TICKET, ...(copied && { copied }) });
    await page.evaluate((kept) => sessionStorage.setItem("push-registration", kept), ticket);
    await page.reload();
    return { ...opened, state };
  }

  it("says nothing about a first push if no recent posts are kept", async () => {
    const { page, context } = await holding({ state: "watching", domain: DOMAIN, connected: true });
    await page.getByText("This service keeps no list of pushes").waitFor();
    expect(await page.locator(".ticks li:visible").allTextContents()).toEqual([
      "Domain registered",
      "URL and password copied",
      "PBX connected",
    ]);
    expect(await page.getByText("Is your PBX still not connected?").isVisible()).toBe(false);
    expect(await flaws(page)).toEqual([]);
    await context.close();
  });

  it("says after the hour that it no longer follows the PBX, and only what it knows", async () => {
    const { page, context } = await holding({ state: "expired", domain: DOMAIN });
    await page.getByText("The hour is over").waitFor();
    await page.locator("#finished").getByText(DOMAIN).waitFor();
    expect(await page.locator(".ticks li:visible").allTextContents()).toEqual([
      "Domain registered",
      "URL and password copied",
    ]);
    expect(await page.getByText("For an hour this window shows").isVisible()).toBe(false);
    expect(await flaws(page)).toEqual([]);
    await context.close();
  });

  it("says that the password is no longer valid once it has ended", async () => {
    const { page, context, state } = await holding({ state: "watching", domain: DOMAIN, connected: true, posts: [] });
    await page.locator("[data-tick=connected].done").waitFor();
    state.answer = { state: "expired", reason: "lost" };
    await page.getByRole("heading", { name: "This password is no longer valid" }).waitFor();
    expect(await page.getByRole("heading", { name: "All set" }).isVisible()).toBe(false);
    expect(await flaws(page)).toEqual([]);
    await context.close();
  });

  it.each([
    ["taken", "This domain is taken", "someone else registered this domain"],
    ["time", "This registration has expired", "not used in time"],
    ["codes", "This registration has expired", "entered too often"],
    ["ended", "This registration has expired", "cancelled"],
  ])("says why the registration failed: %s", async (reason, title, text) => {
    const { page, context } = await holding({ state: "expired", reason }, false);
    await page.getByRole("heading", { name: title }).waitFor();
    expect(await page.locator("main section:visible p:visible").allTextContents()).toContainEqual(
      expect.stringContaining(text),
    );
    expect(await page.locator("#expired [data-reason]:visible").count()).toBe(reason === "taken" ? 0 : 1);
    expect(await flaws(page)).toEqual([]);
    await page.getByRole("button", { name: "Start again" }).click();
    await page.getByRole("heading", { name: "Connect your PBX" }).waitFor();
    await context.close();
  });

  it("forgets the password again if the first answer to that was lost", async () => {
    const confirmed = { state: "confirmed", domain: DOMAIN, url: "https://push.example.com/push/ws", password: "p" };
    const { page, context } = await holding(confirmed);
    const ended = page.waitForRequest((request) => request.method() === "DELETE");
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await ended;
    expect(await page.getByRole("heading", { name: "All set" }).isVisible()).toBe(true);
    expect(await page.locator("#password").inputValue()).toBe("");
    await context.close();
  });
});

describe.skipIf(!browserFound)(named("the Connect window after the password"), () => {
  it("ticks off registration, password, PBX and first push, and shows good and bad pushes, without a reload", async () => {
    const [domain, owner] = ["arrive.example.com", "arrive@example.com"];
    const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
    const { page, context, complaints } = await open(host().url, clipboard);
    const { code } = await ask(page, domain, owner);
    const mail = await context.newPage();
    await mail.goto(await linkTo(host(), owner));
    await mail.getByLabel("Code from your Connect window").fill(code);
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();
    await mail.close();
    await page.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    const secret = await page.locator("#password").inputValue();
    await page.getByText(`${domain} is registered.`).waitFor();
    await page.getByRole("button", { name: "Copy both" }).click();
    const both = `URL: ${host().url}/push/ws\nPassword: ${secret}`;
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(both);
    await page.getByText("There is no certificate to trust").waitFor();
    await page.getByRole("button", { name: "I have copied both" }).click();
    await page.locator("#finished").getByText(domain).waitFor();
    const ticked = () => page.locator(".ticks .done").allTextContents();
    expect(await ticked()).toEqual(["Domain registered", "URL and password copied"]);
    await page.getByText("Is your PBX still not connected?").waitFor();
    const ownersPage = page.locator("#finished").getByRole("link", { name: "Open your domain's page" });
    expect(await ownersPage.getAttribute("href")).toBe(`${host().url}/push/manage?domain=${domain}`);

    const stranger = await open(host().url);
    await stranger.page.goto(`${host().url}/push/connect`);

    const env = { PBX_SECRET: secret };
    const as = ["--account", `${domain}/master`, "--url", `${host().url}/push/ws`];
    let stop: (() => void) | undefined;
    const connected = pbx(["connect", ...as], env, (_out, interrupt) => void (stop = interrupt));
    await page.locator("[data-tick=connected].done").waitFor();
    const good = await pbx(["push", `ios-call:${iosToken("arrive")}`, "--type", "call", ...as], env);
    expect(good.code, good.err).toBe(0);
    const bad = await pbx(["push", "nobody:1234", "--type", "call", ...as], env);
    expect(bad.code).not.toBe(0);
    await page.locator("[data-tick=accepted].done").waitFor();
    expect(await ticked()).toHaveLength(4);
    await page.getByText("ios-call · accepted").waitFor();
    await page.getByText("rejected: the token names no app of this service").waitFor();
    stop?.();
    await connected;

    const text = await page.locator("main").innerText();
    for (const hidden of [secret, iosToken("arrive"), "nobody:1234"]) expect(text).not.toContain(hidden);
    const seen = await stranger.page.locator("body").innerText();
    expect(seen).not.toContain(domain);
    const bearer = { authorization: `Bearer ${"A".repeat(43)}` };
    expect((await fetch(`${host().url}/push/register`, { headers: bearer })).status).toBe(401);
    expect(complaints).toEqual([]);
    await stranger.context.close();
    await context.close();
  });
});

describe.skipIf(!browserFound)(named("the Connect window while it waits"), () => {
  it.each([
    ["en", "Your code", "The link and code expire in 30 minutes.", "The link and code expire in 1 minute."],
    ["de", "Ihr Code", "Link und Code gelten noch 30 Minuten.", "Link und Code gelten noch 1 Minute."],
  ])("says how long link and code are valid: %s", async (locale, code, first, last) => {
    const { page, context, complaints } = await open(host().url, { locale });
    await page.goto(`${host().url}/push/connect`);
    await page.locator("[name=domain]").fill(`time-left-${locale}.example.com`);
    await page.locator("[name=email]").fill(`${locale}@time-left.example.com`);
    await page.keyboard.press("Enter");
    await page.getByLabel(code).waitFor();
    await page.getByText(first).waitFor();
    await page.clock.setFixedTime(Date.now() + 29.5 * 60_000);
    await page.getByText(last).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
