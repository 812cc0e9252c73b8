import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phonesOf, phonesPage } from "../../../local/sns/phones/page.tsx";
import type { Push } from "../../../local/sns/types.ts";

const at = 1_800_000_000_000;
const call: Push = {
  app: "ios-call",
  platform: "APNS_VOIP",
  token: "ab".repeat(32),
  priority: "10",
  ttl: 8,
  payload: { aps: {}, id: "1", type: "call", sentAt: String(at), ttl: "8" },
  at,
};
const android: Push = {
  ...call,
  app: "android",
  platform: "GCM",
  token: "instance:APA91b",
  payload: { type: "notification" },
};

const test = { newPhones: [["new Android phone", "android:abc"]], last: "Test push to <x>: accepted." } as const;
const htmlOf = (...pushes: readonly Push[]) => phonesPage(pushes, test).html;

describe("phones", () => {
  it("list their own pushes and duplicates, the phone with the latest news first", () => {
    const phones = phonesOf([call, android, { ...call, at: at + 1000 }]);
    expect(phones.map((phone) => [phone.app, phone.received.map(({ reaction }) => reaction.does)])).toEqual([
      ["ios-call", ["rings", "drops"]],
      ["android", ["shows"]],
    ]);
  });

  it("show what they got and did, newest first, and how many older pushes they have", () => {
    const pushes = Array.from({ length: 21 }, (_, n): Push => ({ ...call, at: at + n, payload: { id: String(n) } }));
    const html = htmlOf(...pushes);
    const placeOf = (id: number) => html.indexOf(`&quot;id&quot;: &quot;${id}&quot;`);
    expect(placeOf(20)).toBeLessThan(placeOf(19));
    expect(placeOf(1)).toBeGreaterThan(0);
    expect(placeOf(0)).toBe(-1);
    expect(html).toContain("and 1 older");
    expect(htmlOf()).toContain("No push has arrived yet");
  });
});

describe("the page", () => {
  it("loads nothing but the style element with its nonce", () => {
    const { html, headers } = phonesPage([call, android], test);
    expect(html).toMatch(/^<!doctype html><html lang="en">/u);
    expect(html.match(/<style/gu)).toHaveLength(1);
    expect(html).not.toMatch(/<script|<img|<link|\sstyle=|\son\w+=/u);
    const nonce = /<style nonce="([^"]+)">/u.exec(html)?.[1];
    expect(headers["content-security-policy"]).toContain(`default-src 'none'; style-src 'nonce-${nonce}'`);
  });

  it("has a button to wake each phone and to add new ones", () => {
    const { html, headers } = phonesPage([call], test);
    const tokens = [...html.matchAll(/<button name="token" value="([^"]*)"/gu)].map(([, token]) => token);
    expect(tokens).toEqual(["android:abc", `${call.app}:${call.token}`]);
    expect(html).toContain("Test push to &lt;x>: accepted.");
    expect(headers["content-security-policy"]).toContain("form-action 'self'");
  });

  it("escapes all outside data", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("<", ">", '"', "'", "&", "script", "/", "\u2028", "é"),
      minLength: 1,
    });
    const tags = (html: string) => html.match(/<\/?[a-z][^>]*>/gu)?.length;
    fc.assert(
      fc.property(hostile, hostile, (text, key) => {
        const push: Push = {
          ...call,
          app: text,
          token: text,
          topic: text,
          collapseId: text,
          payload: { [key]: text, id: text },
        };
        const tame: Push = { ...push, app: "x", token: "x", topic: "x", collapseId: "x", payload: { x: "x", id: "x" } };
        expect(tags(htmlOf(push))).toBe(tags(htmlOf(tame)));
      }),
    );
  });
});
