import type { App, EventKind } from "../../core/push/apps.ts";
import type { Actor } from "../../core/domains/change.ts";
import type { Device } from "../../core/push/device.ts";
import type { AccountKey } from "../../core/shared/names.ts";
import { kindOf } from "../../core/push/post.ts";
import type { PushError } from "../../core/push/push-error.ts";
import { deviceKey, parseToken } from "../../core/push/token.ts";
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
  const { clock, context, random, apps, telemetry } = ports;
  const dispatch = dispatchPosts({
    ...ports,
    limits: { newTokensPerDomainInFirstHour: Infinity, newTokensPerDomainPerHour: Infinity }, // operators' tests are not limited
  });
  const read = (account: string, app: string) => context.read({ deviceKey: account, app }, READ_LIMIT_MS);

  const isKnown = async ({ account, domain }: AccountKey) =>
    (await ports.domains.find(account)) !== undefined ||
    (account !== domain && (await ports.domains.find(domain)) !== undefined);

  return async ({ account, token: text, type, actor }) => {
    if (!(await isKnown(account))) return undefined;
    const startedAt = clock.now();
    telemetry.metric("Admin", 1, { outcome: "push" });
    const token = parseToken(
      text,
      apps.filter(({ reservedFor }) => reservedFor === undefined),
    );
    if (!token.ok) return { error: token.error, ms: 0 };
    const { app } = token.value;
    const kind = kindOf(type, app);
    if (!kind.ok) return { error: kind.error, app: app.id, ms: 0 };
    const id = wakeId(random.uuid());
    const wake = { id, kind: kind.value, payload: '{"test":true}', arrivedAt: startedAt };
    const about = { app: app.id, type: kind.value };
    const composed = composeMessage(app, wake, startedAt);
    if (!composed.ok) return { ...about, error: composed.error, ms: 0 };

    await ports.domains.note(account.account, {
      at: startedAt,
      action: "test-push",
      actor,
      detail: `${app.id}, ${kind.value}`,
    });
    const key = deviceKey(token.value);
    const known = await read(key, app.id);
    const session = { ...account, secretId: "operator" };
    const { outcome } = await dispatch({
      token: token.value,
      key,
      wake,
      deadline: startedAt + DEADLINE_MS,
      session,
      known,
    });
    const ms = clock.now() - startedAt;
    if (outcome !== undefined) return { ...about, error: outcome, ms };
    const answeredAt = clock.now();
    const before = known.device?.seenBy(account.domain).tenant?.strikes ?? 0;
    while (clock.now() - answeredAt < WAIT_LIMIT_MS) {
      await clock.sleep(READ_EVERY_MS);
      const { device } = await read(key, app.id);
      const later = outcomeSince(device?.seenBy(account.domain), startedAt, before);
      if (later !== undefined) return { ...about, ms, later, waitedMs: clock.now() - answeredAt };
    }
    return { ...about, ms, later: "none", waitedMs: clock.now() - answeredAt };
  };
}

/** What the device has learned since then. */
function outcomeSince(device: Device | undefined, since: number, strikes: number): "gone" | "bad-message" | undefined {
  if (device?.goneAt !== undefined && device.goneAt >= since) return "gone";
  return (device?.tenant?.strikes ?? 0) > strikes ? "bad-message" : undefined;
}
