import { expect, it } from "vitest";
import { useHost } from "../support/process/host.ts";
import { linkTo, mailsTo } from "../support/services/register.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();
const german = { "accept-language": "de-DE,de;q=0.9,en;q=0.5" };
const page = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, host().url), { headers: { accept: "text/html", ...headers } });
  return response.text();
};
const ask = (body: object, headers: Record<string, string>) =>
  fetch(`${host().url}/push/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

it.each(["/push/connect", "/push/verify?link=none", "/push/manage", "/push/owner", "/push/status", "/push/nothing"])(
  "%s is in German for a German browser, in English for others, and in either if chosen",
  async (path) => {
    expect(await page(path, german)).toContain('<html lang="de">');
    expect(await page(path)).toContain('<html lang="en">');
    expect(await page(path, { "accept-language": "fr" })).toContain('<html lang="en">');
    const also = path.includes("?") ? "&" : "?";
    expect(await page(`${path}${also}lang=de`)).toContain('<html lang="de">');
    expect(await page(`${path}${also}lang=en`, german)).toContain('<html lang="en">');
  },
);

it("a registration and its email use the language of the request", async () => {
  await ask({ domain: "sprache.example.com", email: "admin@sprache.example.com" }, german);
  const link = await linkTo(host(), "admin@sprache.example.com");
  const mail = (await mailsTo(host(), "admin@sprache.example.com")).at(-1);
  expect(mail?.subject).toMatch(/^sprache\.example\.com bestätigen \(Anfrage [A-Z]\d[A-Z]\d\)$/u);
  expect(mail?.text).toContain("Guten Tag,");
  expect(mail?.html).toContain('<html lang="de">');
  const shown = await page(link.slice(host().url.length), german);
  expect(shown).toContain("Domain bestätigen");
  expect(shown).toContain(`href="${link.slice(host().url.length)}&amp;lang=en"`);
});

it("an error is in the language of the request", async () => {
  const wrong = { domain: "nolabel", email: "a@example.com" };
  for (const [headers, words] of [
    [german, "Bitte geben Sie"],
    [{}, "Enter a full domain name"],
  ] as const) {
    const response = await ask(wrong, headers);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: "domain", message: expect.stringContaining(words) as string });
  }
});

it("an email with a link is in German if the form was", async () => {
  const form = new URLSearchParams({ domain: "seite.example.com", email: "admin@seite.example.com" });
  const answer = await fetch(`${host().url}/push/manage?lang=de`, { method: "POST", body: form });
  expect(await answer.text()).toContain("Prüfen Sie Ihre E-Mails");
  const subject = await eventually(async () => (await mailsTo(host(), "admin@seite.example.com"))[0]?.subject);
  expect(subject).toBe("Ihr Link zu seite.example.com");
});
