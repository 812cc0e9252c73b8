import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { fixture } from "../fixture/assembly.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, assembly: fixture() });
  host.mailbox.add({
    to: "a@example.com",
    from: "b@example.com",
    subject: "<b>hi</b>",
    text: "text <i>",
    html: '<a href="/x">link</a>',
    date: "2026-01-01T00:00:00.000Z",
  });
});
afterAll(() => host.stop());

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
/** Status of a request with headers that fetch would not send. */
const statusWith = (headers: Record<string, string>, method = "DELETE", path = "/_local/faults") =>
  new Promise<number | undefined>((resolve, reject) => {
    const call = request(host.url + path, { method, headers }, (response) => resolve(response.resume().statusCode));
    call.on("error", reject).end();
  });

describe("/_local", () => {
  it("has only links that work, and the WebSocket URL", async () => {
    const page = await (await fetch(`${host.url}/_local`)).text();
    const links = [...page.matchAll(/href="(\/_local[^"]*)"/gu)].map(([, href]) => href ?? "");
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect([link, (await fetch(host.url + link)).status]).toEqual([link, 200]);
    expect(page).toContain(host.wsUrl);
  });

  it("shows emails as a page or as JSON, with the HTML part in a frame without scripts", async () => {
    const page = await fetch(`${host.url}/_local/mail`, { headers: html });
    const text = await page.text();
    expect(text).toContain("&lt;b>hi&lt;/b>");
    expect(text).toContain("text &lt;i>");
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/u);
    const frame = await fetch(`${host.url}/_local/mailbox/0`);
    expect(frame.headers.get("content-security-policy")).not.toContain("script");
    expect(await frame.text()).toContain('<a href="/x">link</a>');
    expect((await fetch(`${host.url}/_local/mailbox/1`)).status).toBe(404);
    expect(await (await fetch(`${host.url}/_local/mail`)).json()).toMatchObject([
      { to: "a@example.com", subject: "<b>hi</b>" },
    ]);
  });

  it("shows the phones on a page that refreshes by itself", async () => {
    const page = await fetch(`${host.url}/_local/pushes`, { headers: html });
    expect(page.headers.get("refresh")).toBe("5");
    expect(await page.text()).toContain("<h1>Phones</h1>");
  });

  it("empties mail, pushes, calls and logs by DELETE", async () => {
    for (const what of ["mail", "pushes", "logs", "faults"]) {
      expect((await fetch(`${host.url}/_local/${what}`, { method: "DELETE" })).status).toBe(204);
      expect(await (await fetch(`${host.url}/_local/${what}`)).json()).toEqual([]);
    }
    expect((await fetch(`${host.url}/_local/calls`, { method: "DELETE" })).status).toBe(204);
    expect(await (await fetch(`${host.url}/_local/calls`)).json()).toEqual({});
  });

  it("answers health when the host is ready, 405 for other methods and 404 for unknown paths", async () => {
    expect((await fetch(`${host.url}/_local/health`)).status).toBe(200);
    expect((await fetch(`${host.url}/_local/health`, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${host.url}/_local/health`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${host.url}/_local/nothing`)).status).toBe(404);
  });

  it("refuses requests from another site's page and through a rebound DNS name", async () => {
    expect(await statusWith({})).toBe(204);
    expect(await statusWith({ origin: "http://localhost:3000" })).toBe(204);
    expect(await statusWith({ origin: "https://evil.example" })).toBe(403);
    expect(await statusWith({ host: "evil.example" })).toBe(403);
    // The operator's API, whose authorization is loopback; this host's has no such route.
    expect(await statusWith({}, "GET", "/_local/admin/domains")).toBe(404);
    expect(await statusWith({ origin: "https://evil.example" }, "GET", "/_local/admin/domains")).toBe(403);
    expect(await statusWith({ host: "evil.example" }, "GET", "/_local/admin/domains")).toBe(403);
  });
});
