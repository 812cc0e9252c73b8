import { describe, expect, it } from "vitest";
import { parseEmail } from "../../../lambdas/core/shared/email.ts";
import type { Notice } from "../../../lambdas/core/domains/notice.ts";
import { hashCode } from "../../../lambdas/core/shared/code.ts";
import { hashToken, newToken } from "../../../lambdas/core/shared/token.ts";
import { accessLinks } from "../../../lambdas/usecases/web/access-links.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { memoryVisits } from "../../support/memory/memory-web-sessions.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";
import { limits } from "../../support/values/values.ts";

const MINUTE = 60_000;
const CODE = "012345";
const HOME = "192.0.2.1";
const visitor = { account: "pbx.example.com", emailKey: "owner@example.com" };

function services() {
  const [clock, random, telemetry, visits] = [testClock(), testRandom(), rememberingTelemetry(), memoryVisits()];
  const { counters, knownNetworks } = memoryStore();
  const notices = new Map<string, Notice>();
  const queued: string[] = [];
  const story = accessLinks({
    sessions: visits,
    notices: { add: (id, notice) => Promise.resolve(void notices.set(id, notice)) },
    noticeQueue: { notice: (id) => Promise.resolve(void queued.push(id)) },
    counters,
    knownNetworks,
    clock,
    random,
    telemetry,
    limits: { ...limits, requestsPerSourcePerHour: 2 },
  });
  /** The token of a link to the whole page, with CODE in its window; or of one with a scope. */
  const link = async (scope?: "object" | "confirm") => {
    const token = newToken(random.bytes(40));
    const lock = { id: "request", codeHash: hashCode("request", CODE), source: HOME };
    const added = scope === undefined ? { visitor, lock } : { visitor: { ...visitor, scope } };
    await visits.add(hashToken(token), added, clock.now() + 30 * MINUTE);
    return token;
  };
  const enter = (token: string, typed = CODE) => story.enter(token, typed);
  /** The token of the session. */
  const entered = async (token: string) => {
    const opened = await enter(token);
    if (opened.kind !== "entered") throw new Error(opened.kind);
    return opened.token;
  };
  return { story, clock, notices, queued, telemetry, link, enter, entered, visits, knownNetworks };
}

function address(text: string) {
  const parsed = parseEmail(text);
  if (!parsed.ok) throw new Error("no address");
  return parsed.value;
}

describe("requesting a link", () => {
  it("stores and queues the request, in the requester's language", async () => {
    const { story, notices, queued, clock } = services();
    const asked = await story.ask("pbx.example.com", address("Owner@Example.com"), "192.0.2.1", "de");
    const code = "code" in asked ? asked.code : "";
    expect(code).toMatch(/^\d{6}$/u);
    const [id = ""] = notices.keys();
    const notice = {
      kind: "access",
      account: "pbx.example.com",
      to: "owner@example.com",
      at: clock.now(),
      language: "de",
      source: "192.0.2.1",
      codeHash: hashCode(id, code),
    };
    expect([...notices.values()]).toEqual([notice]);
    expect(queued).toEqual([...notices.keys()]);
  });

  it("is refused for an hour to a source with too many requests", async () => {
    const { story, queued, clock, telemetry } = services();
    const once = () => story.ask("pbx.example.com", address("a@example.com"), "192.0.2.1", "en");
    const seconds = (3_600_000 - (clock.now() % 3_600_000)) / 1_000;
    expect([await once(), await once(), await once()]).toEqual([
      { code: expect.any(String) as string },
      { code: expect.any(String) as string },
      { limitedFor: seconds },
    ]);
    expect(queued).toHaveLength(2);
    expect(telemetry.count("AccessLink", "limited")).toBe(1);
    clock.advance(60 * MINUTE);
    expect(await once()).toHaveProperty("code");
  });
});

