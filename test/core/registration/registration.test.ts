import { describe, expect, it } from "vitest";
import { hashCode } from "../../../lambdas/core/shared/code.ts";
import { isOpen, progressOf, type Registration } from "../../../lambdas/core/registration/registration.ts";

/** docs/protocol.md, Registration. */
const HANDOVER_LIFE_MS = 15 * 60_000;

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
