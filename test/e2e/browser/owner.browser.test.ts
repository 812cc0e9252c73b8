import { describe, expect, it } from "vitest";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";
import { iosToken, useHost } from "../../support/process/host.ts";
import { accessLink, askForLink, openDomain } from "../../support/services/owner-commands.ts";
import { logIn, openSocket } from "../../support/process/raw-socket.ts";
import { mailsTo, register } from "../../support/services/register.ts";
import { eventually } from "../../support/process/waiting.ts";

const host = useHost();
const open = useBrowser();
let number = 0;
/** Separate names for every test; the owner's address is at the domain, the stranger's at none of ours. */
const names = () => {
  number += 1;
  const domain = `own${number}.example.com`;
  return { domain, owner: `owner@${domain}`, stranger: `stranger${number}@example.org` };
};

const subjects = (address: string, wanted: string) =>
  eventually(async () => (await mailsTo(host(), address)).find(({ subject }) => subject === wanted));

describe.skipIf(!browserFound)(named("the page of a domain in a browser"), () => {
  it("opens once through form, email and one button, and shows who is connected", async () => {
    const { domain, owner } = names();
    const { password } = await register(host(), domain, owner);
    const socket = await openSocket(host().wsUrl);
    await logIn(socket, { account: `${domain}/master`, secret: password });
    const { page, context, complaints } = await open(host().url);
    await openDomain(page, host(), { domain, email: owner });
    await page.getByRole("heading", { level: 1, name: domain }).waitFor();
    await page.getByRole("heading", { name: `${domain}/master` }).waitFor();
    await page.getByText("current", { exact: true }).waitFor();
    const cookies = await context.cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: "Strict" },
    ]);
    expect(complaints).toEqual([]);

    await page.goto(await accessLink(host(), owner));
    await page.getByRole("heading", { name: "This link is no longer valid" }).waitFor();
    socket.close();
    await context.close();
  });

  it("shows refused logins with their reason, and when a PBX was last active, without JavaScript", async () => {
    const { domain, owner } = names();
    const { password } = await register(host(), domain, owner);
    const socket = await openSocket(host().wsUrl);
    expect(await logIn(socket, { account: `${domain}/master`, secret: "wrong" })).toMatchObject({ ok: false });
    expect(await logIn(socket, { account: `${domain}/master`, secret: password })).toMatchObject({ ok: true });
    const { page, context, complaints } = await open(host().url, { javaScriptEnabled: false });
    await openDomain(page, host(), { domain, email: owner });
    await page.getByRole("heading", { name: "Refused logins" }).waitFor();
    await page.getByText("from 127.0.0.1: wrong password").first().waitFor();
    await page.getByText("Last seen", { exact: true }).waitFor();
    expect(await page.getByText("unknown:").count()).toBe(0);
    expect(complaints).toEqual([]);
    socket.close();
    await context.close();
  });

  it("describes good and bad pushes, tests the domain's own phone, and refuses one that another domain uses", async () => {
    const { domain, owner, stranger } = names();
    const { password } = await register(host(), domain, owner);
    const { password: others } = await register(host(), `other-${domain}`, stranger);
    const [mine, theirs] = [`mine-${domain}`, `shared-${domain}`].map((name) => iosToken(name));
    const post = async (account: string, secret: string, ...tokens: readonly (string | undefined)[]) => {
      const socket = await openSocket(host().wsUrl);
      expect(await logIn(socket, { account, secret })).toMatchObject({ ok: true });
      for (const token of tokens) {
        socket.send({ mt: "PushNotifyPost", src: "1", token, type: "notification" });
        await socket.next();
      }
      return socket;
    };
    const pbx = await post(domain, password, "nobody:1", `ios:${theirs}`, `ios:${mine}`);
    (await post(`other-${domain}`, others, `ios:${theirs}`)).close();
    const { page, context, complaints } = await open(host().url);
    await openDomain(page, host(), { domain, email: owner });
    await eventually(async () => {
      await page.reload();
      return (await page.locator("#device option").count()) === 2 ? true : undefined;
    });
    await page.getByText("2 accepted, 1 failed").waitFor();
    await page.getByText("rejected: the token names no app of this service").waitFor();
    await page.getByText("the last push was accepted").waitFor();
    expect(await flaws(page)).toEqual([]);
    const sent = () =>
      host()
        .sns.phones.list()
        .filter(({ token }) => token === mine || token === theirs).length;
    const before = sent();
    await page.locator("#device").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Send test push" }).click();
    await page.getByText("Another domain has used this phone too").waitFor();
    expect(sent()).toBe(before);
    await page.locator("#device").selectOption({ index: 0 });
    await page.getByRole("button", { name: "Send test push" }).click();
    await page.getByText("The test push was accepted").waitFor();
    expect(sent()).toBe(before + 1);
    expect(await page.content()).not.toContain(mine);
    expect(complaints).toEqual([]);
    pbx.close();
    await context.close();
  });

  it("accepts forms with only an Origin header, as Safari before 16.4 sends no other", async () => {
    const { domain, owner } = names();
    const { page, context } = await open(host().url);
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await askForLink(page, host(), "/push/manage", domain, owner);
    expect((await (await sent).allHeaders())["origin"]).toBe(host().url);
    await context.close();
  });

  it("cannot be opened by others who have the page's address", async () => {
    const { domain, owner } = names();
    await register(host(), domain, owner);
    const mine = await open(host().url);
    await openDomain(mine.page, host(), { domain, email: owner });
    const other = await open(host().url);
    await other.page.goto(mine.page.url());
    await other.page.getByRole("heading", { name: "Open a new link" }).waitFor();
    await mine.context.close();
    await other.context.close();
  });

  it("replaces the password, shows it once, keeps the old one until the owner ends it, and emails them", async () => {
    const { domain, owner } = names();
    const { password: old } = await register(host(), domain, owner);
    const { page, context, complaints } = await open(host().url, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await openDomain(page, host(), { domain, email: owner });
    await page.getByRole("button", { name: "Replace password" }).click();
    const fresh = await page.getByLabel("Password", { exact: true }).inputValue();
    expect(fresh).toMatch(/^[A-Za-z0-9]{15}$/u);
    await page.getByRole("button", { name: "Copy: Password" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(fresh);
    await subjects(owner, `New password for ${domain}`);

    const sockets = [];
    for (const secret of [old, fresh]) {
      const socket = await openSocket(host().wsUrl);
      expect(await logIn(socket, { account: domain, secret })).toMatchObject({ ok: true });
      sockets.push(socket);
    }
    await page.getByRole("link", { name: "Back to the domain" }).click();
    await page.getByText("PBXes connected with it: 1").waitFor();
    await page.getByRole("button", { name: "End old password now" }).click();
    await page.getByText("Old passwords are no longer valid.").waitFor();
    await subjects(owner, `Old passwords of ${domain} are no longer valid`);
    const late = await openSocket(host().wsUrl);
    expect(await logIn(late, { account: domain, secret: old })).toMatchObject({ ok: false });
    for (const socket of [...sockets, late]) socket.close();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("transfers the domain to another address once that confirms, and emails both", async () => {
    const { domain, owner, stranger } = names();
    await register(host(), domain, owner);
    const { page, context } = await open(host().url, { javaScriptEnabled: false });
    await openDomain(page, host(), { domain, email: owner });
    await page.getByLabel("New email address").fill(stranger);
    await page.getByRole("button", { name: "Email the new address" }).click();
    await page.getByText(`emailed ${stranger}`).waitFor();

    const other = await open(host().url, { javaScriptEnabled: false });
    await other.page.goto(await accessLink(host(), stranger));
    await other.page.getByRole("button", { name: "Open" }).click();
    await other.page.getByLabel("To confirm, type the domain").fill("test");
    await other.page.getByRole("button", { name: "Take over" }).click();
    await other.page.getByText("does not match the domain").waitFor();
    await other.page.goto(await accessLink(host(), stranger)); // an email scanner may have opened it
    await other.page.getByRole("button", { name: "Open" }).click();
    await other.page.getByLabel("To confirm, type the domain").fill(domain);
    await other.page.getByRole("button", { name: "Take over" }).click();
    await other.page.getByText("You now own the domain.").waitFor();
    expect(await other.page.getByRole("button", { name: "Replace password" }).count()).toBe(0); // the link served one purpose
    await other.page.getByRole("link", { name: "Request a link" }).click();
    await openDomain(other.page, host(), { domain, email: stranger, count: 2 });
    await other.page.getByRole("button", { name: "Replace password" }).waitFor();
    await subjects(owner, `${domain} has a new owner`);
    await subjects(stranger, `${domain} is now yours`);

    await page.reload();
    await page.getByRole("heading", { name: `Prove that ${domain} is yours` }).waitFor();
    await context.close();
    await other.context.close();
  });

  it("deletes the registration once the domain is typed, and disconnects its PBXes", async () => {
    const { domain, owner } = names();
    const { password } = await register(host(), domain, owner);
    const socket = await openSocket(host().wsUrl);
    await logIn(socket, { account: domain, secret: password });
    const { page, context } = await open(host().url);
    await openDomain(page, host(), { domain, email: owner });
    const typed = page.getByLabel("To confirm, type the domain");
    await typed.fill("something.else");
    await page.getByRole("button", { name: "Delete registration" }).click();
    await page.getByText("What you typed does not match the domain.").waitFor();
    await typed.fill(domain.toUpperCase());
    await page.getByRole("button", { name: "Delete registration" }).click();
    await page.getByRole("heading", { name: "Registration deleted" }).waitFor();
    await subjects(owner, `The registration of ${domain} was deleted`);
    const again = await openSocket(host().wsUrl);
    expect(await logIn(again, { account: domain, secret: password })).toMatchObject({ ok: false });
    for (const each of [socket, again]) each.close();
    await context.close();
  });

  it("closes when the owner leaves", async () => {
    const { domain, owner } = names();
    await register(host(), domain, owner);
    const { page, context } = await open(host().url);
    await openDomain(page, host(), { domain, email: owner });
    await page.getByRole("button", { name: "Close now" }).click();
    await page.getByRole("heading", { name: "Closed" }).waitFor();
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  it("is in German for a German browser or if chosen, as are the emails that follow", async () => {
    const { domain, owner } = names();
    await register(host(), domain, owner);
    const german = await open(host().url, { locale: "de-DE" });
    await openDomain(german.page, host(), { domain, email: owner });
    await german.page.getByRole("button", { name: "Passwort ersetzen" }).click();
    await german.page.getByRole("heading", { name: "Ihr neues Passwort" }).waitFor();
    await subjects(owner, `Ihr Link zu ${domain}`);
    await german.context.close();

    const english = await open(host().url, { locale: "en-US" });
    await english.page.goto(`${host().url}/push/manage`);
    await english.page.getByRole("link", { name: "Deutsch" }).click();
    await english.page.getByRole("heading", { name: "Domain verwalten" }).waitFor();
    await english.page.getByRole("link", { name: "zurückholen" }).click();
    await english.page.getByRole("heading", { name: "Domain zurückholen" }).waitFor();
    await english.context.close();
  });

  it.each(["de-DE", "en-US"])(
    "has no accessibility or layout violation on any page, on phone and desktop (%s)",
    async (locale) => {
      const { domain, owner, stranger } = names();
      await register(host(), domain, stranger);
      const { page, context, complaints } = await open(host().url, { locale });
      const check = async (what: string) => {
        expect(await flaws(page), what).toEqual([]);
        expect(await page.locator("html").getAttribute("lang")).toBe(locale.slice(0, 2));
      };
      for (const path of ["/push/manage", "/push/reclaim", "/push/enter", "/push/owner"]) {
        await page.goto(`${host().url}${path}`);
        await check(path);
      }
      await page.goto(`${host().url}/push/manage`);
      await page.locator("#domain").fill("nolabel");
      await page.locator("#email").fill(owner);
      await page.locator("button[type=submit]").click();
      await page.locator("#domain[aria-invalid]").waitFor();
      await check("wrong domain");
      const code = await askForLink(page, host(), "/push/manage", domain, stranger);
      await check("asked");
      await page.goto(await accessLink(host(), stranger));
      await check("enter");
      await page.locator("#code").fill("test");
      await page.locator("main button[type=submit]").click();
      await page.locator(".note.error").waitFor();
      await check("enter without a code");
      await page.locator("#code").fill(code);
      await page.locator("main button[type=submit]").click();
      await page.waitForURL(/\/push\/owner/u);
      await check("provisional");
      await page.locator("form[action*=replace] button").click();
      await check("new password");
      await page.goto(`${host().url}/push/owner?said=missing`);
      await check("owner with two passwords");
      await page.locator("form[action*=change] input[name=email]").fill(owner);
      await page.locator("form[action*=change] button").click();
      await page.locator("form[action*=cancel-change]").waitFor();
      await check("owner with a pending new address");

      await page.goto(await accessLink(host(), owner));
      await page.locator("main button[type=submit]").click();
      await page.locator("form[action*=confirm-change]").waitFor();
      await check("successor");
      await page.locator("form[action*=confirm-change] input[name=domain]").fill(domain);
      await page.locator("form[action*=confirm-change] button").click();
      await page.locator("main a[href*=manage]").waitFor();
      await check("successor whose link is used up");

      const rival = `rival-${stranger}`;
      await openDomain(page, host(), { domain, email: rival, path: "/push/reclaim" });
      await page.locator("form[action*=prove]").waitFor();
      await check("stranger");
      expect(complaints.filter((text) => !/status of (401|410|422)/u.test(text))).toEqual([]);
      await context.close();
    },
  );

  it("has no accessibility or layout violation with a PBX and refused logins, nor when suspended, deleted or left", async () => {
    const { domain, owner } = names();
    const { password } = await register(host(), domain, owner);
    const socket = await openSocket(host().wsUrl);
    await logIn(socket, { account: `${domain}/${"a-long-name-of-a-pbx".repeat(6)}`, secret: "wrong" });
    await logIn(socket, { account: `${domain}/master`, secret: password });
    const { page, context, complaints } = await open(host().url);
    const check = async (what: string) => expect(await flaws(page), what).toEqual([]);
    await openDomain(page, host(), { domain, email: owner });
    await page.getByText("Last seen", { exact: true }).waitFor();
    await check("activity");
    const operate = (verb: string) =>
      fetch(`${host().url}/_local/admin/domain/${verb}?account=${domain}`, { method: "POST" });
    expect((await operate("suspend")).status).toBe(200);
    await page.goto(`${host().url}/push/owner`);
    await page.getByText("Suspended by the operator").waitFor();
    await check("suspended");
    expect((await operate("resume")).status).toBe(200);
    await page.getByRole("button", { name: "Close now" }).click();
    await page.getByRole("heading", { name: "Closed" }).waitFor();
    await check("left");
    await openDomain(page, host(), { domain, email: owner, count: 2 });
    await page.getByLabel("To confirm, type the domain").fill(domain);
    await page.getByRole("button", { name: "Delete registration" }).click();
    await page.getByRole("heading", { name: "Registration deleted" }).waitFor();
    await check("given up");
    expect(complaints).toEqual([]);
    socket.close();
    await context.close();
  });
});
