import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { addAccount, iosToken, useHost } from "../../support/process/host.ts";
import { type Message, openSession, openSocket } from "../../support/process/raw-socket.ts";

const host = useHost(() => Promise.resolve({ schedules: true }));
const ACCOUNT = "calm.example.com";

let secret = "";
beforeAll(async () => {
  secret = await addAccount(host(), ACCOUNT);
});

async function connected() {
  return openSession(host(), { account: ACCOUNT, secret });
}

it("two sockets without login that send 7,500 posts are closed, after which a PBX's posts succeed", async () => {
  const pbx = await connected();
  const post = async (src: string): Promise<Message> => {
    pbx.send({ mt: "PushNotifyPost", src, token: `ios-call:${iosToken("calm")}` });
    return pbx.next();
  };
  expect(await post("before")).not.toHaveProperty("err");
  const strangers = await Promise.all([1, 2].map(() => openSocket(host().wsUrl)));
  const startedAt = Date.now();
  for (let sent = 0; sent < 3_750; sent += 1) {
    for (const stranger of strangers)
      stranger.send({ mt: "PushNotifyPost", src: String(sent), token: `ios-call:${iosToken("x")}` });
    if (sent % 100 === 99) await pause(50);
  }
  await Promise.all(strangers.map(({ closed }) => closed));
  const closedAfter = Date.now() - startedAt;
  await pause(Math.max(0, 1_000 - closedAfter));
  const results: Message[] = [];
  for (let sent = 0; sent < 20; sent += 1) results.push(await post(`after ${String(sent)}`));
  console.log(`sockets without login closed ${String(closedAfter)} ms after the flood began`);
  expect(results.filter((result) => result.mt !== "PushNotifyPostResult" || "err" in result)).toEqual([]);
  pbx.close();
});
