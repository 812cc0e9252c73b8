import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { addAccount, clear, iosToken, postJson, useHost } from "../../support/process/host.ts";
import { type Message, openSession } from "../../support/process/raw-socket.ts";

/** The production limits, as this measures them. */
const host = useHost(() => Promise.resolve({ patience: 1, schedules: true }));
const ACCOUNT = "outages.example.com";

let secret = "";
beforeAll(async () => {
  secret = await addAccount(host(), ACCOUNT);
});

async function connected() {
  return openSession(host(), { account: ACCOUNT, secret });
}

it.each([
  ["Publish answers 503", { service: "sns", operation: "Publish", error: "ServiceUnavailable", status: 503 }, "known"],
  ["Publish answers 429", { service: "sns", operation: "Publish", error: "Throttled", status: 429 }, "known"],
  ["Publish hangs", { service: "sns", operation: "Publish", latencyMs: 10_000 }, "known"],
  [
    "DynamoDB answers 500",
    { service: "dynamodb", operation: "BatchGetItem", error: "InternalServerError", status: 500 },
    "new",
  ],
])("all of 16 calls get through while %s for a second", async (name, rule, kind) => {
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
