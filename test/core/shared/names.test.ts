import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accountKey,
  addedAccount,
  domainName,
  operatorAccount,
  pagedAccount,
} from "../../../lambdas/core/shared/names.ts";

/** DynamoDB allows 2,048 bytes in a partition key; the longest prefix before an account is shorter than 48. */
const KEY_ROOM = 2_000;

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/u).filter((text) => !/^..--/u.test(text));
const domain = fc.array(label, { minLength: 2, maxLength: 6 }).map((labels) => labels.join("."));
const anyCase = (text: string) => fc.mixedCase(fc.constant(text));

describe("accountKey", () => {
  it.each([
    ["pbx.example.com", "pbx.example.com", "pbx.example.com"],
    ["PBX.Example.COM.", "pbx.example.com", "pbx.example.com"],
    ["  pbx.example.com ", "pbx.example.com", "pbx.example.com"],
    ["pbx.example.com/Master", "pbx.example.com", "pbx.example.com/master"],
    ["PBX.example.com./master", "pbx.example.com", "pbx.example.com/master"],
    ["pbx.example.com/a/b", "pbx.example.com", "pbx.example.com/a/b"],
    ["pbx.example.com/", "pbx.example.com", "pbx.example.com/"],
    ["München.example/Master", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example/master"],
    ["xn--mnchen-3ya.example", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
    ["mu\u0308nchen。example", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
    ["straße.example", "xn--strae-oqa.example", "xn--strae-oqa.example"],
    ["MyPBX", "mypbx", "mypbx"],
    ["my pbx_1", "my pbx_1", "my pbx_1"],
    ["12345", "12345", "12345"],
    ["192.168.0.1", "192.168.0.1", "192.168.0.1"],
    ["pbx.example.com?x", "pbx.example.com?x", "pbx.example.com?x"],
    ["München.example..", "münchen.example.", "münchen.example."],
    ["pbx%2eexample.com", "pbx%2eexample.com", "pbx%2eexample.com"],
    ["a@pbx.example.com", "a@pbx.example.com", "a@pbx.example.com"],
    ["", "(none)", "(none)"],
    [".", "(none)", "(none)"],
    ["/master", "(none)", "(none)/master"],
  ])("%j is domain %j and account %j", (spelling, inDomain, account) => {
    expect(accountKey(spelling)).toEqual({ domain: inDomain, account });
  });

  it("gives any string valid keys for a table, and the account's begins with its domain's", () => {
    const spelling = fc.oneof(
      fc.string({ unit: "binary", maxLength: 2_000 }),
      fc
        .array(
          fc.constantFrom("ü.", "\u0130", "\ud83d", "\udc4d", "/", ".", "a", "\u0000", "한", "\ufb2c", "\ud834\udd60"),
          { maxLength: 600 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(spelling, (text) => {
        const key = accountKey(text);
        expect(key.domain).not.toBe("");
        expect(key.account.startsWith(key.domain)).toBe(true);
        expect(Buffer.byteLength(key.account)).toBeLessThan(KEY_ROOM);
        expect(key.account.isWellFormed()).toBe(true);
      }),
    );
    expect(Buffer.byteLength(accountKey("ü.".repeat(256)).account)).toBeLessThan(KEY_ROOM);
  });

  it("gives every spelling of a name one key, which maps to itself", () => {
    fc.assert(
      fc.property(
        domain.chain((name) => fc.tuple(fc.constant(name), anyCase(name), fc.constantFrom("", "."))),
        ([name, spelling, dot]) => {
          expect(accountKey(spelling + dot)).toEqual({ domain: name, account: name });
          expect(accountKey(`${spelling}${dot}/A`)).toEqual({ domain: name, account: `${name}/a` });
        },
      ),
    );
  });

  it.each([
    ["pbx.example.com/Büro", "pbx.example.com/Bu\u0308ro"],
    ["My BÜRO", "my bu\u0308ro"],
    ["pbx.example.com/\u212bngström", "pbx.example.com/\u00c5ngstro\u0308m"],
  ])("treats %j and %j as the same, whatever their code points", (one, other) => {
    expect(accountKey(one)).toEqual(accountKey(other));
  });

  it("stays short even if normalizing makes letters longer", () => {
    for (const letter of ["\ufb2c", "\ud834\udd60", "\u0130"])
      for (const text of [letter.repeat(512), `a/${letter.repeat(512)}`]) {
        expect(Buffer.byteLength(accountKey(text).account)).toBeLessThan(KEY_ROOM);
        expect(operatorAccount(text)).toEqual({ ok: false, error: "too-long" });
      }
  });

  it("does not give an account that is too long the key of a shorter one", () => {
    const longest = `pbx.example.com/${"a".repeat(512 - 16)}`;
    expect(accountKey(longest).account).toBe(longest);
    expect(accountKey(`${longest}a`).account).not.toBe(longest);
  });
});

describe("domainName", () => {
  it.each([
    ["pbx.example.com", "pbx.example.com"],
    [" PBX.Example.com. ", "pbx.example.com"],
    ["pbx.example.com。", "pbx.example.com"],
    ["München.example", "xn--mnchen-3ya.example"],
    [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
    [`${`${"a".repeat(49)}.`.repeat(5)}abc`, `${`${"a".repeat(49)}.`.repeat(5)}abc`],
    // 253 characters as A-labels, 247 as typed.
    [
      `ü.${`${"a".repeat(48)}.`.repeat(4)}${"a".repeat(49)}`,
      `xn--tda.${`${"a".repeat(48)}.`.repeat(4)}${"a".repeat(49)}`,
    ],
    ["1.2.3.4.example", "1.2.3.4.example"],
    ["3com.example", "3com.example"],
  ])("reads %j as %j", (input, key) => {
    expect(domainName(input)).toEqual({ ok: true, value: key });
    expect(accountKey(input).domain).toBe(key);
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    [".", "empty"],
    ["pbx", "one-label"],
    ["pbx.", "one-label"],
    ["pbx.example.com/master", "slash"],
    ["https://pbx.example.com", "slash"],
    ["192.168.0.1", "address"],
    ["127.1", "address"],
    ["192.168.0.256", "address"],
    ["0x7f.0.0.10", "address"],
    ["pbx.example.1", "bad-label"],
    ["0x7f.0.0.1", "address"],
    ["::1", "address"],
    ["[::1]", "address"],
    ["pbx.example.com:443", "address"],
    ["a.b:c.d", "address"],
    ["a..example", "bad-label"],
    [".example.com", "bad-label"],
    ["pbx.example..", "bad-label"],
    ["-a.example", "bad-label"],
    ["a-.example", "bad-label"],
    ["a_b.example", "bad-label"],
    ["*.example.com", "bad-label"],
    ["a b.example", "bad-label"],
    ["a\nb.example", "bad-label"],
    ["a\tb.example", "bad-label"],
    ["a\u0000b.example", "bad-label"],
    ["pbx.example.com?x", "bad-label"],
    ["pbx.example.com#x", "bad-label"],
    ["pbx.example.com\\x", "bad-label"],
    ["pbx%2eexample.com", "bad-label"],
    ["user@pbx.example.com", "bad-label"],
    ["<b>.example.com", "bad-label"],
    [`${"a".repeat(64)}.example`, "bad-label"],
    [`${`${"a".repeat(49)}.`.repeat(5)}abcd`, "too-long"],
    [`${"ü.".repeat(60)}example`, "too-long"],
    // Soft hyphens are typed, but not part of a name.
    [`${"\u00ad".repeat(250)}pbx.example.com`, "too-long"],
  ])("refuses %j: %s", (input, error) => expect(domainName(input)).toEqual({ ok: false, error }));

  it("accepts or rejects any string, and an accepted name stays the same when read again", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), fc.ipV4(), fc.ipV6(), fc.domain(), fc.emailAddress()),
        (input) => {
          const result = domainName(input);
          if (!result.ok) return;
          expect(result.value).toMatch(/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/u);
          expect(result.value.length).toBeLessThanOrEqual(253);
          expect(domainName(result.value)).toEqual(result);
          expect(accountKey(input).account).toBe(result.value);
        },
      ),
    );
  });
});

describe("pagedAccount", () => {
  it.each([
    ["PBX.example.com", "pbx.example.com"],
    ["pbx.example.com/Master", "pbx.example.com/master"],
    ["München.example./Master", "xn--mnchen-3ya.example/master"],
    ["pbx.example.com/a/b", "pbx.example.com/a/b"],
    ["pbx.example.com/", "pbx.example.com"],
    ["https://pbx.example.com:443/push/ws", "pbx.example.com"],
    ["sip:pbx.example.com/master", "pbx.example.com"],
    ["sip:anna@pbx.example.com;transport=tls", "pbx.example.com"],
    ["pbx.example.com/sip:master", "pbx.example.com/sip:master"],
    ["pbx.example.com/room.2:443", "pbx.example.com/room.2:443"],
    ["pbx\u00ad.example.com", "pbx.example.com"],
  ])("reads %j as %j", (input, key) => expect(pagedAccount(input)).toEqual({ ok: true, value: key }));

  it.each([
    ["", "empty"],
    ["/master", "empty"],
    ["pbx", "one-label"],
    ["pbx/master", "one-label"],
    ["192.0.2.1/master", "address"],
    ["pbx.example.com/a\u0000b", "slash"],
    [`pbx.example.com/${"a".repeat(512)}`, "too-long"],
  ])("refuses %j: %s", (input, error) => expect(pagedAccount(input)).toEqual({ ok: false, error }));
});

describe("addedAccount", () => {
  it.each([
    "My PBX",
    "pbx.example.com",
    " pbx.example.com ",
    "pbx.example.com/Master",
    "pbx:443",
    "a:b.c:123456",
    "b.c:123456",
    "b.c:443x",
  ])("accepts %j as a System Name", (input) => expect(addedAccount(input)).toEqual(operatorAccount(input)));

  it.each([
    ["https://pbx.example.com", "url"],
    ["sip:pbx.example.com", "url"],
    ["pbx.example.com:443", "url"],
    ["pbx.example.com/", "url"],
    ["", "empty"],
    ["a\u0000", "bad-character"],
  ])("refuses %j: %s", (input, error) => expect(addedAccount(input)).toEqual({ ok: false, error }));
});
