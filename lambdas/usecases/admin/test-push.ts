import type { App, EventKind } from "../../core/push/apps.ts";
import type { Actor } from "../../core/domains/change.ts";
import type { AccountKey } from "../../core/shared/names.ts";
import { kindOf } from "../../core/push/post.ts";
import type { PushError } from "../../core/push/push-error.ts";
import { type Device, whyUntestable, type Untestable } from "../../core/push/device.ts";
import { deviceKey, parseToken, type PushToken } from "../../core/push/token.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { composeMessage, wakeId } from "../../core/push/message.ts";
import type { Random } from "../../ports/clock.ts";
import type { Domains } from "../../ports/domains.ts";
import { dispatchPosts, type DispatchPorts } from "../push/dispatch.ts";

export interface TestPushPorts extends Omit<DispatchPorts, "limits"> {
  /** Whether there is such an account; its history gets an entry. */
  readonly domains: Pick<Domains, "find" | "note">;
  readonly random: Random;
  readonly apps: readonly App[];
}

export interface TestPush {
  /** The account in whose name it is sent. */
  readonly account: AccountKey;
  readonly token: string;
  readonly type?: EventKind | undefined;
  readonly actor: Actor;
}

/** What a PBX would have heard, and what the vendor said afterwards within the time that we waited. */
export interface TestPushResult {
  /** Undefined: it was accepted. */
  readonly error?: PushError;
  /** App that the token names; undefined where it names none. */
  readonly app?: string;
  readonly type?: EventKind;
  /** Until the answer, in ms. */
  readonly ms: number;
  /** `none`: no failure was reported within `waitedMs`; delivery itself is never confirmed. */
  readonly later?: "gone" | "bad-message" | "none";
  readonly waitedMs?: number;
}

/** From now until the answer, in ms: as long as a PBX's post. */
const DEADLINE_MS = 3_000;
const READ_LIMIT_MS = 1_000;
/** How long, and how often, we look for what SNS reports later, in ms. */
const WAIT_LIMIT_MS = 8_000;
const READ_EVERY_MS = 1_000;

/**
 * One wake-up in an account's name, on the same way that a PBX's post takes, and then a look at what became of it; undefined
 * where neither the account nor the domain that covers it is registered. Throws DependencyError when our own table does not
 * answer.
 */
export function testPush(ports: TestPushPorts): (push: TestPush) => Promise<TestPushResult | undefined> {
  const { clock, apps, telemetry } = ports;
  const send = sendTest(ports);

  const isKnown = async ({ account, domain }: AccountKey) =>
    (await ports.domains.find(account)) !== undefined ||
    (account !== domain && (await ports.domains.find(domain)) !== undefined);

  return async ({ account, token: text, type, actor }) => {
    if (!(await isKnown(account))) return undefined;
    telemetry.metric("Admin", 1, { outcome: "push" });
    const token = parseToken(text, forEverybody(apps));
    if (!token.ok) return { error: token.error, ms: 0 };
    const tested = await send({ account, actor, type, token: token.value, key: deviceKey(token.value) }, clock.now());
    return tested.ok ? tested.value : undefined;
  };
}

/** A phone of which the row is known, and no token. */
export interface KnownPhone {
  readonly account: AccountKey;
  readonly actor: Actor;
  /** Key of its device row. */
  readonly device: string;
  /** Id of its app. */
  readonly app: string;
}

/** The same to a phone that the account's domain has used, and no other domain. Throws DependencyError. */
export function testKnownPhone(
  ports: TestPushPorts,
): (phone: KnownPhone) => Promise<Result<TestPushResult, Untestable>> {
  const send = sendTest(ports);
  return async ({ account, actor, device, app: id }) => {
    const app = forEverybody(ports.apps).find((each) => each.id === id);
    if (app === undefined) return fail("forgotten");
    const token = { app, device: "" };
    return send({ account, actor, type: undefined, token, key: device, tokenless: true }, ports.clock.now());
  };
}

const forEverybody = (apps: readonly App[]) => apps.filter(({ reservedFor }) => reservedFor === undefined);

interface Target extends Pick<TestPush, "account" | "actor" | "type"> {
  readonly token: PushToken;
  readonly key: string;
  readonly tokenless?: true;
}

function sendTest(ports: TestPushPorts) {
  const { clock, context, random } = ports;
  const dispatch = dispatchPosts({
    ...ports,
    limits: { newTokensPerDomainInFirstHour: Infinity, newTokensPerDomainPerHour: Infinity }, // operators' tests are not limited
  });
  const read = (account: string, app: string) => context.read({ deviceKey: account, app }, READ_LIMIT_MS);

  return async (
    { account, actor, type, token, key, tokenless }: Target,
    startedAt: number,
  ): Promise<Result<TestPushResult, Untestable>> => {
    const { app } = token;
    const kind = kindOf(type, app);
    if (!kind.ok) return ok({ error: kind.error, app: app.id, ms: 0 });
    const id = wakeId(random.uuid());
    const wake = { id, kind: kind.value, payload: '{"test":true}', arrivedAt: startedAt };
    const about = { app: app.id, type: kind.value };
    const composed = composeMessage(app, wake, startedAt);
    if (!composed.ok) return ok({ ...about, error: composed.error, ms: 0 });

    const known = await read(key, app.id);
    const seen = known.device?.seenBy(account.domain);
    if (tokenless) {
      const why = whyUntestable(seen, known.device?.isShared(account.domain) ?? false, startedAt, known.breaker);
      if (why !== undefined) return fail(why);
    }
    await ports.domains.note(account.account, {
      at: startedAt,
      action: "test-push",
      actor,
      detail: `${app.id}, ${kind.value}`,
    });
    const session = { ...account, secretId: "operator" };
    const deadline = startedAt + DEADLINE_MS;
    const { outcome } = await dispatch({ token, key, wake, deadline, session, known, ...(tokenless && { tokenless }) });
    const ms = clock.now() - startedAt;
    if (outcome !== undefined) return ok({ ...about, error: outcome, ms });
    const answeredAt = clock.now();
    const before = seen?.tenant?.strikes ?? 0;
    while (clock.now() - answeredAt < WAIT_LIMIT_MS) {
      await clock.sleep(READ_EVERY_MS);
      const { device } = await read(key, app.id);
      const later = outcomeSince(device?.seenBy(account.domain), startedAt, before);
      if (later !== undefined) return ok({ ...about, ms, later, waitedMs: clock.now() - answeredAt });
    }
    return ok({ ...about, ms, later: "none", waitedMs: clock.now() - answeredAt });
  };
}

/** What the device has learned since then. */
function outcomeSince(device: Device | undefined, since: number, strikes: number): "gone" | "bad-message" | undefined {
  if (device?.goneAt !== undefined && device.goneAt >= since) return "gone";
  return (device?.tenant?.strikes ?? 0) > strikes ? "bad-message" : undefined;
}
