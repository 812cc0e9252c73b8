import { describe, expect, it } from "vitest";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { listKey, LISTS, partsOf, readableName } from "../../../lambdas/core/domains/lists.ts";

const domain = (changed: Partial<Domain>): Domain => ({
  account: "pbx.example.com",
  state: "active",
  origin: "mail",
  secrets: { current: { id: "a", issuedAt: 1 } },
  createdAt: 1,
  changedAt: 1,
  version: 1,
  firstLoginAt: 2,
  ...changed,
});
const claim = { claimant: "b@example.com", madeAt: 1, objectUntil: 2 };

describe("lists of domains", () => {
  it.each([
    [{}, {}],
    [{ state: "suspended" }, { suspended: "pbx.example.com" }],
    [{ claim }, { claimed: "pbx.example.com" }],
    [{ firstLoginAt: undefined }, { unused: "pbx.example.com" }],
    [{ owner: "a@example.com" }, { owner: "a@example.com" }],
    [{ account: "xn--mnchen-3ya.example/master" }, { name: "münchen.example/master" }],
    [{ account: "any name" }, {}],
  ] as [Partial<Domain>, Record<string, string>][])("contain %o under %o", (changed, expected) => {
    const keys = LISTS.flatMap((list) => {
      const key = listKey(list, domain(changed));
      return key === undefined ? [] : [[list, key]];
    });
    expect(Object.fromEntries(keys)).toEqual(expected);
  });

  it.each([
    ["xn--mnchen-3ya.example", "münchen.example"],
    ["pbx.example.com/slave", "pbx.example.com/slave"],
    ["xn--a", "xn--a"],
    ["any name", "any name"],
  ])("shows %s as %s", (account, name) => expect(readableName(account)).toBe(name));
});

it.each(["suspended", "claimed", "unused"] as const)("the view of %s domains is that whole list", (list) => {
  const parts = partsOf({ list });
  expect(parts).toMatchObject([{ list, prefix: "" }]);
  const { firstLoginAt: _, ...inEach } = domain({ state: "suspended", claim });
  expect(parts[0]?.leftOut(inEach)).toBe(false);
});

describe("a search", () => {
  const parts = (search: string) => partsOf({ search }).map(({ list, prefix }) => [list, prefix]);

  it.each([
    "a".repeat(5_000),
    "\u{1D160}".repeat(300),
    "\u0958".repeat(300),
    "İ".repeat(300),
    `x@${"漢a".repeat(300)}`,
  ])("queries no key with more bytes than DynamoDB allows, however long the text: %.4s", (search) => {
    for (const [, prefix = ""] of parts(search)) expect(Buffer.byteLength(`DOMAIN#${prefix}`)).toBeLessThan(1_024);
  });

  it("matches keys, Unicode forms and owners, whatever the case and form of the text", () => {
    expect(parts("  MU\u0308N ")).toEqual([
      ["all", "mün"],
      ["name", "mün"],
      ["owner", "mün"],
    ]);
    expect(parts("")).toEqual([["all", ""]]);
    expect(parts("Jörg@MÜNCHEN.example").at(-1)).toEqual(["owner", "jörg@xn--mnchen-3ya.example"]);
    expect(parts("@MÜNCHEN.example").at(-1)).toEqual(["owner", "@xn--mnchen-3ya.example"]);
    expect(parts("a@").at(-1)).toEqual(["owner", "a@"]);
    expect(parts("x".repeat(1_000))[0]?.[1]).toHaveLength(254);
  });

  it("never finds a domain twice", () => {
    const [, byName, byOwner] = partsOf({ search: "xn--m" });
    const found = domain({ account: "xn--mnchen-3ya.example", owner: "xn--m@example.com" });
    expect([byName?.leftOut(found), byOwner?.leftOut(found)]).toEqual([true, true]);
    expect(partsOf({ search: "mü" })[2]?.leftOut(found)).toBe(true);
    expect(partsOf({ search: "xn" })[2]?.leftOut(domain({ owner: "xn@example.com" }))).toBe(false);
  });
});
