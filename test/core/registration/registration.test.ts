import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashToken, isToken, newToken, TOKEN_BYTES } from "../../../lambdas/core/shared/token.ts";
import {
  CODE_BYTES,
  HANDOVER_LIFE_MS,
  hashCode,
  isCode,
  isOpen,
  newCode,
  progressOf,
  type Registration,
} from "../../../lambdas/core/registration/registration.ts";

const registration: Registration = {
  id: "id",
  domain: "pbx.example.com",
  email: "a@example.com",
  emailKey: "a@example.com",
  codeHash: hashCode("id", "012345"),
  source: "192.0.2.1",
  requestedAt: 0,
  expiresAt: 1_000,
  state: "waiting",
  wrongCodes: 0,
  language: "en",
  mail: "queued",
};

describe("tokens and codes", () => {
  it("have their form, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: TOKEN_BYTES, maxLength: TOKEN_BYTES }), (bytes) => {
        expect(isToken(newToken(bytes))).toBe(true);
        expect(newCode(bytes.slice(0, CODE_BYTES))).toMatch(/^\d{6}$/u);
      }),
    );
  });

  it("are kept as hashes that tell neither", () => {
    expect(hashToken("abc")).toMatch(/^[0-9a-f]{64}$/u);
    expect(hashCode("one", "012345")).not.toBe(hashCode("two", "012345"));
  });
});

describe("isCode", () => {
  it.each(["012345", " 012 345 ", "012-345", "０１２３４５", "0 1 2 3 4 5\n"])("takes %j", (typed) => {
    expect(isCode(registration, typed)).toBe(true);
  });

  it.each(["", "12345", "0123456", "543210", "012345x", "012345".repeat(1_000)])("does not take %j", (typed) => {
    expect(isCode(registration, typed)).toBe(false);
  });

  it("takes nothing where the hash is broken", () => {
    expect(isCode({ ...registration, codeHash: "" }, "012345")).toBe(false);
  });
});

describe("progress", () => {
  it.each<[Partial<Registration>, number, string]>([
    [{}, 999, "waiting"],
    [{}, 1_000, "expired"],
    [{ wrongCodes: 4 }, 0, "waiting"],
    [{ wrongCodes: 5 }, 0, "expired"],
    [{ state: "ended" }, 0, "expired"],
    [{ state: "confirmed", confirmedAt: 900 }, 900, "confirmed"],
    [{ state: "confirmed", confirmedAt: 900 }, 899 + HANDOVER_LIFE_MS, "confirmed"],
    [{ state: "confirmed", confirmedAt: 900 }, 900 + HANDOVER_LIFE_MS, "expired"],
    [{ state: "confirmed" }, HANDOVER_LIFE_MS, "expired"],
  ])("%j at %d is %s", (difference, now, expected) => {
    expect(progressOf({ ...registration, ...difference }, now, 5)).toBe(expected);
    expect(isOpen({ ...registration, ...difference }, now, 5)).toBe(expected === "waiting");
  });
});
