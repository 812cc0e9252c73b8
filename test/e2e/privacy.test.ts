import { expect, it } from "vitest";
import { clear, iosToken, postJson, pushes, useHost } from "../support/process/host.ts";
import { challengeOf, loginFrame, openSocket, type RawSocket } from "../support/process/raw-socket.ts";
import { formsOf, linkTo, mailsTo, poll, post, request } from "../support/services/register.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();
const DOMAIN = "private.example.com";
const [OWNER, HEIR] = ["Somebody.Private@mail.example.org", "Heir.Private@mail.example.org"];
const [DEVICE, LOST, ANDROID] = [
  iosToken("nobody may know"),
  iosToken("uninstalled, not to be known"),
  "instance-of-nobody:APA91b-android-token",
];

/** Every text from one part of the story that no log may contain. */
type Secrets = readonly string[];

/** The longest piece of a secret text that a log may contain, in characters. */
const LONGEST = 8;

/** Every piece of `text` just longer than what may be logged. */
const pieces = (text: string): string[] =>
  text.length <= LONGEST
    ? [text]
    : Array.from({ length: text.length - LONGEST }, (_, at) => text.slice(at, at + LONGEST + 1));

/** Registers, with one wrong code; an existing password is replaced. */
async function registers(): Promise<{ password: string; code: string; secrets: Secrets }> {
  const { ticket, code } = await request(host(), DOMAIN, OWNER);
  const link = await linkTo(host(), OWNER, (await mailsTo(host(), OWNER)).length + 1);
  const form = formsOf(await (await fetch(link)).text()).at(-1);
  if (form === undefined) throw new Error("no form");
  await post(link, form, code === "000000" ? "000001" : "000000");
  await post(link, form, code);
  const { password } = (await (await poll(host(), ticket)).json()) as { password: string };
  return { password, code, secrets: [password, ticket, new URL(link).searchParams.get("link") ?? link] };
}

async function logsIn(socket: RawSocket, secret: string): Promise<Secrets> {
  const challenge = await challengeOf(socket);
  const right = loginFrame({ account: DOMAIN, secret, info: '{"cn":"sEcReT-cN-tExT"}' }, challenge);
  socket.send(right.replace('"mt"', '"key":"0123-the-session-key","mt"'));
  expect(await socket.next()).toMatchObject({ ok: true });
  const wrong = loginFrame({ account: DOMAIN, secret: "wrong-password-1" }, await challengeOf(socket));
  socket.send(wrong);
  expect(await socket.next()).toMatchObject({ ok: false });
  socket.send(loginFrame({ account: DOMAIN, secret }, await challengeOf(socket)));
  expect(await socket.next()).toMatchObject({ ok: true });
  const digests = [right, wrong].map((text) => (JSON.parse(text) as { digest: string }).digest);
  return [challenge, ...digests, "sEcReT-cN", "0123-the-session-key"];
}

const POSTS = [
  { token: `ios-call:${DEVICE}`, type: "call", data: "ciphertext-of-a-call" },
  { token: `ios-call:${DEVICE}`, data: "x".repeat(9_000) },
  { token: `ios:${DEVICE}`, type: "notification", data: "ciphertext-of-a-note" },
  { token: `android:${ANDROID}`, type: "call", data: "ciphertext-for-android" },
  { token: "nonsense:my-opaque-device-token" },
  { token: `ios-call:${LOST}` },
  { token: `ios-call:${LOST}` }, // SNS tells that the app is gone
];

/** Posts while SNS works, fails, throttles and refuses. */
async function posts(socket: RawSocket): Promise<Secrets> {
  host().sns.phones.uninstall(LOST);
  for (const fault of [undefined, ["InternalError", 500], ["Throttled", 429], ["InvalidParameter", 400]] as const) {
    if (fault) await postJson(`${host().url}/_local/faults`, { service: "sns", error: fault[0], status: fault[1] });
    for (const members of POSTS) {
      socket.send({ mt: "PushNotifyPost", src: "1", ...members });
      await socket.next();
    }
    await clear(host(), "faults");
  }
  socket.send("this is no JSON but hostile-plain-text");
  await socket.next();
  await eventually(async () => ((await pushes(host())).length > 0 ? true : undefined));
  await eventually(() =>
    Promise.resolve(
      host()
        .logs.list()
        .some(({ line }) => line.includes('"Delivery"')) || undefined,
    ),
  );
  return [DEVICE, LOST, ANDROID, "ciphertext", "my-opaque", "hostile-plain", "xxxxxxxxx"];
}

/** A chosen secret, another one, another owner, a search by address, a phone. */
async function operates(): Promise<Secrets> {
  const operator = async (path: string, body: object) =>
    (await postJson(`${host().url}/_local/admin${path}`, body)).text();
  const account = "handmade.example.com";
  const told = [
    await operator("/domains", { account, secret: "byHandSecret123", owner: OWNER }),
    await operator(`/domain/replace?account=${account}`, {}),
    await operator(`/domain/transfer?account=${account}`, { to: HEIR }),
    await operator("/push", { token: `ios-call:${DEVICE}`, account: DOMAIN }),
    await (await fetch(`${host().url}/_local/admin/domains?search=${encodeURIComponent(OWNER)}`)).text(),
  ];
  const issued = told.flatMap((text) => /"secret":"(\w+)"/u.exec(text)?.[1] ?? []);
  expect(issued.length).toBeGreaterThanOrEqual(2);
  await eventually(async () => ((await mailsTo(host(), HEIR.toLowerCase())).length > 0 ? true : undefined));
  return issued;
}

it("logs the whole story as JSON lines without a secret, digest, key, challenge, token, payload or email address", async () => {
  const first = await registers();
  const socket = await openSocket(host().wsUrl);
  const secrets = [
    ...first.secrets,
    ...(await logsIn(socket, first.password)),
    ...(await posts(socket)),
    ...(await operates()),
  ];
  const second = await registers();
  socket.close();
  await eventually(() => Promise.resolve(host().connections.size === 0 ? true : undefined));

  const lines = host()
    .logs.list()
    .map(({ line }) => line);
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  const log = lines.join("\n");
  const addresses = ["Somebody.Private", "Heir.Private", "mail.example.org"];
  for (const text of [...secrets, ...second.secrets].flatMap(pieces).concat(addresses)) {
    expect(log.toLowerCase().includes(text.toLowerCase()), text).toBe(false);
  }
  // A time or an id may contain six digits; a code would be on its own.
  for (const { code } of [first, second]) expect(log).not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`, "u"));
});
