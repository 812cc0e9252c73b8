import { expect, it } from "vitest";
import { eventually, iosToken, pushes, useHost } from "../support/host.ts";
import { challengeOf, loginFrame, openSocket } from "../support/raw-socket.ts";
import { formsOf, linkTo, mailsTo, poll, post, request } from "../support/registering.ts";

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

  const [lost, android] = [iosToken("uninstalled, not to be known"), "instance-id-of-nobody:APA91b-android-token-of-nobody"];
  const posts = [
    { token: `ios-call:${device}`, type: "call", data: "ciphertext-of-a-call" },
    { token: `ios-call:${device}`, data: "x".repeat(9_000) },
    { token: `ios:${device}`, type: "notification", data: "ciphertext-of-a-note" },
    { token: `android:${android}`, type: "call", data: "ciphertext-for-android" },
    { token: "nonsense:my-opaque-device-token" },
    { token: `ios-call:${lost}` },
    { token: `ios-call:${lost}` }, // SNS tells that the app is gone
  ];
  host().sns.phones.uninstall(lost);
  const send = async () => {
    for (const members of posts) {
      socket.send({ mt: "PushNotifyPost", src: "1", ...members });
      await socket.next();
    }
  };
  await send();
  for (const fault of [{ error: "InternalError", status: 500 }, { error: "Throttled", status: 429 }, { error: "InvalidParameter", status: 400 }]) {
    host().faults.add({ service: "sns", ...fault });
    await send();
    host().faults.clear();
  }
  await eventually(async () => (host().logs.list().some(({ line }) => /"Delivery"/u.test(line)) ? Promise.resolve(true) : undefined));

  // The operator: a secret by hand, another owner, a search by address, a phone; an address that bounces.
  const [byHand, heir] = ["byHandSecret123", "Heir.Private@mail.example.org"];
  const operator = (path: string, body?: object) =>
    fetch(`${host().url}/_local/admin${path}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    }).then((response) => response.text());
  const told = [
    await operator("/domains", { account: "handmade.example.com", secret: byHand, owner }),
    await operator("/domain/replace?account=handmade.example.com", {}),
    await operator("/domain/transfer?account=handmade.example.com", { to: heir }),
    await operator(`/domains?search=${encodeURIComponent(owner)}`),
    await operator("/push", { token: `ios-call:${device}`, account: "private.example.com" }),
  ];
  const issued = told.flatMap((text) => (/"secret":"(\w+)"/u.exec(text)?.[1] ?? []));
  expect(issued.length).toBeGreaterThanOrEqual(2);
  await eventually(async () => ((await mailsTo(host(), heir.toLowerCase())).length + (await mailsTo(host(), heir)).length > 0 ? true : undefined));

  // The owner again: another secret in place of the first.
  const again = await request(host(), "private.example.com", owner);
  const second = await linkTo(host(), owner, (await mailsTo(host(), owner)).length + 1);
  const replacing = formsOf(await (await fetch(second)).text()).find(({ hidden }) => "replace" in hidden);
  if (replacing === undefined) throw new Error("no form to replace");
  await post(second, replacing, again.code);
  const replaced = (await (await poll(host(), again.ticket)).json()) as { password: string };
  expect(replaced.password).toMatch(/^\w{15}$/u);
  socket.send("this is no JSON but hostile-plain-text");
  await socket.next();
  await eventually(async () => ((await pushes(host())).length > 0 ? true : undefined));
  socket.close();
  await eventually(() => Promise.resolve(host().connections.size === 0 ? true : undefined));

  const lines = host().logs.list().map(({ line }) => line);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();

  const digests = [login, wrong].map((text) => (JSON.parse(text) as { digest: string }).digest);
  const links = [link, second].map((each) => new URL(each).searchParams.get("link") ?? each);
  const tokens = [device, lost, android];
  const secrets = [password, byHand, ...issued, replaced.password, ticket, again.ticket, ...links, challenge, ...tokens, ...digests];
  const names = ["Somebody.Private", "Heir.Private", "mail.example.org"];
  const texts = ["0123-the-session-key", "sEcReT-cN", "ciphertext", "my-opaque", "hostile-plain", "xxxxxxxxx", ...names];
  const log = lines.join("\n");
  for (const text of [...secrets.flatMap(pieces), ...texts]) {
    expect(log.toLowerCase().includes(text.toLowerCase()), text).toBe(false);
  }
  // Six digits may stand in a time or an id; a code stands alone.
  for (const each of [code, again.code]) expect(log).not.toMatch(new RegExp(`(?<![\\w.-])${each}(?![\\w.-])`, "u"));
});
