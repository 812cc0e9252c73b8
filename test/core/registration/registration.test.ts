import { describe, expect, it } from "vitest";
import { hashCode } from "../../../lambdas/core/shared/code.ts";
import {
  failureOf,
  isOpen,
  isWatched,
  progressOf,
  referenceOf,
  type Registration,
} from "../../../lambdas/core/registration/registration.ts";

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

describe("a request's reference", () => {
  it("alternates letters and digits, is the same for one request and rarely for two", () => {
    const references = Array.from({ length: 1_000 }, (_, number) => referenceOf({ id: `request ${number}` }));
    for (const each of references) expect(each).toMatch(/^[A-HJ-NP-Z][2-9][A-HJ-NP-Z][2-9]$/u);
    expect(new Set(references).size).toBeGreaterThan(970);
    expect(referenceOf({ id: "request 7" })).toBe(references[7]);
  });
});

// docs/pages.md: the Connect window follows the PBX for an hour after the confirmation.
it.each<[Partial<Registration>, number, boolean]>([
  [{ state: "ended", confirmedAt: 900 }, 900, true],
  [{ state: "ended", confirmedAt: 900 }, 899 + 3_600_000, true],
  [{ state: "ended", confirmedAt: 900 }, 900 + 3_600_000, false],
  [{ state: "confirmed", confirmedAt: 900 }, 900, false],
  [{ state: "waiting" }, 0, false],
  [{ state: "ended" }, 3_600_000, false],
])("isWatched: %j at %d: %s", (difference, now, watched) =>
  expect(isWatched({ ...registration, ...difference }, now)).toBe(watched),
);

// docs/protocol.md, Registration: the reason of an expired one.
it.each<[Partial<Registration>, string]>([
  [{}, "time"],
  [{ taken: false }, "time"],
  [{ state: "confirmed" }, "time"],
  [{ state: "ended" }, "ended"],
  [{ wrongCodes: 4, state: "ended" }, "ended"],
  [{ wrongCodes: 5, state: "ended" }, "codes"],
  [{ wrongCodes: 6 }, "codes"],
  [{ taken: true, wrongCodes: 5, state: "ended" }, "taken"],
])("%j failed because: %s", (difference, failure) =>
  expect(failureOf({ ...registration, ...difference }, 5)).toBe(failure),
);
