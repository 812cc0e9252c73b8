import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Push } from "../../../local/sns/types.ts";
import type { ListedFault } from "../../../local/aws/faults.ts";
import { addAccount, calls, clear, getJson, iosToken, postJson, pushes, useHost } from "../../support/process/host.ts";
import { type Message, openSession, type RawSocket } from "../../support/process/raw-socket.ts";
import { eventually, watchLag } from "../../support/process/waiting.ts";

/** The production limits, as this measures them. */
const host = useHost(() => Promise.resolve({ patience: 1, schedules: true }));
const POSTS = 1_000;
const RATE = 50; // posts a second: this measures time limits, so the CPU must not be the limit
/** Deadline of a post plus tolerance of its result, in ms, minus any time the machine lost (watchLag). */
const LATEST = 3_000 + 500;
/** Time, in ms, that the machine may take from a post without counting as an excuse. */
const LAG_MS = 300;
/** No attempt to send begins later than this after a post, in ms: 100 are kept for the answer, and 100 are the shortest attempt. */
const TOO_LATE = 3_000 - 200;
/** A call's wake-up ends this long after its post at the latest, in ms: the PBX gives up a second later. */
const PATIENCE = 9_000;
/** How long SNS holds a push: normally, and longer than a call's wake-up lives, in ms. */
const DWELL = { minMs: 2, maxMs: 10 };
const TOO_LONG = 8_100;
/** The most pushes that the canary can publish during one test. */
const CANARY = 8;

let sockets: readonly RawSocket[] = [];
const lag = watchLag();

async function loggedIn(account: string): Promise<RawSocket> {
  const secret = await addAccount(host(), account);
  return openSession(host(), { account, secret });
}

beforeAll(async () => {
  sockets = await Promise.all(Array.from({ length: 10 }, (_, nth) => loggedIn(`faults-${String(nth)}.example.com`)));
  for (let index = 0; index < KNOWN; index += 1) {
    const socket = socketOf(index);
    socket.send({ mt: "PushNotifyPost", src: "known", token: known(index) });
    expect(await socket.next()).not.toHaveProperty("err");
  }
});
afterAll(() => {
  lag.stop();
  for (const socket of sockets) socket.close();
});
beforeEach(async () => {
  await clear(host(), "faults");
  host().sns.set({ dwell: DWELL });
  await host().sns.settled();
  host().sns.clear();
  await clear(host(), "calls");
});

const KNOWN = 20;
const socketOf = (index: number) => sockets[index % sockets.length] as RawSocket;
/** Known tokens, each used by one PBX. */
const known = (index: number) => `ios-call:${iosToken(`known ${String(index % KNOWN)}`)}`;
/** New tokens, each for two posts of one PBX. */
const fresh = (name: string) => (index: number) => `ios-call:${iosToken(`${name} ${String(index % (POSTS / 2))}`)}`;
const fault = async (rule: object) => expect((await postJson(`${host().url}/_local/faults`, rule)).ok).toBe(true);
const struck = async () => (await getJson<ListedFault[]>(`${host().url}/_local/faults`)).map((each) => each.struck);

interface Result {
  /** Number of the post, also in its payload. */
  readonly n: number;
  readonly message: Message;
  /** When it was posted, in Unix ms, and how long its result took, in ms. */
  readonly at: number;
  readonly ms: number;
}

const errOf = ({ message: { err } }: Result) => err as string | undefined;
const isUnknown = ({ message: { info } }: Result) => String(info).startsWith("unknown");

/** The most posts without an answer: at RATE, those that a fault holds for 3 s, and a few more. */
const MOST_WAITING = 40;

/** Posts at a steady rate and collects the results; fails unless there is exactly one for each. */
async function postMany(tokenOf: (index: number) => string, count = POSTS, half = () => undefined): Promise<Result[]> {
  const sent = new Map<string, number>();
  const results: Result[] = [];
  const taking = sockets.map(async (socket) => {
    for (let taken = 0; taken < count / sockets.length; taken += 1) {
      const message = await socket.next();
      const src = String(message["src"]);
      const at = sent.get(src);
      if (at === undefined) throw new Error(`a second result for ${src}`);
      sent.delete(src);
      results.push({ n: Number(src), message, at, ms: Date.now() - at });
    }
  });
  for (let index = 0; index < count; index += 1) {
    // A machine that falls behind gets fewer posts at a time, as late ones would miss the fault.
    while (sent.size >= MOST_WAITING) await new Promise((resolve) => setTimeout(resolve, 10));
    if (index === count / 2) half();
    const src = String(index);
    sent.set(src, Date.now());
    socketOf(index).send({ mt: "PushNotifyPost", src, token: tokenOf(index), n: index });
    if (index % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 10_000 / RATE));
  }
  await Promise.all(taking);
  expect(await Promise.all(sockets.map((socket) => socket.rest()))).toEqual(sockets.map(() => []));
  await host().sns.settled();
  return results;
}

/** Wake-ups that phones got for each post, by the number in its payload. */
async function received(): Promise<Map<number, Push[]>> {
  const found = new Map<number, Push[]>();
  for (const push of await pushes(host())) {
    const { n } = JSON.parse(String(push.payload["payload"])) as { readonly n: number };
    found.set(n, [...(found.get(n) ?? []), push]);
  }
  return found;
}

