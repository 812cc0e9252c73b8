import { isOpen } from "../../core/push/breaker.ts";
import { type Device, isNews, knewItGood, mayEnable, needsRefresh, planFor } from "../../core/push/device.ts";
import { limitError, type PushError, pushError } from "../../core/push/push-error.ts";
import { rate } from "../../core/shared/recent.ts";
import { ATTEMPT_LIMIT_MS } from "../../core/shared/retry-policy.ts";
import type { PushToken } from "../../core/push/token.ts";
import { composeMessage, type Wake } from "../../core/push/message.ts";
import type { PostContextStore, DeviceChange, Devices, Known, Dispatched, Dispatcher } from "../../ports/push.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { LoggedIn } from "../../ports/pbx.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { withRetries, type RetryPorts } from "../shared/retry.ts";

/** One read of our tables waits this long at most, in ms. */
export const READ_LIMIT_MS = 600;
/** A write beside a Publish waits this long at most, in ms; it decides nothing. */
const WRITE_LIMIT_MS = 1_000;

export interface DispatchPorts extends RetryPorts {
  readonly dispatcher: Dispatcher;
  readonly context: PostContextStore;
  readonly devices: Devices;
  readonly telemetry: Telemetry;
  readonly limits: { readonly newTokensPerDomainPerMinute: number; readonly newTokensPerDomainPerHour: number };
  /** Seals a device token for the operator's eyes (core/push/seal.ts). */
  readonly seal: (token: string) => string;
}

export interface DispatchJob {
  readonly token: PushToken;
  readonly key: string;
  readonly wake: Wake;
  /** Unix ms. */
  readonly deadline: number;
  readonly session: LoggedIn;
  /** May be as old as the execution environment's memory. */
  readonly known: Known;
}

/** How a dispatch ended: an error for the PBX or none, and what is known of the device now. */
export interface DispatchEnd {
  readonly outcome: PushError | undefined;
  readonly known: Known;
}

/** A job under way. */
interface Task extends DispatchJob {
  /** Unix ms: one time for all that this post writes. */
  readonly now: number;
  readonly progress: {
    /** A Publish ended without an answer, or with one that leaves it open: the wake-up may have been sent. */
    unanswered: boolean;
    known: Known;
  };
}

type Answer = PushError | undefined;

