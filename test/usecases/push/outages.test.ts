import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../lambdas/ports/errors.ts";
import { phoneGets } from "../../support/values/phone.ts";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { iosToken } from "../../support/values/values.ts";

/** A dependency is down for a while; a post at that time is late, not lost. The tests move time instead of waiting. */

/** What fails, and how a post reaches it: `cold` reads, `first` creates an endpoint, `off` finds it disabled. */
const PLACES = {
  Publish: { port: "dispatcher", operation: "send", post: "warm" },
  read: { port: "context", operation: "read", post: "cold" },
  CreatePlatformEndpoint: { port: "dispatcher", operation: "register", post: "first" },
  SetEndpointAttributes: { port: "dispatcher", operation: "enable", post: "off" },
} as const;
const FAULTS: Readonly<Record<string, FailureKind | "hang">> = {
  "429": "throttled",
  "500": "unavailable",
  "503": "unavailable",
  reset: "reset",
  hang: "hang",
};
/** Its start, in ms after the post's arrival: long before, or during the post. */
const BEGINNINGS = [-10_000, -500, 0, 10, 60];
const CHANCES = [0, 0.25, 0.5, 0.75, 0.999];
const TOKEN = `ios-call:${iosToken}`;

interface Played {
  readonly accepted: boolean;
  readonly ids: ReadonlySet<unknown>;
  readonly ms: number;
}

async function play(
  place: keyof typeof PLACES,
  fault: FailureKind | "hang",
  beginsAt: number,
  lasts: number,
  chance: number,
): Promise<Played> {
  const w: PostServices = postServices({ chance: () => chance });
  const { port, operation, post } = PLACES[place];
  await w.login("c1", "pbx.example.com");
  if (post !== "first") await w.post(TOKEN);
  if (post === "cold") w.turnCold();
  if (post === "off") w.phones.switchOff(iosToken);
  const from = w.clock.now();
  // One that began before ends after its full length from the post's arrival, which is the worst case.
  const until = beginsAt < -1_000 ? from + lasts : from + beginsAt + lasts;
  w[port].away(operation, { from: Math.min(from + beginsAt, until - lasts), until, fault });
  const before = w.phones.pushes.length;
  const { err } = await w.post(TOKEN);
  const ids = new Set(w.phones.pushes.slice(before).map(({ message }) => phoneGets(message)["id"]));
  return { accepted: err === undefined, ids, ms: w.clock.now() - from };
}

const cases = Object.keys(PLACES).flatMap((place) =>
  Object.keys(FAULTS).map((fault) => [place as keyof typeof PLACES, fault] as const),
);

describe.each(cases)("%s down with %s", (place, name) => {
  const fault = FAULTS[name] ?? "hang";
  const all = async (lasts: number) => {
    const played: Played[] = [];
    for (const begins of BEGINNINGS)
      for (const chance of CHANCES) played.push(await play(place, fault, begins, lasts, chance));
    return played;
  };

  it.each([500, 1_000])("for %i ms loses no call", async (lasts) => {
    const played = await all(lasts);
    expect(played.filter(({ accepted }) => !accepted)).toEqual([]);
    for (const { ids, ms } of played) {
      expect(ids.size).toBe(1);
      expect(ms).toBeLessThanOrEqual(2_950);
    }
  });

  it("for 1,500 ms loses no call that has its full time", async () => {
    const played = await all(1_500);
    expect(played.filter(({ accepted }) => accepted).length / played.length).toBe(1);
    for (const { ids, ms } of played) {
      expect(ids.size).toBeLessThanOrEqual(1);
      expect(ms).toBeLessThanOrEqual(2_950);
    }
  });
});
