import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emailTag, parseEmail, withoutAddresses } from "../../../lambdas/core/shared/email.ts";

const parsed = (input: string) => {
  const result = parseEmail(input);
  return result.ok ? result.value : result.error;
};

/** 254 characters. */
const LONGEST = `${"a".repeat(64)}@${`${"b".repeat(60)}.`.repeat(3)}sample`;

describe("parseEmail", () => {
  it.each([
    ["a@example.com", "a@example.com"],
    ["  a@example.com\n", "a@example.com"],
    ["First.Last+tag@Example.COM", "First.Last+tag@example.com"],
    ["a@münchen.example", "a@xn--mnchen-3ya.example"],
    ["o'neill@example.com", "o'neill@example.com"],
    ["a@example.com.", "a@example.com"],
    [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
    [LONGEST, LONGEST],
  ])("reads %j as %s", (input, address) => {
    expect(parsed(input)).toMatchObject({ address, key: address.toLowerCase() });
  });

  it.each([
    ["", "empty"],
    ["   ", "empty"],
    ["a", "bad-address"],
    ["@example.com", "bad-address"],
    ["a@", "bad-address"],
    ["a@localhost", "bad-address"],
    ["a@192.0.2.1", "bad-address"],
    ["a@[192.0.2.1]", "bad-address"],
    ["a@b@example.com", "bad-address"],
    ["a b@example.com", "bad-address"],
    [".a@example.com", "bad-address"],
    ["a.@example.com", "bad-address"],
    ["a..b@example.com", "bad-address"],
    ['"a"@example.com', "bad-address"],
    ["a@example.com,b@example.com", "bad-address"],
    ["a@example.com\r\nBcc: b@example.com", "bad-address"],
    ["Anna <a@example.com>", "bad-address"],
    ["ä@example.com", "bad-address"],
    [`${"a".repeat(65)}@example.com`, "bad-address"],
    [`a@${"b".repeat(250)}.example`, "too-long"],
    [`${LONGEST}e`, "too-long"],
    // 120 characters as typed, 264 as A-labels.
    [`${"a".repeat(64)}@${"ü.".repeat(24)}example`, "too-long"],
  ])("refuses %j: %s", (input, error) => {
    expect(parsed(input)).toBe(error);
  });

  it("gives addresses that differ only in case the same key", () => {
    const address = fc.tuple(fc.stringMatching(/^[a-z0-9+]{1,20}$/u), fc.stringMatching(/^[a-z]{1,10}$/u));
    fc.assert(
      fc.property(address, ([local, host]) => {
        const [lower, upper] = [
          parseEmail(`${local}@${host}.example`),
          parseEmail(`${local}@${host}.example`.toUpperCase()),
        ];
        expect(lower.ok && upper.ok && lower.value.key === upper.value.key).toBe(true);
      }),
    );
  });

  it("accepts nothing that could end a header or contain two addresses", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 300 }), fc.string({ maxLength: 20 }), (noise, more) => {
        for (const input of [noise, `${noise}@example.com`, `a${more}@example.com`, `a@${noise}.example`]) {
          const result = parseEmail(input);
          if (result.ok) expect(result.value.address).toMatch(/^[!-~]{1,64}@[a-z0-9.-]{3,253}$/u);
          if (result.ok) expect(result.value.address).not.toMatch(/[\s,;<>"]/u);
        }
      }),
    );
  });
});

describe("emailTag", () => {
  it("is short, stable, and different from the address", () => {
    expect(emailTag("a@example.com")).toBe(emailTag("a@example.com"));
    expect(emailTag("a@example.com")).toMatch(/^[0-9a-f]{8}$/u);
    expect(emailTag("a@example.com")).not.toBe(emailTag("b@example.com"));
  });
});

it.each([
  [
    "operator arn:aws:sts::1:assumed-role/Ops/Jane@Example.com",
    /^operator arn:aws:sts::1:assumed-role\/Ops\/mail-[0-9a-f]{8}$/u,
  ],
  ["operator arn:aws:iam::1:user/jane", /^operator arn:aws:iam::1:user\/jane$/u],
  ["a@b.example, c@d.example", /^mail-[0-9a-f]{8}, mail-[0-9a-f]{8}$/u],
])("removes every address from %j", (text, expected) => {
  expect(withoutAddresses(text)).toMatch(expected);
});

it("replaces an address in a text by the tag of its key, in any spelling", () =>
  expect(withoutAddresses("user/Jane@Example.com")).toBe(`user/mail-${emailTag("jane@example.com")}`));
