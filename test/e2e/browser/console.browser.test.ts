import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { readableName } from "../../../lambdas/core/domains/lists.ts";
import { startNameServer, type NameServer } from "../../support/aws/name-server.ts";
import { browserFound, flaws, named, tabTo, useBrowser } from "../../support/process/browser.ts";
import { addAccount, iosToken, useHost } from "../../support/process/host.ts";
import { logIn, openSocket } from "../../support/process/raw-socket.ts";
import { openDomain } from "../../support/services/owner-commands.ts";
import { register } from "../../support/services/register.ts";

let names: NameServer | undefined;
const host = useHost(async () => {
  names = await startNameServer();
  return { dnsServers: names.address };
});
afterAll(() => names?.stop());
const open = useBrowser();

async function signIn(page: Page, person: string): Promise<void> {
  await page.goto(`${host().url}/push/admin`);
  await page.getByRole("link", { name: /^(Sign in|Anmelden)$/u }).click();
  await page.getByRole("button", { name: person }).click();
  await page.waitForURL(`${host().url}/push/admin`);
}
/** Opens the fold that contains an action, and does it. */
async function act(page: Page, name: string, fill?: (fold: ReturnType<Page["locator"]>) => Promise<void>) {
  const fold = page
    .locator("details.action")
    .filter({ has: page.locator("summary", { hasText: new RegExp(`^${name}$`, "u") }) });
  await fold.locator("summary").click();
  await fill?.(fold);
  await fold.getByRole("button").click();
}
const to = (page: Page, account: string) =>
  page.goto(`${host().url}/push/admin/domain?account=${encodeURIComponent(account)}`);

/** Someone else claims a domain by DNS. */
async function claim(domain: string, rival: string): Promise<void> {
  const { page, context } = await open(host().url);
  await openDomain(page, host(), { domain, email: rival, path: "/push/reclaim" });
  const shown = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  names?.txt.set(await shown("Name"), [await shown("Value")]);
  await page.getByRole("button", { name: "Check record" }).click();
  await page.getByRole("heading", { name: `Your claim to ${readableName(domain)}` }).waitFor();
  await context.close();
}

