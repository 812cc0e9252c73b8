import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_REFUSED_LOGINS,
  mostTelling,
  slotOf,
  type RefusedLogin,
} from "../../../lambdas/core/pbx/refused-logins.ts";

const refusal = (account: string, source: string, at: number): RefusedLogin => ({
  account,
  source,
  at,
  reason: "wrong-password",
});
const rowOf = (source: string) => slotOf({ account: "", source }).split(".")[0];
const sources = Array.from({ length: 2_000 }, (_, nth) => `192.0.${nth >> 8}.${nth & 255}`);

/** Stored refused logins of a domain: the last one in each place. */
function kept(refusals: readonly RefusedLogin[]): readonly RefusedLogin[] {
  const table = new Map<string, RefusedLogin>();
  for (const each of refusals) table.set(slotOf(each), each);
  return [...table.values()];
}

describe("the places of a domain's refused logins", () => {
  it("are 256 for all accounts and sources, and 8 for one network", () => {
    const all = new Set(
      sources.flatMap((source) =>
        Array.from({ length: 20 }, (_, nth) => slotOf({ account: `pbx.example.com/${nth}`, source })),
      ),
    );
    expect([all.size, MAX_REFUSED_LOGINS]).toEqual([256, 256]);
    const one = Array.from({ length: 5_000 }, (_, nth) =>
      slotOf({ account: `pbx.example.com/${nth}`, source: `2001:db8:7:${nth.toString(16)}::1` }),
    );
    expect(new Set(one).size).toBe(8);
  });

  it("keep a PBX's own error visible, however many accounts others invent, from any network but its own row's", () => {
    const own = "198.51.100.7";
    const others = sources.filter((source) => rowOf(source) !== rowOf(own));
    const attempt = fc.record({
      account: fc.nat(1_000_000).map((nth) => `pbx.example.com/${nth}`),
      source: fc.constantFrom(...others),
    });
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 300, maxLength: 600 }), (attempts) => {
        const mine = refusal("pbx.example.com/master", own, 0);
        const later = attempts.map(({ account, source }, nth) => refusal(account, source, nth + 1));
        const rows = kept([mine, ...later]);
        expect(rows.length).toBeLessThanOrEqual(256);
        expect(mostTelling(rows, 32)).toContain(mine);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the visible refused logins", () => {
  it("are in order from the newest, and all of them if there is room", () => {
    const rows = [refusal("a", "192.0.2.1", 1), refusal("b", "192.0.2.1", 3), refusal("c", "192.0.2.2", 2)];
    expect(mostTelling(rows, 10).map(({ account }) => account)).toEqual(["b", "c", "a"]);
  });

  it("include the newest of every network before the second of any", () => {
    const [quiet = "", loud = ""] = [sources[0], sources.find((source) => rowOf(source) !== rowOf(sources[0] ?? ""))];
    const rows = [refusal("mine", quiet, 0), ...[1, 2, 3, 4].map((at) => refusal(`invented ${at}`, loud, at))];
    expect(mostTelling(rows, 3).map(({ account }) => account)).toEqual(["invented 4", "invented 3", "mine"]);
  });
});
