import { expect, it } from "vitest";
import { addAccount, clear, iosToken, postJson, useHost } from "../support/process/host.ts";
import { type Message, logIn, openSocket } from "../support/process/raw-socket.ts";

/** What it measures are the true limits. */
const host = useHost(() => Promise.resolve({ patience: 1 }));
const ACCOUNT = "calm.example.com";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function connected() {
  const socket = await openSocket(host().wsUrl);
  expect(await logIn(socket, { account: ACCOUNT, secret: await addAccount(host(), ACCOUNT) })).toMatchObject({ ok: true });
  return socket;
}

it("two strangers that send 7,500 posts are closed, and cost a PBX nothing after a second", async () => {
  const pbx = await connected();
  const post = async (src: string): Promise<Message> => {
    pbx.send({ mt: "PushNotifyPost", src, token: `ios-call:${iosToken("calm")}` });
    return pbx.next();
  };
  expect(await post("before")).not.toHaveProperty("err");
  const strangers = await Promise.all([1, 2].map(() => openSocket(host().wsUrl)));
  const startedAt = Date.now();
  for (let sent = 0; sent < 3_750; sent += 1) {
    for (const stranger of strangers) stranger.send({ mt: "PushNotifyPost", src: String(sent), token: `ios-call:${iosToken("x")}` });
    if (sent % 100 === 99) await pause(50);
  }
  await Promise.all(strangers.map(({ closed }) => closed));
  const closedAfter = Date.now() - startedAt;
  await pause(Math.max(0, 1_000 - closedAfter));
  const results: Message[] = [];
  for (let sent = 0; sent < 20; sent += 1) results.push(await post(`after ${String(sent)}`));
  console.log(`strangers closed ${String(closedAfter)} ms after the flood began`);
  expect(results.filter((result) => result.mt !== "PushNotifyPostResult" || "err" in result)).toEqual([]);
  pbx.close();
});

it.each([
  ["Publish answers 503", { service: "sns", operation: "Publish", error: "ServiceUnavailable", status: 503 }, "known"],
  ["Publish answers 429", { service: "sns", operation: "Publish", error: "Throttled", status: 429 }, "known"],
  ["Publish hangs", { service: "sns", operation: "Publish", latencyMs: 10_000 }, "known"],
  ["DynamoDB answers 500", { service: "dynamodb", operation: "BatchGetItem", error: "InternalServerError", status: 500 }, "new"],
])("16 calls while %s for a second all get through", async (name, rule, kind) => {
  const pbx = await connected();
  const tokens = Array.from({ length: 16 }, (_, nth) => `ios-call:${iosToken(`${name} ${String(nth)}`)}`);
  const postAll = async (): Promise<Message[]> => {
    for (const [nth, token] of tokens.entries()) pbx.send({ mt: "PushNotifyPost", src: String(nth), token });
    return Promise.all(tokens.map(() => pbx.next()));
  };
  if (kind === "known") await postAll();
  expect((await postJson(`${host().url}/_local/faults`, rule)).ok).toBe(true);
  const over = pause(1_000).then(() => clear(host(), "faults"));
  const results = await postAll();
  await over;
  expect(results.filter((result) => "err" in result)).toEqual([]);
  pbx.close();
});
