import { CANARY_ACCOUNT, frames, isWakeUp, probeToken, type CanaryStep } from "../../core/monitoring/canary.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { add } from "../../core/domains/domains.ts";
import { SECRET_BYTES } from "../../core/domains/secrets.ts";
import type {
  Answer,
  CanaryAccount,
  CanaryPhone,
  PbxDialer,
  PbxLine,
  ProbedApp,
  PushRights,
} from "../../ports/monitoring.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface CanaryPorts {
  readonly dialer: PbxDialer;
  readonly phone: CanaryPhone;
  readonly account: CanaryAccount;
  readonly rights: PushRights;
  /** Apps whose pushes go to phones. */
  readonly apps: readonly ProbedApp[];
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Longest time for one step, a connection or an answer, in ms: a PBX waits no longer for a call. */
const STEP_LIMIT_MS = 4_000;
/** Longest time for a whole run, in ms: it ends before its function times out. */
const RUN_LIMIT_MS = 15_000;

/** A step that got the wrong answer. */
class Refused extends Error {}

/**
 * One run of a PBX that has a phone of its own: account, connection, login, keepalive, post, arrival and, at the same
 * time, the right to push to every app. Metrics report how it ended, even after an unexpected error, and how long the
 * wake-up took; never throws DependencyError.
 */
export function canary(ports: CanaryPorts): () => Promise<void> {
  const { dialer, phone, clock, random, telemetry } = ports;

  return async () => {
    const endsAt = clock.now() + RUN_LIMIT_MS;
    let step: CanaryStep = "account";
    let line: PbxLine | undefined;
    try {
      const secret = await ownSecret(ports);
      const refused = refusedApps(ports, secret);
      step = "connect";
      const pbx = (line = await dialer.dial(STEP_LIMIT_MS));
      const ask = (next: CanaryStep, frame: { readonly mt: string }, answer: string): Promise<Answer> => {
        step = next;
        return pbx.ask(frame, answer, Math.max(1, Math.min(STEP_LIMIT_MS, endsAt - clock.now())));
      };
      const { challenge } = await ask("challenge", frames.challenge(), "AppChallengeResult");
      const login = await ask("login", frames.login(text(challenge), secret), "AppLoginResult");
      if (login["ok"] !== true) throw new Refused(text(login["error"]));
      await ask("keepalive", frames.keepAlive(), "KeepAliveResult");
      const run = Buffer.from(random.bytes(12)).toString("base64url");
      const sentAt = clock.now();
      const posted = await ask("post", frames.post(run), "PushNotifyPostResult");
      if (posted["err"] !== undefined) throw new Refused(text(posted["err"]));
      step = "arrival";
      await arrival(phone, run, () => clock.now() < endsAt);
      const ms = clock.now() - sentAt;
      step = "rights";
      const apps = await refused;
      if (apps.length > 0) throw new Refused(`SNS refuses pushes to ${apps.join(", ")}: AuthorizationError`);
      telemetry.metric("Canary", 1);
      telemetry.metric("CanaryLatency", ms);
      telemetry.log("info", "canary arrived", { ms });
    } catch (error) {
      telemetry.metric("Canary", 0);
      telemetry.metric("CanaryFailure", 1, { outcome: step });
      if (!(error instanceof DependencyError) && !(error instanceof Refused)) throw error;
      telemetry.log("error", "canary failed", { step, error: error.message });
    } finally {
      line?.close();
    }
  };
}

function inUse(domain: Domain, firstLoginAt: number): Domain {
  const { current } = domain.secrets;
  return { ...domain, firstLoginAt, secrets: { current: { ...current, usedAt: firstLoginAt } } };
}

/** The secret of the canary's own account; its first run sets the account up. */
async function ownSecret({ account, clock, random }: CanaryPorts): Promise<string> {
  const known = await account.secret();
  if (known !== undefined) return known;
  const moment = { now: clock.now(), bytes: random.bytes(SECRET_BYTES) };
  const added = add(undefined, { account: CANARY_ACCOUNT, actor: "operator canary" }, moment);
  // Stored as used: the canary's first login needs no report.
  const used = added.ok && { ...added.value, after: inUse(added.value.after, moment.now) };
  if (!used || !(await account.setUp(used))) throw new Refused("another run sets up the account");
  return used.secrets.current.secret;
}

/** Ids of the apps that SNS denies the right to push to; an unclear answer does not count. Never rejects. */
async function refusedApps({ rights, apps, telemetry }: CanaryPorts, secret: string): Promise<readonly string[]> {
  const looks = apps.map(async ({ id, applicationArn }) => {
    try {
      return (await rights.mayPush(applicationArn, probeToken(secret, id))) ? [] : [id];
    } catch (error) {
      telemetry.log("warn", "right to push not proven", {
        app: id,
        error: error instanceof DependencyError ? error.message : String(error),
      });
      return [];
    }
  });
  return (await Promise.all(looks)).flat();
}

async function arrival(phone: CanaryPhone, run: string, inTime: () => boolean): Promise<void> {
  while (inTime()) {
    const messages = await phone.messages();
    if (messages.some((message) => isWakeUp(message, run))) return;
  }
  throw new Refused("the wake-up did not arrive");
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
