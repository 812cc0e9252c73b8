import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addAccount, clear, iosToken, postJson, pushes, useHost } from "../support/host.ts";
import { logIn, openSocket, type Message, type RawSocket } from "../support/raw-socket.ts";

const host = useHost();
const ACCOUNT = "faults.example.com";
const POSTS = 1_000;
const RATE = 100; // posts a second
/** Deadline of a post and what a result may be later, in ms. */
const LATEST = 3_000 + 500;

let socket: RawSocket;

beforeAll(async () => {
  const secret = await addAccount(host(), ACCOUNT);
  socket = await openSocket(host().wsUrl);
  await logIn(socket, { account: ACCOUNT, secret });
  const tokens = Array.from({ length: 20 }, (_, index) => token(index));
  for (const known of tokens) {
    socket.send({ mt: "PushNotifyPost", src: known, token: known });
    expect(await socket.next()).not.toHaveProperty("err");
  }
});
beforeEach(async () => {
  await clear(host(), "faults");
  await clear(host(), "pushes");
});

const token = (index: number) => `ios-call:${iosToken(`phone ${String(index % 20)}`)}`;
const fault = async (rule: object) => expect((await postJson(`${host().url}/_local/faults`, rule)).ok).toBe(true);

interface Result {
  readonly message: Message;
  /** From post to result, ms. */
  readonly ms: number;
}

/** Posts at a steady rate and takes every result; exactly one for each, or it fails. */
async function postMany(count: number): Promise<Result[]> {
  const sent = new Map<string, number>();
  const results: Result[] = [];
  const taking = (async () => {
    for (let taken = 0; taken < count; taken += 1) {
      const message = await socket.next(15_000);
      const at = sent.get(String(message["src"]));
      if (at === undefined) throw new Error(`a second result for ${String(message["src"])}`);
      sent.delete(String(message["src"]));
      results.push({ message, ms: Date.now() - at });
    }
  })();
  for (let index = 0; index < count; index += 1) {
    sent.set(`p${String(index)}`, Date.now());
    socket.send({ mt: "PushNotifyPost", src: `p${String(index)}`, token: token(index), n: index });
    if (index % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 10_000 / RATE));
  }
  await taking;
  expect(await socket.rest(200)).toEqual([]);
  return results;
}

/** Compares posts, results and phones: nothing dropped in silence, nothing late, nothing rings for a dead call. */
async function checkLedger(results: readonly Result[]): Promise<void> {
  expect(results).toHaveLength(POSTS);
  expect(Math.max(...results.map(({ ms }) => ms))).toBeLessThanOrEqual(LATEST);
  const received = await pushes(host());
  const wakes = new Map<string, number>();
  for (const { payload, at } of received) {
    expect(at).toBeLessThanOrEqual(Number(payload["sentAt"]) + Number(payload["ttl"]) * 1000);
    wakes.set(String(payload["id"]), (wakes.get(String(payload["id"])) ?? 0) + 1);
  }
  const accepted = results.filter(({ message }) => message["err"] === undefined).length;
  const unknown = results.filter(({ message }) => String(message["info"]).startsWith("unknown")).length;
  expect(wakes.size).toBeGreaterThanOrEqual(accepted);
  expect(wakes.size).toBeLessThanOrEqual(accepted + unknown);
  expect(Math.max(...wakes.values())).toBeLessThanOrEqual(2);
}

describe("1,000 posts", () => {
  it("under throttling, errors and hangs of SNS", { timeout: 90_000 }, async () => {
    await fault({ service: "sns", operation: "Publish", error: "Throttled", status: 429, rate: 0.2 });
    await fault({ service: "sns", operation: "Publish", error: "InternalError", status: 500, rate: 0.05 });
    await fault({ service: "sns", operation: "Publish", latencyMs: 10_000, rate: 0.05 });
    const results = await postMany(POSTS);
    await checkLedger(results);
    const errors = new Set(results.flatMap(({ message: { err } }) => (typeof err === "string" ? [err] : [])));
    expect([...errors].filter((err) => !["ApnServiceDown", "ApnError"].includes(err))).toEqual([]);
  });

  it("under throttling and hangs of DynamoDB", { timeout: 90_000 }, async () => {
    await fault({ service: "dynamodb", operation: "BatchGetItem", partial: true, rate: 0.2 });
    await fault({ service: "dynamodb", operation: "BatchGetItem", error: "ThrottlingException", status: 400, rate: 0.2 });
    await fault({ service: "dynamodb", operation: "BatchGetItem", latencyMs: 10_000, rate: 0.1 });
    await checkLedger(await postMany(POSTS));
  });
});

describe("a dependency that is away altogether", () => {
  it.each([
    ["SNS hangs", { service: "sns", latencyMs: 10_000 }, /^ApnError$/u],
    ["SNS throttles", { service: "sns", operation: "Publish", error: "Throttled", status: 429 }, /^ApnServiceDown$/u],
  ])("%s", async (_, rule, err) => {
    await fault(rule);
    const startedAt = Date.now();
    socket.send({ mt: "PushNotifyPost", src: "x", token: token(1) });
    const { err: said } = await socket.next(6_000);
    expect(Date.now() - startedAt).toBeLessThanOrEqual(LATEST);
    expect(said).toMatch(err);
  });

  it("answers logins and challenges in protocol form while DynamoDB is away", async () => {
    await fault({ service: "dynamodb", error: "InternalServerError", status: 500 });
    socket.send({ mt: "AppChallenge", src: "c" });
    expect(await socket.next(10_000)).toMatchObject({ mt: "AppChallengeResult", src: "c", error: "DatabaseErr" });
    socket.send({ mt: "AppLogin", src: "l", domain: ACCOUNT, digest: "00" });
    expect(await socket.next(10_000)).toMatchObject({ mt: "AppLoginResult", src: "l", ok: false, error: "DatabaseErr" });
  });
});
