import { describe, expect, it } from "vitest";
import { marksIn, olderOf, usedOf } from "../../../lambdas/core/pbx/secret.ts";
import { NOON } from "../../support/values/clock.ts";

const mark = (id: string, usedAt?: number) => ({ id, issuedAt: NOON, ...(usedAt !== undefined && { usedAt }) });
const old = (id: string, usedAt?: number) => ({ ...mark(id, usedAt), validUntil: NOON + 1 });

describe("the secrets of an account", () => {
  it.each([
    [{}, []],
    [{ previous: 2 }, [2]],
    [{ earlier: 3 }, [3]],
    [{ previous: 2, earlier: 3 }, [2, 3]],
  ])("of %j include the replaced ones %j, newest first", (secrets, older) => expect(olderOf(secrets)).toEqual(older));

  it("are the current one and the replaced ones", () => {
    expect(marksIn({ current: mark("new") })).toEqual([mark("new")]);
    expect(marksIn({ current: mark("new"), previous: old("old"), earlier: old("older") })).toEqual([
      mark("new"),
      old("old"),
      old("older"),
    ]);
  });

  it("count as used from a PBX's first login", () => {
    expect(usedOf({ current: mark("new") })).toEqual([]);
    expect(usedOf({ current: mark("new"), previous: old("old", NOON), earlier: old("older", 0) })).toEqual([
      "old",
      "older",
    ]);
    expect(usedOf({ current: mark("new", NOON), previous: old("old") })).toEqual(["new"]);
  });
});
