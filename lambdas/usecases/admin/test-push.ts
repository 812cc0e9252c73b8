import type { TestPushResult } from "../../core/admin/views.ts";
import type { App, EventKind } from "../../core/push/apps.ts";
import type { Actor } from "../../core/domains/change.ts";
import type { AccountKey } from "../../core/shared/names.ts";
import { kindOf } from "../../core/push/post.ts";
import { type Device, whyUntestable, type Untestable } from "../../core/push/device.ts";
import { deviceKey, parseToken } from "../../core/push/token.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { composeMessage, type Wake, wakeId } from "../../core/push/message.ts";
import type { Random } from "../../ports/clock.ts";
import type { Domains } from "../../ports/domains.ts";
import type { Known } from "../../ports/push.ts";
import { dispatchPosts, type DispatchPorts } from "../push/dispatch.ts";
import type { DispatchJob } from "../push/dispatch-task.ts";

export interface TestPushPorts extends Omit<DispatchPorts, "limits"> {
  /** Finds the account, and adds to its history. */
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

/** Time until the answer, in ms: as for a PBX's post. */
const DEADLINE_MS = 3_000;
const READ_LIMIT_MS = 1_000;
/** How long, and how often, we check what SNS reports later, in ms. */
const WAIT_LIMIT_MS = 8_000;
const READ_EVERY_MS = 1_000;

/**
 * Sends one wake-up in an account's name, the same way as a PBX's post, and then checks what became of it; undefined if
 * neither the account nor the domain that covers it is registered. Throws DependencyError if our own table does not
 * answer.
 */
export function testPush(ports: TestPushPorts): (push: TestPush) => Promise<TestPushResult | undefined> {
  const { clock, random, apps, telemetry } = ports;
  const send = sendTest(ports);

  const isKnown = async ({ account, domain }: AccountKey) =>
    (await ports.domains.find(account)) !== undefined || (await ports.domains.find(domain)) !== undefined;

  return async ({ account, token: text, type, actor }) => {
    if (!(await isKnown(account))) return undefined;
    const startedAt = clock.now();
    telemetry.metric("Admin", 1, { outcome: "push" });
    const token = parseToken(text, forEverybody(apps));
    if (!token.ok) return { error: token.error, ms: 0 };
    const { app } = token.value;
    const wake = testWake(app, type, random, startedAt);
    if (!wake.ok) return wake.error;
    const key = deviceKey(token.value);
    const known = await read(ports, key, app.id);
    return send({ account, actor, token: token.value, key, wake: wake.value, known });
  };
}

/** A phone known by its row, without its token. */
export interface KnownPhone {
  readonly account: AccountKey;
  readonly actor: Actor;
  /** Key of its device row. */
  readonly device: string;
  /** Id of its app. */
  readonly app: string;
}

/** The same for a phone that the account's domain has used, and no other domain. Throws DependencyError. */
export function testKnownPhone(
  ports: TestPushPorts,
): (phone: KnownPhone) => Promise<Result<TestPushResult, Untestable>> {
  const send = sendTest(ports);
  return async ({ account, actor, device: key, app: id }) => {
    const startedAt = ports.clock.now();
    const app = forEverybody(ports.apps).find((each) => each.id === id);
    if (app === undefined) return fail("forgotten");
    const wake = testWake(app, undefined, ports.random, startedAt);
    if (!wake.ok) return ok(wake.error);
    const known = await read(ports, key, id);
    const { device: row, breaker } = known;
    const isShared = row?.isShared(account.domain) ?? false;
    const why = whyUntestable(row?.seenBy(account.domain), isShared, startedAt, breaker);
    if (why !== undefined) return fail(why);
    return ok(
      await send({ account, actor, token: { app, device: "" }, key, wake: wake.value, known, tokenless: true }),
    );
  };
}

const forEverybody = (apps: readonly App[]) => apps.filter(({ reservedFor }) => reservedFor === undefined);

const read = ({ context }: TestPushPorts, deviceKey: string, app: string): Promise<Known> =>
  context.read({ deviceKey, app }, READ_LIMIT_MS);

/** What is sent, or why a phone of this app gets nothing. */
function testWake(
  app: App,
  type: EventKind | undefined,
  random: Random,
  arrivedAt: number,
): Result<Wake, TestPushResult> {
  const kind = kindOf(type, app);
  if (!kind.ok) return fail({ error: kind.error, app: app.id, ms: 0 });
  const wake = { id: wakeId(random.uuid()), kind: kind.value, payload: '{"test":true}', arrivedAt };
  const composed = composeMessage(app, wake, arrivedAt);
  return composed.ok ? ok(wake) : fail({ app: app.id, type: kind.value, error: composed.error, ms: 0 });
}

type Target = Pick<TestPush, "account" | "actor"> & Omit<DispatchJob, "session" | "deadline">;

function sendTest(ports: TestPushPorts): (target: Target) => Promise<TestPushResult> {
  const { clock } = ports;
  const dispatch = dispatchPosts({
    ...ports,
    // Operators' tests are not limited; owners' make no endpoint.
    limits: { newTokensPerDomainInFirstHour: Infinity, newTokensPerDomainPerHour: Infinity },
  });

  /** What is reported about an accepted push. */
  async function reported({ account, token, key, wake, known }: Target) {
    const before = known.device?.seenBy(account.domain).tenant?.strikes ?? 0;
    const from = clock.now();
    while (clock.now() - from < WAIT_LIMIT_MS) {
      await clock.sleep(READ_EVERY_MS);
      const { device } = await read(ports, key, token.app.id);
      const later = outcomeSince(device?.seenBy(account.domain), wake.arrivedAt, before);
      if (later !== undefined) return { later, waitedMs: clock.now() - from };
    }
    return { later: "none", waitedMs: clock.now() - from } as const;
  }

  return async (target) => {
    const { account, actor, ...job } = target;
    const { kind: type, arrivedAt: at } = job.wake;
    const app = job.token.app.id;
    await ports.domains.note(account.account, { at, action: "test-push", actor, detail: `${app}, ${type}` });
    const { outcome } = await dispatch({ ...job, deadline: at + DEADLINE_MS, session: account });
    const ms = clock.now() - at;
    if (outcome !== undefined) return { app, type, error: outcome, ms };
    return { app, type, ms, ...(await reported(target)) };
  };
}

/** What became known about the device since then. */
function outcomeSince(device: Device | undefined, since: number, strikes: number): "gone" | "bad-message" | undefined {
  if (device?.goneAt !== undefined && device.goneAt >= since) return "gone";
  return (device?.tenant?.strikes ?? 0) > strikes ? "bad-message" : undefined;
}
