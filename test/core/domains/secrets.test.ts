import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chosenSecret,
  withUse,
  counts,
  issueSecret,
  marksOf,
  SECRET_BYTES,
  succeed,
} from "../../../lambdas/core/domains/secrets.ts";

/** docs/ownership.md, Replaced secrets. */
const OLD_SECRET_LIFE_MS = 7 * 86_400_000;

const bytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });

describe("issueSecret", () => {
  it("creates 15 letters and digits and an id, only from its bytes", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const { id, secret } = issueSecret(random, 1);
        expect(secret).toMatch(/^[A-Za-z0-9]{15}$/u);
        expect(id).toMatch(/^[A-Za-z0-9]{8}$/u);
        expect(issueSecret(random, 1)).toEqual({ id, secret, issuedAt: 1 });
      }),
    );
  });

  it("uses a chosen secret unchanged", () => {
    expect(issueSecret(new Uint8Array(SECRET_BYTES), 5, "pwd")).toMatchObject({ secret: "pwd", issuedAt: 5 });
  });
});

describe("two secrets", () => {
  const first = issueSecret(new Uint8Array(SECRET_BYTES).fill(1), 1_000);
  const second = issueSecret(new Uint8Array(SECRET_BYTES).fill(2), 2_000);
  const third = issueSecret(new Uint8Array(SECRET_BYTES).fill(3), 3_000);
  const both = succeed({ current: first }, marksOf({ current: first }), second);
  const until = 2_000 + OLD_SECRET_LIFE_MS;

  it("are both valid for seven days, then only the new one", () => {
    const marks = marksOf(both);
    expect([first, second].map(({ id }) => counts(marks, id, until - 1))).toEqual([true, true]);
    expect([first, second].map(({ id }) => counts(marks, id, until))).toEqual([false, true]);
    expect(counts(marks, "", 0)).toBe(false);
  });

  it("are never more than three; those that no PBX has used are dropped first", () => {
    const fourth = issueSecret(new Uint8Array(SECRET_BYTES).fill(4), 4_000);
    const all = [first, second, third, fourth];
    const after = (...used: readonly { readonly id: string }[]) => {
      const secrets = succeed(both, marksOf(both), third);
      const marks = used.reduce((known, { id }) => withUse(known, id, 3_500) ?? known, marksOf(secrets));
      const next = marksOf(succeed(secrets, marks, fourth), marks);
      return all.filter(({ id }) => counts(next, id, 4_001)).map((each) => all.indexOf(each) + 1);
    };
    expect(after()).toEqual([2, 3, 4]);
    expect(after(first)).toEqual([1, 3, 4]);
    expect(after(first, second)).toEqual([1, 2, 4]);
    expect(after(third, first)).toEqual([1, 3, 4]);
    expect(after(first, second, third)).toEqual([2, 3, 4]);
  });

  it("end by the time of their own replacement, whatever follows", () => {
    const used = withUse(marksOf(both), first.id, 2_500) ?? marksOf(both);
    const marks = marksOf(succeed(both, used, third), used);
    expect([first, second].map(({ id }) => counts(marks, id, until - 1))).toEqual([true, true]);
    expect([first, second].map(({ id }) => counts(marks, id, until))).toEqual([false, true]);
    const late = { ...third, issuedAt: until };
    expect(succeed(both, used, late).earlier).toBeUndefined();
    expect(marks.earlier).toMatchObject({ id: first.id, usedAt: 2_500, validUntil: until });
  });

  it("are marked as used once, by the first login, and not once they are gone", () => {
    const used = withUse(marksOf(both), second.id, 2_500);
    expect(used).toMatchObject({ current: { usedAt: 2_500 }, previous: { id: first.id } });
    expect(used?.previous).not.toHaveProperty("usedAt");
    expect(used && withUse(used, second.id, 2_600)).toBeUndefined();
    expect(withUse(marksOf(both), third.id, 2_500)).toBeUndefined();
  });

  it("cannot be read from their marks", () => {
    expect(JSON.stringify(marksOf(both))).not.toMatch(new RegExp(`${first.secret}|${second.secret}`, "u"));
  });
});

describe("chosenSecret", () => {
  const chosen = (input: string, forTests = false) => {
    const result = chosenSecret(input, forTests);
    return result.ok ? (result.value.warning ?? "taken") : result.error;
  };

  // 15 by most sources, 16 by one: docs/protocol.md, Account and secret.
  it.each([
    ["a".repeat(11), "too-short"],
    ["a".repeat(12), "taken"],
    ["~!#'\"\\567890123", "taken"],
    ["a".repeat(15), "taken"],
    ["a".repeat(16), "sixteen"],
    ["a".repeat(17), "too-long"],
    ["", "empty"],
    ["a b456789012", "bad-character"],
    ["ä23456789012", "bad-character"],
    ["a23456789012\n", "bad-character"],
  ])("%j: %s", (input, expected) => expect(chosen(input)).toBe(expected));

  it.each([
    ["a".repeat(12), false],
    ["a".repeat(16), false],
    ["pwd", true],
  ])("accepts %j unchanged", (input, forTests) =>
    expect(chosenSecret(input, forTests)).toMatchObject({ ok: true, value: { secret: input } }),
  );

  it.each([
    ["pwd", "test"],
    ["a".repeat(12), "taken"],
    ["a".repeat(16), "sixteen"],
    ["a".repeat(64), "test"],
    ["a".repeat(65), "too-long"],
    ["", "empty"],
    ["a b", "bad-character"],
  ])("on a test stage %j: %s", (input, expected) => expect(chosen(input, true)).toBe(expected));
});
