import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { connectPbx } from "../../bin/pbx/protocol/client.ts";
import { registrationClient } from "../../bin/pbx/registration.ts";
import type { Pbx } from "../../bin/pbx/protocol/session.ts";
import type { SnsControl } from "../../local/sns/simulator.ts";
import type { Push } from "../../local/sns/types.ts";
import { linkTo } from "./checks/mailbox.ts";

/** What people and PBXes do, at the addresses the stacks gave out. */
export interface Account {
  readonly account: string;
  readonly secret: string;
}

/** Registers a domain by e-mail, with link, code and confirmation. */
export async function register(emulator: string, pages: string, domain: string): Promise<Account> {
  const email = `admin@${domain}`;
  const client = registrationClient(pages, AbortSignal.timeout(60_000));
  const { ticket, code } = await client.start(domain, email);
  const link = await linkTo(emulator, email);
  const before = await client.poll(ticket);
  assert.equal(before.state, "waiting");
  const page = await (await fetch(link)).text();
  assert.match(page, new RegExp(domain.replaceAll(".", "\\."), "u"));
  const confirmed = await fetch(new URL(action(page), link), { method: "POST", body: filled(page, code) });
  assert.ok(confirmed.ok, `the confirmation answered ${confirmed.status}`);
  const after = await client.poll(ticket);
  assert.equal(after.state, "confirmed");
  await client.acknowledge(ticket);
  return { account: after.domain, secret: after.password };
}

const action = (page: string): string => /<form[^>]*\baction="([^"]*)"/u.exec(page)?.[1] ?? "";

/** The form's hidden fields as they are, its one visible text field with the code. */
function filled(page: string, code: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input\b[^>]*>/gu)) {
    const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`, "u").exec(input)?.[1] ?? "";
    if (attribute("name") !== "")
      fields.set(attribute("name"), attribute("type") === "hidden" ? attribute("value") : code);
  }
  return fields;
}

/**
 * Logs a PBX in at the Push object's URL; anything it hears against the protocol fails the check.
 * @param strip whether it leaves out the URL's last component
 */
export async function logIn(url: string, { account, secret }: Account, strip = false): Promise<Pbx> {
  const pbx = await connectPbx({
    url,
    strip,
    account,
    secret,
    onViolation: (what) => {
      throw new Error(`against the protocol: ${what}`);
    },
  });
  await pbx.keepAlive();
  return pbx;
}

/** Sends a post for a new phone and returns what that phone received. */
export async function wake(pbx: Pbx, phones: SnsControl["phones"], app: string, type: string): Promise<Push> {
  const device = app === "android" ? `fcm-${randomBytes(60).toString("base64url")}` : randomBytes(32).toString("hex");
  const { err, info } = await pbx.push({ token: `${app}:${device}`, type, members: { enc: "0123456789abcdef" } });
  assert.equal(err, undefined, `${type} to ${app}: ${err} ${JSON.stringify(info)}`);
  const push = await eventually(() => phones.list().find(({ token }) => token === device));
  assert.equal(push.app.endsWith(app), true);
  assert.equal(push.payload["payload"], JSON.stringify({ type, enc: "0123456789abcdef" }));
  return push;
}

/** Sends a post for a new phone that SNS must not get; returns the error that the PBX hears. */
export async function postInVain(pbx: Pbx, { phones }: Pick<SnsControl, "phones">): Promise<string> {
  const device = randomBytes(32).toString("hex");
  const { err } = await pbx.push({ token: `ios-call:${device}`, type: "call" });
  assert.deepEqual(
    phones.list().filter(({ token }) => token === device),
    [],
  );
  assert.ok(err, "the PBX was told that the phone is woken");
  return err;
}

/** A phone that uninstalled the app: the first post is taken, and the failure that SNS tells later answers the next. */
export async function postToPhoneThatIsGone(pbx: Pbx, { phones }: Pick<SnsControl, "phones">): Promise<void> {
  const device = randomBytes(32).toString("hex");
  const post = { token: `ios-call:${device}`, type: "call" };
  phones.uninstall(device);
  assert.equal((await pbx.push(post)).err, undefined);
  await eventually(async () => ((await pbx.push(post)).err === "Uninstalled" ? true : undefined));
}

/** Tries for 10 s. */
export async function eventually<T>(look: () => T | undefined | null | Promise<T | undefined | null>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    await delay(100);
  }
  throw new Error(`nothing came within 10 s: ${look.toString().slice(0, 80)}`);
}
