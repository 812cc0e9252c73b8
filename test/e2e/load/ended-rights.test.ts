import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { addAccount, iosToken, postJson, useHost } from "../../support/process/host.ts";
import {
  challengeOf,
  logIn,
  loginFrame,
  type Message,
  openSession,
  type RawSocket,
} from "../../support/process/raw-socket.ts";

/**
 * Ending a login ends its posts within 10 s, even if no socket can be closed: run once, in real time, with posts all the
 * time. Only the time at which a post was sent counts, so a busy machine changes nothing.
 */
const host = useHost(() => Promise.resolve({ schedules: true }));
const BELIEVED_MS = 10_000;
/** Posts continue, and DeleteConnection fails, for this long, in ms. */
const PLAYED_MS = 20_000;
const EVERY_MS = 200;
/** A post is answered within this time, in ms, and its log line has the time of the answer. */
const LATEST_ANSWER_MS = 3_500;

const secrets = new Map<string, string>();
const ACCOUNTS = ["suspended", "failing", "changing", "changed"].map((name) => `${name}.example.com`);
beforeAll(async () => {
  for (const account of ACCOUNTS) secrets.set(account, await addAccount(host(), account));
});

interface Answered {
  readonly at: number;
  readonly message: Message;
}

async function connected(account: string): Promise<RawSocket> {
  return openSession(host(), { account, secret: secrets.get(account) ?? "" });
}

/** Posts until the time is over; returns every answer with the time its post was sent, by our clock. */
async function postOn(socket: RawSocket, name: string, until: number): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (let sent = 0; Date.now() < until; sent += 1) {
    const at = Date.now();
    // A phone for each, so that no limit refuses what only the login should.
    const token = `ios-call:${iosToken(`${name} ${String(sent % 20)}`)}`;
    socket.send({ mt: "PushNotifyPost", src: String(sent), token });
    answers.push({ at, message: await socket.next() });
    await pause(EVERY_MS);
  }
  return answers;
}
const accepted = (answers: readonly Answered[], from: number) =>
  answers.filter(({ at, message }) => at > from && message["err"] === undefined);

it("accepts no post later than 10 s after a suspension or a failed second login, while no socket can be closed", async () => {
  const failing = { service: "execute-api", operation: "DeleteConnection", error: "InternalServerError", status: 500 };
  expect((await postJson(`${host().url}/_local/faults`, failing)).ok).toBe(true);
  const [suspended, refused, changed] = await Promise.all(ACCOUNTS.slice(0, 3).map(connected));
  if (suspended === undefined || refused === undefined || changed === undefined) throw new Error("not connected");
  for (const [name, socket] of Object.entries({ suspended, refused, changed })) {
    socket.send({ mt: "PushNotifyPost", src: "before", token: `ios-call:${iosToken(`${name} 0`)}` });
    expect(await socket.next()).not.toHaveProperty("err");
  }

  const suspending = await fetch(`${host().url}/_local/admin/domain/suspend?account=suspended.example.com`, {
    method: "POST",
  });
  expect(suspending.ok).toBe(true); // the suspension holds, though the socket stays open
  refused.send(loginFrame({ account: "failing.example.com", secret: "wrong" }, await challengeOf(refused)));
  expect(await refused.next()).toMatchObject({ mt: "AppLoginResult", ok: false });
  expect(
    await logIn(changed, { account: "changed.example.com", secret: secrets.get("changed.example.com") ?? "" }),
  ).toMatchObject({ ok: true });

  const ended = Date.now();
  const until = ended + PLAYED_MS;
  const [ofSuspended, ofRefused, ofChanged] = await Promise.all([
    postOn(suspended, "suspended", until),
    postOn(refused, "refused", until),
    postOn(changed, "changed", until),
  ]);
  expect(host().calls.list()["execute-api.DeleteConnection"] ?? 0).toBeGreaterThan(0); // tried without success
  for (const answers of [ofSuspended, ofRefused]) {
    const late = answers.filter(({ at }) => at > ended + BELIEVED_MS);
    expect(late.length).toBeGreaterThan(0);
    expect(accepted(answers, ended + BELIEVED_MS)).toEqual([]);
    expect(late.map(({ message }) => [message["err"], message["info"]])).toEqual(
      late.map(() => ["Malformed", "not logged in: send AppLogin first"]),
    );
  }
  // As another account: posts continue in that account's name, no longer in the first one's.
  expect(accepted(ofChanged, ended + BELIEVED_MS).length).toBeGreaterThan(0);
  const inFirstName = host()
    .logs.list()
    .filter(({ line }) => line.includes('"post answered"') && line.includes('"account":"changing.example.com"'));
  expect(inFirstName.length).toBeGreaterThan(0);
  expect(inFirstName.filter(({ at }) => at > ended + BELIEVED_MS + LATEST_ANSWER_MS)).toEqual([]);
  console.log(
    `accepted after the end: ${String(accepted(ofSuspended, ended).length)} of the suspended account, ${String(accepted(ofRefused, ended).length)} after the failed login; none later than 10 s`,
  );
  for (const socket of [suspended, refused, changed]) socket.close();
});
