import { expect, it } from "vitest";
import { eventually, iosToken, pushes, useHost } from "../support/host.ts";
import { challengeOf, loginFrame, openSocket } from "../support/raw-socket.ts";
import { formsOf, linkTo, poll, post, request } from "../support/registering.ts";

const host = useHost();

/** The longest piece of a secret text that may stand in a log, in characters. */
const LONGEST = 8;

/** Every piece of `text` just longer than what may be logged. */
const pieces = (text: string): string[] =>
  text.length <= LONGEST
    ? [text]
    : Array.from({ length: text.length - LONGEST }, (_, at) => text.slice(at, at + LONGEST + 1));

it("logs the whole story as JSON lines without a secret, digest, key, challenge, token, payload or mail address", async () => {
  const owner = "Somebody.Private@mail.example.org";
  const device = iosToken("nobody may know");
  const { ticket, code } = await request(host(), "private.example.com", owner);
  const link = await linkTo(host(), owner);
  const form = formsOf(await (await fetch(link)).text())[0];
  if (form === undefined) throw new Error("no form");
  await post(link, form, "000000");
  await post(link, form, code);
  const { password } = (await (await poll(host(), ticket)).json()) as { password: string };

  const socket = await openSocket(host().wsUrl);
  const challenge = await challengeOf(socket);
  const login = loginFrame({ account: "private.example.com", secret: password, info: '{"cn":"sEcReT-cN-tExT"}' }, challenge);
  socket.send(login.replace('"mt"', '"key":"0123-the-session-key","mt"'));
  expect(await socket.next()).toMatchObject({ ok: true });
  const wrong = loginFrame({ account: "private.example.com", secret: "wrong-password-1" }, await challengeOf(socket));
  socket.send(wrong);
  expect(await socket.next()).toMatchObject({ ok: false });
  socket.send(loginFrame({ account: "private.example.com", secret: password }, await challengeOf(socket)));
  expect(await socket.next()).toMatchObject({ ok: true });

  for (const members of [
    { token: `ios-call:${device}`, type: "call", data: "ciphertext-of-a-call" },
    { token: `ios-call:${device}`, data: "x".repeat(9_000) },
    { token: "nonsense:my-opaque-device-token" },
  ]) {
    socket.send({ mt: "PushNotifyPost", src: "1", ...members });
    await socket.next();
  }
  socket.send("this is no JSON but hostile-plain-text");
  await socket.next();
  await eventually(async () => ((await pushes(host())).length > 0 ? true : undefined));
  socket.close();
  await eventually(() => Promise.resolve(host().connections.size === 0 ? true : undefined));

  const lines = host().logs.list().map(({ line }) => line);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();

  const digests = [login, wrong].map((text) => (JSON.parse(text) as { digest: string }).digest);
  const secrets = [password, ticket, new URL(link).searchParams.get("link") ?? link, challenge, device, ...digests];
  const texts = ["0123-the-session-key", "sEcReT-cN", "ciphertext", "my-opaque", "hostile-plain", "Somebody.Private", "xxxxxxxxx"];
  const log = lines.join("\n");
  for (const text of [...secrets.flatMap(pieces), ...texts]) {
    expect(log.toLowerCase().includes(text.toLowerCase()), text).toBe(false);
  }
});
