import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { addAccount, iosToken, pushes, useHost } from "../support/process/host.ts";
import { openSession } from "../support/process/raw-socket.ts";

/**
 * What one account can send to one phone when ten execution environments of the push function share one store: each counts
 * for itself. The entrypoint is loaded ten times, over the local host's AWS, and gets events as API Gateway would send them.
 */
const host = useHost();
const ACCOUNT = "one-phone.example.com";
const ENVIRONMENTS = 10;
type Handler = (event: object, context: object) => Promise<{ readonly body?: string }>;

let connectionId = "";
beforeAll(async () => {
  const secret = await addAccount(host(), ACCOUNT);
  await openSession(host(), { account: ACCOUNT, secret });
  connectionId = [...host().connections.keys()][0] ?? "";
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function executionEnvironments(): Promise<readonly Handler[]> {
  const push = host().functions.find(({ definition }) => definition.environment()["DEADLINE_MS"] !== undefined);
  for (const [name, value] of Object.entries(push?.definition.environment() ?? {})) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, "write").mockReturnValue(true); // the functions' own log
  return Promise.all(
    Array.from({ length: ENVIRONMENTS }, async (_, nth) => {
      const path = `../../lambdas/entrypoints/push.ts?environment=${String(nth)}`;
      return ((await import(path)) as { readonly handler: Handler }).handler;
    }),
  );
}

interface Result {
  readonly err?: string;
  readonly info?: string;
}
async function post(handler: Handler, token: string, src: number): Promise<Result> {
  const requestContext = { connectionId, eventType: "MESSAGE", requestTimeEpoch: Date.now(), requestId: "r" };
  const body = JSON.stringify({ mt: "PushNotifyPost", src: String(src), token });
  return JSON.parse((await handler({ requestContext, body }, {})).body ?? "") as Result;
}

it("accepts 200 posts to one phone at once and ten a second: twenty and one in each execution environment", async () => {
  const environments = await executionEnvironments();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const token = `ios-call:${iosToken("shared by two tenants")}`;
  /** That many posts to each, one at a time as in Lambda; returns how many were accepted. */
  const burst = async (each: number) => {
    const answers = await Promise.all(
      environments.map(async (handler) => {
        const said: Result[] = [];
        for (let sent = 0; sent < each; sent += 1) said.push(await post(handler, token, sent));
        return said;
      }),
    );
    const refused = answers.flat().filter(({ err }) => err !== undefined);
    for (const { err, info } of refused)
      expect([err, info]).toEqual([
        "ApnProcessingErr",
        "limit of this service: too many posts to this phone, one a second is taken, nothing was sent",
      ]);
    return answers.flat().length - refused.length;
  };

  const atOnce = await burst(40);
  const bySecond: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    vi.setSystemTime(Date.now() + 1_000);
    bySecond.push(await burst(2));
  }
  expect([atOnce, bySecond]).toEqual([200, Array(10).fill(10)]);
  await host().sns.settled();
  expect(await pushes(host())).toHaveLength(300);
});

it("refuses no call to a phone in a call queue that is called every three seconds for ten minutes", async () => {
  const [handler = expect.fail("no function push")] = await executionEnvironments();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const token = `ios-call:${iosToken("in a queue")}`;
  for (let call = 0; call < 200; call += 1) {
    expect(await post(handler, token, call)).not.toHaveProperty("err");
    vi.setSystemTime(Date.now() + 3_000);
  }
});
