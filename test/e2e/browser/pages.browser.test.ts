import { describe, expect, it } from "vitest";
import { browserFound, flaws, named, tabTo, useBrowser } from "../../support/process/browser.ts";
import { useHost } from "../../support/process/host.ts";
import { linkTo, mailsTo, register, request } from "../../support/services/register.ts";

const host = useHost();
const open = useBrowser();
let number = 0;
const names = () => {
  number += 1;
  return { domain: `page${number}.example.com`, owner: `page${number}@example.com` };
};

describe.skipIf(!browserFound)(named("the Connect window in a browser"), () => {
  it("leads from domain and address to Connect succeeded, across a reload, and forgets the password once it is copied", async () => {
    const { domain, owner } = names();
    const { page, context, complaints } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(owner);
    await page.keyboard.press("Enter");
    const code = page.getByLabel("Your code");
    await code.waitFor();
    const shown = (await code.textContent()) ?? "";
    expect(shown).toMatch(/^\d{3} \d{3}$/u);
    expect(await page.getByText(owner).isVisible()).toBe(true);

    await page.reload();
    await code.waitFor();
    expect(await code.textContent()).toBe(shown);

    const mail = await context.newPage();
    await mail.goto(await linkTo(host(), owner));
    await mail.getByLabel("Code from your Connect window").fill(shown);
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();

    await page.bringToFront();
    await page.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    expect(await page.getByLabel("URL", { exact: true }).inputValue()).toBe(`${host().url}/push/ws`);
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toMatch(/^[A-Za-z0-9]{15}$/u);

    await page.reload();
    await page.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    await page.getByRole("button", { name: "I have copied both" }).click();
    await page.getByRole("heading", { name: "All set" }).waitFor();
    expect(await page.locator("#password").inputValue()).toBe("");
    await page.reload();
    await page.getByRole("heading", { name: "All set" }).waitFor();
    await page.getByRole("button", { name: "Start again" }).click();
    await page.getByRole("heading", { name: "Connect your PBX" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("can be used by keyboard alone, from the first field to URL and password in the clipboard", async () => {
    const { domain, owner } = names();
    const { page, context } = await open(host().url, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(`${host().url}/push/connect`);
    await tabTo(page, "#domain");
    await page.keyboard.type(domain);
    await tabTo(page, "#email");
    await page.keyboard.type(owner);
    await tabTo(page, "button[type=submit]");
    await page.keyboard.press("Space");
    await page.getByLabel("Your code").waitFor();
    await tabTo(page, "#waiting summary");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Send the email again" }).waitFor();
    const shown = (await page.getByLabel("Your code").textContent()) ?? "";

    const mail = await context.newPage();
    await mail.goto(await linkTo(host(), owner));
    await tabTo(mail, "#code");
    await mail.keyboard.type(shown);
    await tabTo(mail, "main button");
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();

    await page.bringToFront();
    await page.getByRole("heading", { name: "Connect succeeded" }).waitFor();
    for (const field of ["url", "password"]) {
      await tabTo(page, `[data-copy=${field}]`);
      await page.keyboard.press("Enter");
      const value = await page.locator(`#${field}`).inputValue();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(value);
    }
    await tabTo(page, "#finish");
    await page.keyboard.press("Space");
    await page.getByRole("heading", { name: "All set" }).waitFor();
    await context.close();
  });

  it("shows an error at its field, and moves the focus there", async () => {
    const { page, context } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill("nolabel");
    await page.getByLabel("Your email address").fill("a@example.com");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("Enter a full domain name").waitFor();
    const field = page.getByLabel("System Name of the PBX");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });

  it("explains why no email may arrive, and starts again", async () => {
    const { domain, owner } = names();
    await register(host(), domain, owner);
    const { page, context, complaints } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(`other-${owner}`);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("No email after a few minutes?").click();
    await page.getByText("The domain may already be registered with a different address.").waitFor();
    expect(await mailsTo(host(), `other-${owner}`)).toEqual([]);
    await page.locator("#waiting").getByRole("button", { name: "Start again" }).click();
    await page.getByRole("heading", { name: "Connect your PBX" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("sends the email again, with the same code", async () => {
    const { domain, owner } = names();
    const { page, context, complaints } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(owner);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByLabel("Your code").waitFor();
    const shown = (await page.getByLabel("Your code").textContent()) ?? "";
    await linkTo(host(), owner);
    await page.getByText("No email after a few minutes?").click();
    await page.getByRole("button", { name: "Send the email again" }).click();
    await page.getByText("We've asked for the email again.").waitFor();
    const mail = await context.newPage();
    await mail.goto(await linkTo(host(), owner, 2));
    await mail.getByLabel("Code from your Connect window").fill(shown);
    await mail.keyboard.press("Enter");
    await mail.getByRole("heading", { name: "Confirmed" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps polling while there is no connection", async () => {
    const { domain, owner } = names();
    const { page, context } = await open(host().url);
    await page.goto(`${host().url}/push/connect`);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(owner);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByLabel("Your code").waitFor();
    await context.setOffline(true);
    await page.getByText("No connection right now.").waitFor();
    await context.setOffline(false);
    await page.getByText("No connection right now.").waitFor({ state: "hidden" });
    await context.close();
  });

  it("explains without JavaScript why it is needed; the page behind the link works without it", async () => {
    const { domain, owner } = names();
    const { page, context } = await open(host().url, { javaScriptEnabled: false });
    await page.goto(`${host().url}/push/connect`);
    expect(await page.locator("noscript").isVisible()).toBe(true);
    await page.getByLabel("System Name of the PBX").fill(domain);
    await page.getByLabel("Your email address").fill(owner);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("heading", { name: "Something went wrong" }).waitFor();
    expect(page.url()).not.toContain(domain);
    const answer = await fetch(`${host().url}/push/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ domain, email: owner }),
    });
    const { code } = (await answer.json()) as { code: string };
    await page.goto(await linkTo(host(), owner));
    await page.getByLabel("Code from your Connect window").fill(code);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { name: "Confirmed" }).waitFor();
    await context.close();
  });

  it("has no accessibility or layout violation in any state, on phone and desktop", async () => {
    const { domain, owner } = names();
    const { page, context, complaints } = await open(host().url);
    const check = async () => expect(await flaws(page)).toEqual([]);
    await page.goto(`${host().url}/push/connect`);
    await check();
    for (const state of ["waiting", "done", "finished", "expired"]) {
      await page.evaluate((shown) => {
        for (const section of document.querySelectorAll<HTMLElement>("main > section"))
          section.hidden = section.id !== shown;
        for (const details of document.querySelectorAll("details")) details.open = true;
        const code = document.getElementById("code");
        if (code) code.textContent = "123 456";
      }, state);
      await check();
    }
    await register(host(), domain, owner);
    const { code } = await request(host(), domain, owner);
    await page.goto(await linkTo(host(), owner, 2));
    await check();
    await page.locator("form").first().getByRole("textbox").fill("0");
    await page.locator("form").first().getByRole("button").click();
    await page.getByText("Enter the six digits that your Connect window shows.").waitFor();
    await check();
    await page
      .locator("form")
      .first()
      .getByRole("textbox")
      .fill(code === "000000" ? "000001" : "000000");
    await page.locator("form").first().getByRole("button").click();
    await page.getByText("That code is not correct.").waitFor();
    await check();
    await page.goto(`${host().url}/push/verify?link=none`);
    await check();
    await page.goto(`${host().url}/push/nothing`);
    await check();
    expect(complaints.filter((text) => !/status of (404|410|422)/u.test(text))).toEqual([]);
    await context.close();
  });
});
