import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { connectPbx } from "../../bin/pbx/protocol/client.ts";
import type { Pbx } from "../../bin/pbx/protocol/session.ts";
import type { SnsControl } from "../../local/sns/simulator.ts";
import type { Push } from "../../local/sns/types.ts";
import type { Login } from "../../bin/story/world.ts";

/**
 * Logs a PBX in at the Push object's URL; any message that violates the protocol fails the check.
 */
export async function logIn(url: string, { account, secret }: Login): Promise<Pbx> {
  const pbx = await connectPbx({
    url,
    account,
    secret,
    onViolation: (what) => {
      throw new Error(`protocol violation: ${what}`);
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

/** Sends a post for a new phone that must not reach SNS; returns the error that the PBX gets. */
export async function postInVain(pbx: Pbx, { phones }: Pick<SnsControl, "phones">): Promise<string> {
  const device = randomBytes(32).toString("hex");
  const { err } = await pbx.push({ token: `ios-call:${device}`, type: "call" });
  assert.deepEqual(
    phones.list().filter(({ token }) => token === device),
    [],
  );
  assert.ok(err, "the PBX got the answer that the phone is woken");
  return err;
}

/** Tries for 10 s. */
export async function eventually<T>(look: () => T | undefined | null | Promise<T | undefined | null>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    await delay(100);
  }
  throw new Error(`no result within 10 s: ${look.toString().slice(0, 80)}`);
}