/** A wake-up to one device, along the life of its endpoint (docs/sns.md, Endpoints). Throws no DependencyError. */
export function dispatchPosts(ports: DispatchPorts): (job: DispatchJob) => Promise<DispatchEnd> {
  const { clock, dispatcher, telemetry } = ports;
  const perMinute = rate(ports.limits.newTokensPerDomainPerMinute, 60_000);
  const perHour = rate(ports.limits.newTokensPerDomainPerHour, 3_600_000);

  return async (job) => {
    const progress = { unanswered: false, known: job.known };
    const task = { ...job, now: clock.now(), progress };
    const outcome = await carryOut(task).catch((error: unknown) => failure(task, error));
    return { outcome: honest(outcome, progress.unanswered), known: progress.known };
  };

  async function carryOut(task: Task): Promise<Answer> {
    const { app } = task.token;
    const device = deviceOf(task);
    switch (planFor(device, task.now, task.known.breaker)) {
      case "answer-gone":
        return gone(task);
      case "answer-bad-message":
        return pushError(app, "bad-message", "the vendor refused the last messages");
      case "create":
        return create(task);
      case "enable":
        return disabled(task, device?.endpointArn ?? "");
      case "publish":
        return publish(task, device as Device);
    }
  }

  /** A token's first sight: its row is written beside the Publish, not before it. */
  async function create(task: Task): Promise<Answer> {
    const { app, device } = task.token;
    const { domain } = task.session;
    const exceeded = !perMinute.allow(domain, task.now)
      ? "newTokensPerDomainPerMinute"
      : !perHour.allow(domain, task.now)
        ? "newTokensPerDomainPerHour"
        : undefined;
    if (exceeded !== undefined) {
      telemetry.metric("Limited", 1, { outcome: exceeded });
      return limitError(app, "too many new tokens from this domain");
    }
    const endpointArn = await register(task);
    if (endpointArn === undefined) return pushError(app, "bad-token", "SNS refused the token");
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "created" });
    const token = ports.seal(device);
    const said = await sendAndRemember(task, endpointArn, { endpointArn, token, goneAt: null, goodSince: task.now });
    return said.outcome === "disabled" ? disabled(task, endpointArn) : answer(task, said);
  }

  async function publish(task: Task, device: Device): Promise<Answer> {
    const { endpointArn } = device;
    const change = device.goodSince === undefined ? { goodSince: task.now } : {};
    const said = await (needsRefresh(device, task.now)
      ? sendAndRemember(task, endpointArn, change)
      : send(task, endpointArn));
    if (said.outcome === "disabled") return disabled(task, endpointArn);
    return said.outcome === "not-found" ? recreate(task) : answer(task, said);
  }

  /** The endpoint is off, says SNS or the row. What we know may be a minute old, so the row is read anew before anything. */
  async function disabled(task: Task, endpointArn: string): Promise<Answer> {
    const { app } = task.token;
    const known = await readAnew(task);
    if (known === undefined) return gone(task);
    task.progress.known = known;
    if (isOpen(known.breaker, clock.now())) {
      telemetry.metric("BreakerOpen", 1, { platform: app.platform });
      const info = "many tokens of this app were disabled at once, its credential is being looked at";
      return pushError(app, "application-down", info);
    }
    const device = deviceOf(task);
    const { enabledAt, goneAt } = device ?? {};
    if (mayEnable({ enabledAt, goneAt }, task.now, known.breaker)) {
      const endpoint = device?.endpointArn ?? endpointArn;
      return (await claimDay(task, endpoint, { enabledAt, goneAt })) ? enable(task, endpoint) : gone(task);
    }
    if (device !== undefined && isNews(device, task.now)) await remember(task, { goneAt: task.now });
    return gone(task);
  }

  /** Undefined where our table does not answer: then only SNS's word is known. */
  async function readAnew({ token, key, deadline }: Task): Promise<Known | undefined> {
    const read = { operation: "device", deadline, longest: READ_LIMIT_MS };
    return unlessItFails("device not read anew", () =>
      withRetries(ports, read, (limit) => ports.context.read({ deviceKey: key, app: token.app.id }, limit)),
    );
  }

  /**
   * Claims the one time a day that the endpoint is switched on: of many posts at once one gets it. Asked once: a claim
   * that was taken without an answer would be lost to a second attempt.
   */
  async function claimDay(task: Task, endpointArn: string, seen: Pick<Device, "enabledAt" | "goneAt">): Promise<boolean> {
    const change = whole(task, { endpointArn, enabledAt: clock.now(), goneAt: null, goodSince: null });
    const device = await unlessItFails("claim failed", () =>
      ports.devices.compareAndSet(task.key, change, seen, writeLimit(task)),
    );
    if (device !== undefined) task.progress.known = { ...task.progress.known, device };
    return device !== undefined;
  }

  /**
   * Switches the endpoint on and sends once more. A change shows late at SNS: whether the token is gone all the same is
   * for a later post to see.
   */
  async function enable(task: Task, endpointArn: string): Promise<Answer> {
    const { app, device } = task.token;
    const known = await endpointCall(task, "enable", (limit) => dispatcher.enable(endpointArn, device, limit)).catch(
      async (error: unknown) => {
        if (error instanceof DependencyError && !error.mayBeDone) await remember(task, { enabledAt: null });
        throw error;
      },
    );
    if (!known) return recreate(task);
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "enabled" });
    return answer(task, await send(task, endpointArn));
  }

  /** SNS has lost the endpoint: a new one, once. */
  async function recreate(task: Task): Promise<Answer> {
    const { app } = task.token;
    const endpointArn = await register(task);
    if (endpointArn === undefined) return pushError(app, "bad-token", "SNS refused the token");
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "recreated" });
    return answer(task, await sendAndRemember(task, endpointArn, { endpointArn, goneAt: null, goodSince: task.now }));
  }

  function register(task: Task): Promise<string | undefined> {
    const { app, device } = task.token;
    return endpointCall(task, "register", (limit) => dispatcher.register(app, device, limit));
  }

  /** All endpoint calls of an account share a small quota. */
  function endpointCall<T>(task: Task, operation: string, ask: (limit: number) => Promise<T>): Promise<T> {
    const { platform } = task.token.app;
    return attempts(task, operation, (limit) => {
      telemetry.metric("EndpointCall", 1, { platform });
      return ask(limit);
    });
  }

  /**
   * The write ends before the answer, also after a failed send: nothing goes on behind an answered post. It is beside the
   * Publish, so it says "good" too early; where SNS did not accept, that is taken back.
   */
  async function sendAndRemember(task: Task, endpoint: string, change: Partial<DeviceChange>): Promise<Dispatched> {
    const both = [send(task, endpoint), remember(task, change)] as const;
    const [sent] = await Promise.allSettled(both);
    const accepted = sent.status === "fulfilled" && sent.value.outcome === "accepted";
    if (change.goodSince !== undefined && !accepted) await remember(task, { ...change, goodSince: null });
    const [said] = await Promise.all(both);
    return said;
  }

  /** One wake-up: composed anew for every attempt, since its ttl and time of sending are of that moment. */
  async function send(task: Task, endpoint: string): Promise<Dispatched> {
    const { platform } = task.token.app;
    const attempt = async (limit: number): Promise<Dispatched> => {
      const startedAt = clock.now();
      const message = composeMessage(task.token.app, task.wake, startedAt);
      if (!message.ok) return { outcome: "too-big" };
      try {
        return await dispatcher.send(endpoint, message.value, limit);
      } catch (error) {
        if (error instanceof DependencyError && error.mayBeDone) {
          task.progress.unanswered = true;
          telemetry.metric("PublishUnknown", 1, { platform });
        }
        throw error;
      } finally {
        telemetry.metric("PublishLatency", clock.now() - startedAt, { platform });
      }
    };
    return attempts(task, "publish", attempt, () => telemetry.metric("PublishRetry", 1, { platform }));
  }

  function attempts<T>(
    { deadline }: Task,
    operation: string,
    attempt: (limit: number) => Promise<T>,
    onSetback?: () => void,
  ): Promise<T> {
    return withRetries(ports, { operation, deadline, longest: ATTEMPT_LIMIT_MS }, attempt, onSetback);
  }

  /** A write that fails costs a later post some calls, not this one its answer. */
  async function remember(task: Task, change: Partial<DeviceChange>): Promise<void> {
    const device = await unlessItFails("device not remembered", () =>
      ports.devices.remember(task.key, whole(task, change), writeLimit(task)),
    );
    task.progress.known = { ...task.progress.known, device };
  }

  function writeLimit({ deadline }: Task): number {
    return Math.min(WRITE_LIMIT_MS, Math.max(1, deadline - clock.now()));
  }

  async function unlessItFails<T>(failed: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", failed, { error: error.message });
      return undefined;
    }
  }

  function failure({ token: { app }, progress }: Task, error: unknown): PushError {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("error", "dependency failed", { error: error.message, app: app.id });
    if (error.kind === "timeout") telemetry.metric("DeadlineMissed", 1, { platform: app.platform });
    const info = error.code === "deadline" ? "too late" : error.kind === "throttled" ? "too many requests" : error.message;
    if (progress.unanswered) return pushError(app, "failed", info);
    return pushError(app, error.kind === "throttled" ? "throttled" : "failed", `${info}, nothing was sent`);
  }
}