describe("a link", () => {
  it("can be viewed without being used, and exchanged once, with the code of its window", async () => {
    const { story, link, enter, knownNetworks, clock } = services();
    const token = await link();
    for (let look = 0; look < 2; look += 1) expect((await story.find(token))?.visitor).toEqual(visitor);
    const opened = await enter(`<${token}>.`, "012 345.");
    expect(opened).toMatchObject({ kind: "entered", maxAge: 900 });
    expect(await enter(token)).toEqual({ kind: "over" });
    expect(await story.find(token)).toBeUndefined();
    expect((await story.session(opened.kind === "entered" ? opened.token : ""))?.visitor).toEqual(visitor);
    expect(await knownNetworks.knows(visitor.emailKey, HOME, clock.now())).toBe(true);
    expect(await knownNetworks.knows(visitor.emailKey, "192.0.2.2", clock.now())).toBe(false);
  });

  it("makes the network known from which it was requested, wherever its code is typed, like a registration", async () => {
    const { story, notices, enter, visits, knownNetworks, clock } = services();
    const asked = await story.ask(visitor.account, address(visitor.emailKey), HOME, "en");
    const [[id, notice] = []] = [...notices];
    const token = newToken(Buffer.alloc(40, 7));
    const lock = { id: id ?? "", codeHash: notice?.codeHash ?? "", source: notice?.source ?? "" };
    await visits.add(hashToken(token), { visitor, lock }, clock.now() + MINUTE);
    await enter(token, "000000");
    expect(await knownNetworks.knows(visitor.emailKey, HOME, clock.now())).toBe(false);
    await enter(token, "code" in asked ? asked.code : "");
    expect(await knownNetworks.knows(visitor.emailKey, HOME, clock.now())).toBe(true);
  });

  it("opens without a source too, as links of earlier versions have none", async () => {
    const { enter, visits, clock, knownNetworks } = services();
    Object.assign(knownNetworks, { note: () => Promise.reject(new Error("no network to note")) });
    const token = newToken(Buffer.alloc(40, 7));
    const lock = { id: "request", codeHash: hashCode("request", CODE) };
    await visits.add(hashToken(token), { visitor, lock }, clock.now() + MINUTE);
    expect(await enter(token)).toMatchObject({ kind: "entered" });
  });

  it.each(["", "test@example.com", "Open", "12345"])(
    "survives a scanner that sends its form with %j",
    async (typed) => {
      const { link, enter } = services();
      const token = await link();
      for (let round = 0; round < 20; round += 1) expect(await enter(token, typed)).toMatchObject({ kind: "no-code" });
      expect(await enter(token)).toMatchObject({ kind: "entered" });
    },
  );

  it("is over after five wrong codes", async () => {
    const { story, link, enter } = services();
    const token = await link();
    for (const left of [4, 3, 2, 1])
      expect(await enter(token, "999999")).toMatchObject({ kind: "wrong-code", left, link: { visitor } });
    expect(await enter(token, "999999")).toEqual({ kind: "over" });
    expect(await enter(token)).toEqual({ kind: "over" });
    expect(await story.find(token)).toBeUndefined();
  });

  it("does not open with the code of another window", async () => {
    const { story, link, enter } = services();
    const other = await story.ask("pbx.example.com", address("owner@example.com"), "198.51.100.1", "en");
    expect(await enter(await link(), "code" in other ? other.code : "")).toMatchObject({ kind: "wrong-code" });
  });

  it.each(["object", "confirm"] as const)(
    "to %s needs no code, and survives being opened and submitted",
    async (scope) => {
      const { story, link, entered, clock } = services();
      const token = await link(scope);
      for (let round = 0; round < 3; round += 1) await entered(token);
      expect((await story.session(await entered(token)))?.visitor).toEqual({ ...visitor, scope });
      clock.advance(30 * MINUTE);
      expect(await story.find(token)).toBeUndefined();
    },
  );

  it("to the whole page without a code opens nothing", async () => {
    const { story, enter, visits, clock } = services();
    const token = "A".repeat(43);
    await visits.add(hashToken(token), { visitor }, clock.now() + MINUTE);
    expect([await story.find(token), await enter(token)]).toEqual([undefined, { kind: "over" }]);
  });

  it("expires", async () => {
    const { story, link, enter, clock } = services();
    const token = await link();
    clock.advance(30 * MINUTE);
    expect(await story.find(token)).toBeUndefined();
    expect(await enter(token)).toEqual({ kind: "over" });
  });

  it.each(["", "short", "A".repeat(43)])("%j is unknown", async (token) => {
    const { story, enter } = services();
    expect([await story.find(token), await enter(token), await story.session(token)]).toEqual([
      undefined,
      { kind: "over" },
      undefined,
    ]);
  });
});

describe("metrics and logs of links", () => {
  it("record each one requested, opened, tried with a wrong code or refused", async () => {
    const { story, link, enter, telemetry } = services();
    await story.ask("pbx.example.com", address("a@example.com"), HOME, "en");
    const token = await link();
    await enter(token, "999999");
    await enter(token, "no code");
    await enter(token);
    await enter(token);
    expect(telemetry.metrics).toEqual([
      "AccessLink 1 outcome=asked",
      "AccessLink 1 outcome=wrong-code",
      "AccessLink 1 outcome=entered",
      "AccessLink 1 outcome=refused",
    ]);
  });
});

it("the network that a link was requested from stays known for 30 days after its code was entered", async () => {
  const { link, enter, knownNetworks, clock } = services();
  await enter(await link());
  const days = 30 * 24 * 60 * MINUTE;
  clock.advance(days - 1);
  expect(await knownNetworks.knows(visitor.emailKey, HOME, clock.now())).toBe(true);
  clock.advance(1);
  expect(await knownNetworks.knows(visitor.emailKey, HOME, clock.now())).toBe(false);
});

describe("a session", () => {
  it("ends after 15 minutes", async () => {
    const { story, link, entered, clock } = services();
    const token = await entered(await link());
    clock.advance(15 * MINUTE - 1);
    expect(await story.session(token)).toBeDefined();
    clock.advance(1);
    expect(await story.session(token)).toBeUndefined();
  });

  it("ends when its reader leaves", async () => {
    const { story, link, entered } = services();
    const token = await entered(await link());
    await story.leave(token);
    expect(await story.session(token)).toBeUndefined();
  });

  it("ends only by its own token", async () => {
    const { story, link, entered, visits } = services();
    const token = await entered(await link());
    const end = visits.end.bind(visits);
    let writes = 0;
    Object.assign(visits, { end: (hash: string) => ((writes += 1), end(hash)) });
    for (const other of ["", `${token}x`, "A".repeat(43)]) await story.leave(other);
    expect(await story.session(token)).toBeDefined();
    expect(writes, "what cannot be a token costs none").toBe(1);
  });
});
