import { describe, expect, it } from "vitest";
import { parseEmail } from "../../../lambdas/core/shared/email.ts";
import type { Notice } from "../../../lambdas/core/domains/notice.ts";
import { hashToken, newToken } from "../../../lambdas/core/shared/token.ts";
import { accessLinks } from "../../../lambdas/usecases/web/access-links.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { memoryVisits } from "../../support/memory/memory-web-sessions.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";
import { limits } from "../../support/values/values.ts";

const MINUTE = 60_000;
const visitor = { account: "pbx.example.com", emailKey: "owner@example.com" };

function services() {
  const [clock, random, telemetry, visits] = [testClock(), testRandom(), rememberingTelemetry(), memoryVisits()];
  const notices = new Map<string, Notice>();
  const queued: string[] = [];
  const story = accessLinks({
    sessions: visits,
    notices: { add: (id, notice) => Promise.resolve(void notices.set(id, notice)) },
    noticeQueue: { notice: (id) => Promise.resolve(void queued.push(id)) },
    counters: memoryStore().counters,
    clock,
    random,
    telemetry,
    limits: { ...limits, requestsPerSourcePerHour: 2 },
  });
  const link = async () => {
    const token = newToken(random.bytes(40));
    await visits.add(hashToken(token), visitor, clock.now() + 30 * MINUTE);
    return token;
  };
  return { story, clock, notices, queued, telemetry, link };
}

function address(text: string) {
  const parsed = parseEmail(text);
  if (!parsed.ok) throw new Error("no address");
  return parsed.value;
}

describe("asking for a link", () => {
  it("stores what is asked for and queues it, in the language of whoever asks", async () => {
    const { story, notices, queued, clock } = services();
    expect(await story.ask("pbx.example.com", address("Owner@Example.com"), "192.0.2.1", "de")).toBeUndefined();
    const notice = {
      kind: "access",
      account: "pbx.example.com",
      to: "owner@example.com",
      at: clock.now(),
      language: "de",
      source: "192.0.2.1",
    };
    expect([...notices.values()]).toEqual([notice]);
    expect(queued).toEqual([...notices.keys()]);
  });

  it("ends for a source that asks too often, for an hour", async () => {
    const { story, queued, clock, telemetry } = services();
    const once = () => story.ask("pbx.example.com", address("a@example.com"), "192.0.2.1", "en");
    const seconds = (3_600_000 - (clock.now() % 3_600_000)) / 1_000;
    expect([await once(), await once(), await once()]).toEqual([undefined, undefined, { limitedFor: seconds }]);
    expect(queued).toHaveLength(2);
    expect(telemetry.count("AccessLink", "limited")).toBe(1);
    clock.advance(60 * MINUTE);
    expect(await once()).toBeUndefined();
  });
});

describe("a link", () => {
  it("is looked at without being used, and exchanged once", async () => {
    const { story, link } = services();
    const token = await link();
    expect([await story.find(token), await story.find(token)]).toEqual([visitor, visitor]);
    const opened = await story.enter(token);
    expect(opened?.maxAge).toBe(900);
    expect(await story.enter(token)).toBeUndefined();
    expect(await story.find(token)).toBeUndefined();
    expect((await story.session(opened?.token ?? ""))?.visitor).toEqual(visitor);
  });

  it("has its time", async () => {
    const { story, link, clock } = services();
    const token = await link();
    clock.advance(30 * MINUTE);
    expect(await story.find(token)).toBeUndefined();
    expect(await story.enter(token)).toBeUndefined();
  });

  it.each(["", "short", "A".repeat(43)])("%j is nobody's", async (token) => {
    const { story } = services();
    expect([await story.find(token), await story.enter(token), await story.session(token)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a session", () => {
  it("ends after 15 minutes", async () => {
    const { story, link, clock } = services();
    const { token } = (await story.enter(await link())) ?? { token: "" };
    clock.advance(15 * MINUTE - 1);
    expect(await story.session(token)).toBeDefined();
    clock.advance(1);
    expect(await story.session(token)).toBeUndefined();
  });

  it("ends when its reader leaves", async () => {
    const { story, link } = services();
    const { token } = (await story.enter(await link())) ?? { token: "" };
    await story.leave(token);
    expect(await story.session(token)).toBeUndefined();
  });

  it("is left by its own token alone", async () => {
    const { story, link } = services();
    const { token } = (await story.enter(await link())) ?? { token: "" };
    for (const other of ["", `${token}x`, "A".repeat(43)]) await story.leave(other);
    expect(await story.session(token)).toBeDefined();
  });
});