/** After a Publish that may have been taken, an error says that first, whatever came of later attempts. */
const honest = (outcome: Answer, unanswered: boolean): Answer =>
  outcome === undefined || !unanswered
    ? outcome
    : { ...outcome, info: `unknown: the wake-up may still arrive; ${outcome.info}` };

const whole = <T extends Partial<DeviceChange>>({ session, token, now }: Task, change: T) => ({
  ...change,
  app: token.app.id,
  domain: session.domain,
  usedAt: now,
});

const deviceOf = ({ session, progress }: Task): Device | undefined => progress.known.device?.seenBy(session.domain);

function gone(task: Task): PushError {
  const { app } = task.token;
  const device = deviceOf(task);
  return device !== undefined && knewItGood(device, task.now)
    ? pushError(app, "gone", "the vendor no longer knows this token")
    : pushError(app, "bad-token", "the vendor does not know this token");
}

function answer(task: Task, said: Dispatched): Answer {
  const { app } = task.token;
  switch (said.outcome) {
    case "accepted":
      return undefined;
    case "disabled":
      return gone(task);
    case "not-found":
      return pushError(app, "bad-token", "SNS does not find the token's endpoint");
    case "bad-token":
      return pushError(app, "bad-token", "SNS refused the token");
    case "application-down":
      return pushError(app, "application-down", "the app is switched off at SNS: its credential may have expired");
    case "too-big":
      return pushError(app, "too-big", "too large for SNS");
    case "rejected":
      return pushError(app, "failed", `SNS: ${said.code}`);
  }
}
