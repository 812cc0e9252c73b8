import { describe, expect, it } from "vitest";
import { registrableDomain, showsRight } from "../../../../lambdas/core/domains/proof/name-rights.ts";

describe("registrableDomain", () => {
  it.each([
    ["pbx.example.com", "pbx.example.com"],
    ["PBX.Example.COM.", "pbx.example.com"],
    ["https://pbx.example.com/push/ws", "pbx.example.com"],
    ["HTTPS://pbx.example.com:8443", "pbx.example.com"],
    ["sip:pbx.example.com", "pbx.example.com"],
    ["sips:alice@pbx.example.com;transport=tls", "pbx.example.com"],
    ["pbx.example.com:443", "pbx.example.com"],
    ["pbx.example.com/", "pbx.example.com"],
    ["mu\u0308nchen.example", "xn--mnchen-3ya.example"],
    // What others register under is refused, what they register is not.
    ["pbx.dyndns.org", "pbx.dyndns.org"],
    ["customer.github.io", "customer.github.io"],
    ["customer.co.uk", "customer.co.uk"],
    // For trying things.
    ["pbx.test", "pbx.test"],
    ["pbx.example", "pbx.example"],
    ["nolan.example", "nolan.example"],
    ["lan.example", "lan.example"],
  ])("takes %j as %s", (input, name) => expect(registrableDomain(input)).toEqual({ ok: true, value: name }));

  it.each([
    ...["pbx.lan", "pbx.local", "PBX.INTERNAL", "home.arpa", "pbx.home.arpa", "pbx.invalid", "firma.corp"],
    ...["x.onion", "pbx.home", "pbx.intranet", "pbx.private", "pbx.localhost", "pbx.localdomain", "pbx.alt"],
  ])("refuses %s, which nobody can own", (input) => {
    expect(registrableDomain(input)).toEqual({ ok: false, error: "nobodys" });
  });

  it.each(["co.uk", "github.io", "dyndns.org", "ddns.net", "com.au", "公司.cn", "anything.ck", "kobe.jp"])(
    "refuses %s, under which others register",
    (input) => expect(registrableDomain(input)).toEqual({ ok: false, error: "suffix" }),
  );

  it.each([
    ["", "empty"],
    ["https://", "empty"],
    ["pbx", "one-label"],
    ["pbx:443", "address"],
    ["192.0.2.1:443", "address"],
    ["[2001:db8::1]:443", "address"],
    ["pbx.example.com/master", "slash"],
    ["pbx.example.com:443/master", "slash"],
    ["admin@example.com", "bad-label"],
  ])("refuses %j: %s", (input, error) => expect(registrableDomain(input)).toEqual({ ok: false, error }));
});

describe("an address shows a right", () => {
  it.each([
    ["admin@pbx.example.com", "pbx.example.com", true],
    ["admin@example.com", "pbx.example.com", true],
    ["admin@example.com", "a.b.example.com", true],
    // Below a name there are mailboxes of others.
    ["s123@students.dorm.uni.example", "uni.example", false],
    ["admin@mail.pbx.example.com", "pbx.example.com", false],
    ["admin@other.example.com", "pbx.example.com", false],
    ["admin@notexample.com", "example.com", false],
    ["admin@example.com", "notexample.com", false],
    ["admin@pbx.example.com.evil.example", "pbx.example.com", false],
    ["pbx.example.com@evil.example", "pbx.example.com", false],
    // Anybody gets a mailbox there.
    ["somebody@gmail.com", "gmail.com", false],
    ["somebody@gmx.de", "pbx.gmx.de", false],
    ["somebody@gmx.ch", "gmx.ch", false],
    ["somebody@web.de", "web.de", false],
    ["somebody@posteo.de", "posteo.de", false],
    ["somebody@mail.yahoo.com", "mail.yahoo.com", false],
    // Or a name.
    ["admin@dyndns.org", "pbx.dyndns.org", false],
    ["admin@co.uk", "customer.co.uk", false],
    ["admin@pbx.dyndns.org", "pbx.dyndns.org", true],
  ])("%s to %s: %s", (email, domain, shown) => expect(showsRight(email, domain)).toBe(shown));
});
