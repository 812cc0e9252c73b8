import { describe, expect, it } from "vitest";
import { browserFound, named, useBrowser } from "../../support/process/browser.ts";
import { iosToken, useHost } from "../../support/process/host.ts";
import { pbx } from "../../support/programs/pbx-command.ts";
import { linkTo } from "../../support/services/register.ts";

const host = useHost();
const open = useBrowser();

describe.skipIf(!browserFound)(named("the Connect window after the password"), () => {
  it("ticks registration, password, PBX and first push, and shows good and bad pushes, without a reload", async () => {
    const [domain, owner] = ["arrive.example.com", "arrive@example.com"];
    const { page, context, complaints } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(owner);
    await page.keyboard.press("Enter");
    await page.getByLabel("Your code").waitFor();
    const code = (await page.getByLabel("Your code").textContent()) ?? "";
    const mail = await context.newPage();
    await mail.goto(await linkTo(host(), owner));
    await mail.getByLabel("Code from your Connect window").fill(code);
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();
    await mail.close();
    await page.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    const secret = await page.locator("#password").inputValue();
    await page.getByRole("button", { name: "I have copied both" }).click();
    await page.getByText(domain).waitFor();
    const ticked = () => page.locator(".ticks .done").allTextContents();
    expect(await ticked()).toEqual(["Domain registered", "URL and password copied"]);

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