interface Allowed {
  readonly posts?: number;
  readonly errs: readonly string[];
  /** The fewest posts that must be accepted. */
  readonly accepted: number;
  /** Publish calls that SNS did not accept. */
  readonly untaken: number;
}

/** Post by post: the answer that the PBX got, and what its phone got. */
async function checkLedger(
  results: readonly Result[],
  { posts = POSTS, errs, accepted, untaken }: Allowed,
): Promise<void> {
  const got = await received();
  const expired = host()
    .sns.ledger()
    .filter(({ outcome }) => outcome === "NotificationTTLExpired").length;
  const ends = results.map((result) => ({ ...result, err: errOf(result), wakes: got.get(result.n) ?? [] }));
  const brief = (some: typeof ends) =>
    some.map(({ n, message: { err, info }, ms, wakes }) => ({ n, err, info, ms, wakes: wakes.length }));

  expect(ends).toHaveLength(posts);
  const lost = ({ at, ms }: Result) => lag.between(at, at + ms);
  expect(brief(ends.filter((end) => end.ms > LATEST + lost(end)))).toEqual([]);
  // A post that the machine itself delayed may end with any time-out error.
  const inTime = ends.filter((end) => lost(end) < LAG_MS);
  expect(brief(inTime.filter(({ err }) => err !== undefined && !errs.includes(err)))).toEqual([]);
  const heldUp = ends.length - inTime.length;
  expect(ends.filter(({ err }) => err === undefined).length).toBeGreaterThanOrEqual(accepted - heldUp);
  // No wake-up without an accepted post, and none lost except those that expired in SNS.
  expect(brief(ends.filter((end) => end.err !== undefined && !isUnknown(end) && end.wakes.length > 0))).toEqual([]);
  expect(ends.filter(({ err, wakes }) => err === undefined && wakes.length === 0).length).toBeLessThanOrEqual(expired);
  for (const end of ends) {
    const { wakes, at } = end;
    expect(new Set(wakes.map(({ payload }) => payload["id"])).size).toBeLessThanOrEqual(1);
    for (const { payload, at: rang } of wakes) {
      const dies = Number(payload["sentAt"]) + Number(payload["ttl"]) * 1_000;
      expect(rang).toBeLessThanOrEqual(dies);
      expect(dies - at).toBeLessThanOrEqual(PATIENCE + 100 + lost(end));
    }
  }
  const arrived = [...got.values()].flat().length;
  const { "sns.Publish": published = 0 } = await calls(host());
  expect([...got.keys()].filter((n) => !(n < POSTS))).toEqual([]);
  expect(published - untaken - arrived - expired).toBeGreaterThanOrEqual(0);
  expect(published - untaken - arrived - expired).toBeLessThanOrEqual(CANARY);
}

describe("1,000 posts are answered correctly", () => {
  it("under throttling, errors and hangs of SNS, including calls it accepts without an answer", async () => {
    await fault({ service: "sns", operation: "Publish", error: "Throttled", status: 429, rate: 0.2 });
    await fault({ service: "sns", operation: "Publish", error: "InternalError", status: 500, rate: 0.025 });
    await fault({
      service: "sns",
      operation: "Publish",
      error: "InternalError",
      status: 500,
      taken: true,
      rate: 0.025,
    });
    await fault({ service: "sns", operation: "Publish", latencyMs: 10_000, taken: true, rate: 0.05 });
    host().sns.set({ dwell: { ...DWELL, slow: { share: 0.1, ms: TOO_LONG } } });
    setTimeout(() => host().sns.set({ dwell: DWELL }), 3_000);
    const results = await postMany(known);
    const [throttled = 0, failed = 0, takenAndFailed = 0, hung = 0] = await struck();
    expect(Math.min(throttled / 200, failed / 20, takenAndFailed / 20, hung / 40)).toBeGreaterThan(0.5);
    await checkLedger(results, { errs: ["ApnServiceDown", "ApnError"], accepted: 950, untaken: throttled + failed });
    expect(
      host()
        .sns.ledger()
        .filter(({ outcome }) => outcome === "NotificationTTLExpired"),
    ).not.toEqual([]);
  });

  it("for new tokens, under throttling and hangs of DynamoDB", async () => {
    await fault({ service: "dynamodb", operation: "BatchGetItem", partial: true, rate: 0.2 });
    await fault({
      service: "dynamodb",
      operation: "BatchGetItem",
      error: "ThrottlingException",
      status: 400,
      rate: 0.2,
    });
    await fault({ service: "dynamodb", operation: "BatchGetItem", latencyMs: 10_000, rate: 0.1 });
    await fault({ service: "dynamodb", operation: "UpdateItem", error: "ThrottlingException", status: 400, rate: 0.2 });
    const results = await postMany(fresh("first sight"));
    const strikes = await struck();
    expect(Math.min(...strikes)).toBeGreaterThan(20);
    await checkLedger(results, { errs: ["DatabaseErr", "ApnError"], accepted: 900, untaken: 0 });
    // Reads are retried until the deadline. If all fail, it is our table's fault: DatabaseErr. If one succeeds
    // at the very end, no time is left to send: a time-out, ApnError in docs/protocol.md, answered only at that end.
    const tooLate = "ApnError too late, nothing was sent";
    const endings = ["DatabaseErr temporary failure, nothing was sent", tooLate];
    const wordsOf = ({ message }: Result) => `${String(message["err"])} ${String(message["info"])}`;
    const early = results.filter((result) => wordsOf(result) === tooLate && result.ms < TOO_LATE);
    expect(early).toEqual([]);
    const said = results.filter(errOf).map(wordsOf);
    expect(said.filter((each) => !endings.includes(each))).toEqual([]);
  });
});