describe.skipIf(!browserFound)(named("the console in a browser"), () => {
  it.each([true, false])("lets an operator do a day's work (JavaScript: %s)", async (javaScriptEnabled) => {
    const domain = `work-${String(javaScriptEnabled)}.example.com`;
    const rival = `it@rival-${String(javaScriptEnabled)}.example`;
    const { page, context, complaints } = await open(host().url, { javaScriptEnabled });
    await signIn(page, "Oscar Operator");
    const session = (await context.cookies()).find(({ name }) => name === "push-admin");
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Strict" });

    await page.getByRole("link", { name: "Add a domain" }).click();
    await page.getByLabel("Domain or account").fill(domain);
    await page.getByLabel("Owner's email address").fill(`owner@${domain}`);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("heading", { name: `${domain} has been added` }).waitFor();
    const secret = await page.getByLabel("Password", { exact: true }).inputValue();
    const socket = await openSocket(host().wsUrl);
    expect(await logIn(socket, { account: domain, secret })).toMatchObject({ ok: true });
    await page.getByRole("link", { name: "Back to the domain" }).click();
    await page.getByRole("heading", { name: "Connected PBXes (1)" }).waitFor();
    expect(await page.content()).not.toContain(secret);

    await act(page, "Suspend");
    await page.getByText("Suspended.").waitFor();
    await socket.closed;
    await act(page, "Resume");
    await page.getByText("Active again.").waitFor();

    await claim(domain, rival);
    await page.getByRole("link", { name: "Claims" }).click();
    await page.getByRole("link", { name: domain, exact: true }).click();
    await page.getByText("found, with the right value").waitFor();
    await act(page, "Grant the claim");
    await page.getByText("the owner can still object").waitFor();
    await act(page, "Object to the claim");
    await page.getByText("The objection is recorded.").waitFor();
    await act(page, "Grant the claim");
    await page.getByText("The claim is granted.").waitFor();

    await act(page, "Transfer", (fold) => fold.getByLabel("Email address of the new owner").fill("new@example.org"));
    await page.getByText("Transferred to its new owner.").waitFor();
    await page
      .getByText(`transferred by operator Oscar Operator (oscar-operator): ${rival} → new@example.org`)
      .waitFor();

    await act(page, "Delete", (fold) => fold.getByLabel("To confirm, type the name").fill("another.example"));
    await page.getByText("what you typed does not match").waitFor();
    await act(page, "Delete", (fold) => fold.getByLabel("To confirm, type the name").fill(domain));
    await page.getByText("Deleted.").waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out here too" }).click();
    await page.waitForURL(`${host().url}/push/admin/signed-out`);
    await context.addCookies([session!]); // like a thief who copied it earlier
    await page.goto(`${host().url}/push/admin`);
    await page.getByRole("heading", { name: "Sign in to Push Admin" }).waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Oscar Operator" }).waitFor(); // the provider asks for a sign-in again
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    await context.close();
  });

  it("lets support read and test, and shows them no action that they may not use", async () => {
    const domain = "support.example.com";
    await addAccount(host(), domain);
    const { page, context, complaints } = await open(host().url);
    await signIn(page, "Susan Support");
    expect(await page.getByRole("link", { name: "Add a domain" }).count()).toBe(0);
    await page.getByRole("searchbox").fill("supp");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: domain }).click();
    expect(await page.locator("details.action summary").allInnerTexts()).toEqual(["Resend emails", "Test push"]);
    await act(page, "Test push", (fold) => fold.getByLabel("Push token").fill(`ios:${iosToken("console")}`));
    await page.getByText("Accepted by SNS").waitFor();
    await page.getByText("test push by operator Susan Support (susan-support)").waitFor();
    await page.goto(`${host().url}/push/admin/add`);
    await page.getByText("Your role (support) does not allow this.").waitFor();
    expect(complaints.filter((text) => !/40[13]/u.test(text))).toEqual([]);
    await context.close();
  });

  it("can be used by keyboard alone, from sign-in to a suspended domain to sign-out", async () => {
    const domain = "keyboard.example.com";
    await addAccount(host(), domain);
    const { page, context } = await open(host().url);
    const press = async (selector: string, key = "Enter") => {
      await tabTo(page, selector);
      await page.keyboard.press(key);
    };
    await page.goto(`${host().url}/push/admin`);
    await press("main a");
    await page.getByRole("button", { name: "Oscar Operator" }).waitFor();
    await press("button[value=oscar-operator]", "Space");
    await page.getByRole("heading", { name: "Domains" }).waitFor();
    await tabTo(page, "[type=search]");
    await page.keyboard.type("keyb");
    await page.keyboard.press("Enter");
    await page.waitForURL(/keyb/u);
    await press(`a[href*="account=${domain}"]`);
    await page.getByRole("heading", { name: domain }).waitFor();
    await press("details.action summary");
    await press("details.action[open] button", "Space");
    await page.getByText("Suspended.").waitFor();
    await press(".person button", "Space");
    await page.getByRole("button", { name: "Sign out here too" }).waitFor();
    await context.close();
  });

  it("refuses a form from another origin, and shows nothing on going back after sign-out", async () => {
    const domain = "attacked.example.com";
    await addAccount(host(), domain);
    const { page, context } = await open(host().url);
    await signIn(page, "Oscar Operator");
    await to(page, domain);
    const stolen = (await page.locator("input[name=form]").first().getAttribute("value")) ?? "";
    expect(stolen).not.toBe("");
    // Another port of the same machine is the same site, so the browser sends the Strict cookie.
    const other = createServer((_, answer) => {
      answer.setHeader("content-type", "text/html");
      answer.end(`<form method="post" action="${host().url}/push/admin/domain/delete"><button>Win</button>
        ${Object.entries({ account: domain, typed: domain, form: stolen })
          .map(([name, value]) => `<input name="${name}" value="${value}">`)
          .join("")}</form>`);
    });
    await once(other.listen(0, "127.0.0.1"), "listening");
    const thief = await context.newPage();
    await thief.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const [answer] = await Promise.all([
      thief.waitForResponse((each) => each.url().endsWith("/domain/delete")),
      thief.getByRole("button").click(),
    ]);
    expect(answer.status()).toBe(403);
    other.close();
    await thief.close();
    await page.reload();
    await page.getByRole("heading", { name: domain }).waitFor();

    await page.locator(".person button").click();
    await page.getByRole("button", { name: "Sign out here too" }).click();
    await page.waitForURL(/signed-out/u);
    for (let back = 0; back < 5; back += 1) {
      await page.goBack().catch(() => undefined);
      expect(await page.content()).not.toContain(domain);
    }
    await context.close();
  });

  it("gives anyone not signed in the same answer at every address, headers included", async () => {
    const asked = async (path: string, method: string, cookie: string) => {
      const answer = await fetch(`${host().url}/push/admin${path}`, { method, headers: { cookie } });
      const headers = [...answer.headers].filter(([name]) => name !== "date" && name !== "apigw-requestid");
      return { status: answer.status, headers, body: await answer.text() };
    };
    const first = await asked("", "GET", "");
    expect(first).toMatchObject({ status: 401, body: expect.stringContaining("Sign in to Push Admin") as string });
    for (const path of ["", "/domain?account=x", "/claims", "/apps/lift", "/domain/delete", "/sign-out", "/a/b"])
      for (const [method, cookie] of [
        ["GET", `push-admin=${"A".repeat(43)}`],
        ["POST", ""],
        ["PUT", "push-admin=x"],
      ] as const)
        expect(await asked(path, method, cookie), `${method} ${path}`).toEqual(first);
  });

  it("refuses a person without a group, and a browser that started no sign-in", async () => {
    const { page, context } = await open(host().url);
    await page.goto(`${host().url}/push/admin/sign-in`);
    await page.getByRole("button", { name: "Nina Nobody" }).click();
    await page.getByText("none of your groups may use Push Admin").waitFor();
    await page.goto(`${host().url}/push/admin/callback?code=x&state=y`);
    await page.getByText("This sign-in is no longer valid").waitFor();
    await context.close();
  });

  it.each(["de-DE", "en-US"])(
    "has no accessibility or layout violation on any page, on phone and desktop (%s)",
    async (locale) => {
      const domain = `xn--mnchen-3ya.${locale.toLowerCase()}.example`;
      const owner = `owner@${domain}`;
      const { password } = await register(host(), domain, owner);
      const socket = await openSocket(host().wsUrl);
      await logIn(socket, { account: `${domain}/${"a-long-name-of-a-pbx".repeat(6)}`, secret: "wrong" });
      await logIn(socket, { account: `${domain}/master`, secret: password });
      await claim(domain, `it@rival.${locale.toLowerCase()}.example`);
      const { page, context, complaints } = await open(host().url, { locale });
      const check = async (what: string) => {
        expect(await flaws(page), what).toEqual([]);
        expect(await page.locator("html").getAttribute("lang")).toBe(locale.slice(0, 2));
      };
      for (const path of ["", "/signed-out", "/callback"]) {
        await page.goto(`${host().url}/push/admin${path}`);
        await check(`without a session: ${path}`);
      }
      await signIn(page, "Oscar Operator");
      await check("list");
      for (const path of [
        "?list=connected",
        "?search=m%C3%BCn",
        "?search=nothing",
        "/add",
        "/claims",
        "/suppressed",
        "/apps",
        "/nothing",
      ]) {
        await page.goto(`${host().url}/push/admin${path}`);
        await check(path);
      }
      await to(page, domain);
      for (const fold of await page.locator("details.action summary").all()) await fold.click();
      await check("domain");
      await page.goto(`${page.url()}&activity=yes&record=yes&history=500&said=unproven`);
      await check("domain with everything");
      await to(page, `gone.${domain}`);
      await check("gone");
      await page.goto(`${host().url}/push/admin/add`);
      await page.locator("#account").fill("a");
      await page.locator("#owner").fill("nobody");
      await page.locator("main button[type=submit]").click();
      await page.locator("#owner[aria-invalid]").waitFor();
      await check("wrong address");
      await page.locator(".person button").click();
      await page.getByRole("button", { name: "Sign out here too" }).click();
      await page.waitForURL(/signed-out/u);
      await check("signed out");
      expect(complaints.filter((text) => !/status of (400|401|404|422)/u.test(text))).toEqual([]);
      socket.close();
      await context.close();
    },
  );
});