describe("a dependency that fails completely", () => {
  const hangs = { service: "sns", latencyMs: 10_000 };
  // An attempt that hangs leaves time for two more (docs/decisions.md, 9): if SNS accepts all three, the phone gets three wake-ups with one id.
  it.each([
    [
      "SNS accepts it and hangs",
      known(1),
      { ...hangs, operation: "Publish", taken: true },
      "ApnError",
      /^unknown: /u,
      3,
    ],
    [
      "SNS throttles",
      known(1),
      { service: "sns", error: "Throttled", status: 429 },
      "ApnServiceDown",
      /nothing was sent$/u,
      0,
    ],
    ["SNS creates no endpoint", `ios-call:${iosToken("new")}`, hangs, "ApnError", /nothing was sent$/u, 0],
    [
      "DynamoDB throttles",
      `ios-call:${iosToken("new")}`,
      { service: "dynamodb", error: "ThrottlingException" },
      "DatabaseErr",
      /nothing was sent$/u,
      0,
    ],
  ])("%s", async (_, token, rule, err, info, wakes) => {
    await fault(rule);
    const startedAt = Date.now();
    socketOf(1).send({ mt: "PushNotifyPost", src: "x", token, n: -1 });
    const said = await socketOf(1).next();
    expect(Date.now() - startedAt).toBeLessThanOrEqual(LATEST);
    expect(said).toMatchObject({ err, info: expect.stringMatching(info) as string });
    await host().sns.settled();
    const woken = await eventually(async () => {
      const all = await pushes(host());
      return all.length >= wakes ? all : undefined;
    });
    expect(woken).toHaveLength(wakes);
    expect(new Set(woken.map(({ payload }) => payload["id"])).size).toBe(Math.min(wakes, 1));
  });

  it("is reported to logins and challenges in protocol form while DynamoDB is down", async () => {
    await fault({ service: "dynamodb", error: "InternalServerError", status: 500 });
    const socket = socketOf(0);
    socket.send({ mt: "AppChallenge", src: "c" });
    expect(await socket.next()).toMatchObject({ mt: "AppChallengeResult", src: "c", error: "DatabaseErr" });
    socket.send({ mt: "AppLogin", src: "l", domain: "faults-0.example.com", digest: "00" });
    expect(await socket.next()).toMatchObject({ mt: "AppLoginResult", src: "l", ok: false, error: "DatabaseErr" });
  });
});

/** The engine that this process started, as Linux reports it. */
function engine(): number {
  const found = readdirSync("/proc").find((pid) => {
    try {
      const [, parent] = /\) \S (\d+)/u.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynoxide");
    } catch {
      return false; // no such process, or one that has ended
    }
  });
  if (found === undefined) throw new Error("there is no engine");
  return Number(found);
}

// Last, as nothing works after this.
describe("920 posts under seven kinds of fault", () => {
  it("are each answered once, and none is accepted and lost, while DynamoDB's engine is killed", async () => {
    const publish = { service: "sns", operation: "Publish" };
    const read = { service: "dynamodb", operation: "BatchGetItem" };
    await fault({ ...publish, error: "Throttled", status: 429, rate: 0.1 });
    await fault({ ...publish, error: "InternalError", status: 500, rate: 0.025 });
    await fault({ ...publish, error: "InternalError", status: 500, taken: true, rate: 0.025 });
    await fault({ ...publish, latencyMs: 10_000, taken: true, rate: 0.025 });
    await fault({ ...read, partial: true, rate: 0.1 });
    await fault({ ...read, latencyMs: 10_000, rate: 0.05 });
    await fault({ service: "dynamodb", operation: "UpdateItem", error: "ThrottlingException", rate: 0.1 });
    const firstSeen = fresh("seven kinds");
    const tokenOf = (index: number) => (index % 2 === 0 ? known(index) : firstSeen(index));
    const results = await postMany(tokenOf, 920, () => void process.kill(engine(), "SIGKILL"));
    const [throttled = 0, failed = 0, ...others] = await struck();
    expect([throttled, failed, ...others]).not.toContain(0);
    await checkLedger(results, {
      posts: 920,
      errs: ["ApnServiceDown", "ApnError", "DatabaseErr"],
      accepted: 400,
      untaken: throttled + failed,
    });
    const refused = results.filter(({ message }) => message["err"] === "DatabaseErr");
    expect(refused.length).toBeGreaterThan(0);
  });
});
