import { type Device, mayEnable, needsRefresh, type Plan } from "../core/device.ts";
import { type PostError, refusal } from "../core/push-error.ts";
import { rate } from "../core/recent.ts";
import { ATTEMPT_LIMIT } from "../core/retry.ts";
import type { PushToken } from "../core/token.ts";
import { composeMessage, type Wake } from "../core/wake.ts";
import type { DeviceChange, Devices } from "../ports/devices.ts";
import type { Dispatched, Dispatcher } from "../ports/dispatcher.ts";
import { DependencyError } from "../ports/errors.ts";
import type { LoggedIn } from "../ports/sessions.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { retrying, type RetryPorts } from "./retrying.ts";

/** A write beside a Publish waits this long at most, in ms; it decides nothing. */
const WRITE_LIMIT = 1_000;

export interface DispatchPorts extends RetryPorts {
  readonly dispatcher: Dispatcher;
  readonly devices: Devices;
  readonly telemetry: Telemetry;
  readonly limits: { readonly newTokensPerAccountPerHour: number };
  /** Seals a device token for the operator's eyes (core/seal.ts). */
  readonly seal: (token: string) => string;
}

export interface DispatchJob {
  readonly token: PushToken;
  readonly key: string;
  readonly wake: Wake;
  /** Unix ms. */
  readonly deadline: number;
  readonly session: LoggedIn;
  readonly device: Device | undefined;
  readonly breakerOpen: boolean;
}

/** How a dispatch ended: an error for the PBX or none, and whether what the sandbox remembers of the device is stale. */
export interface DispatchEnd {
  readonly outcome: PostError | undefined;
  readonly changed: boolean;
}

/** A job under way. */
interface Task extends DispatchJob {
  readonly progress: {
    /** A Publish ended without an answer: the wake-up may have been sent. */
    unanswered: boolean;
    /** The device row was written. */
    changed: boolean;
  };
}

type Answer = PostError | undefined;

/** A wake-up to one device, along the life of its endpoint (sns-mobile-push, Endpoints). Throws no DependencyError. */
export function dispatching(ports: DispatchPorts): (job: DispatchJob, plan: Plan) => Promise<DispatchEnd> {
  const { clock, dispatcher, telemetry } = ports;
  const newTokens = rate(ports.limits.newTokensPerAccountPerHour, 3_600_000);

  return async (job, plan) => {
    const progress = { unanswered: false, changed: false };
    const task = { ...job, progress };
    const outcome = await carryOut(task, plan).catch((error: unknown) => failure(task, error));
    return { outcome, changed: progress.changed };
  };

  async function carryOut(task: Task, plan: Plan): Promise<Answer> {
    const { app } = task.token;
    switch (plan) {
      case "answer-gone":
        return refusal(app, "gone", "the vendor no longer knows this token");
      case "answer-bad-message":
        return refusal(app, "bad-message", "the vendor refused the last messages");
      case "create":
        return create(task);
      case "enable":
        return disabled(task, task.device?.endpointArn ?? "");
      case "publish":
        return publish(task, task.device as Device);
    }
  }

  /** A token's first sight: its row is written beside the Publish, not before it. */
  async function create(task: Task): Promise<Answer> {
    const { app, device } = task.token;
    if (!newTokens.allow(task.session.account, clock.now())) {
      telemetry.metric("Limited", 1, { outcome: "newTokensPerAccountPerHour" });
      return refusal(app, "throttled", "too many new tokens from this account");
    }
    const endpointArn = await register(task);
    if (endpointArn === undefined) return refusal(app, "bad-token", "SNS refused the token");
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "created" });
    const said = await sendAndRemember(task, endpointArn, { endpointArn, token: ports.seal(device), goneAt: null });
    return said.outcome === "disabled" ? disabled(task, endpointArn) : answer(task, said);
  }

  async function publish(task: Task, device: Device): Promise<Answer> {
    const { endpointArn } = device;
    const refresh = needsRefresh(device, clock.now());
    const said = await (refresh ? sendAndRemember(task, endpointArn, {}) : send(task, endpointArn));
    if (said.outcome === "disabled") return disabled(task, endpointArn);
    return said.outcome === "not-found" ? recreate(task) : answer(task, said);
  }

  async function disabled(task: Task, endpointArn: string): Promise<Answer> {
    const { device, breakerOpen } = task;
    if (breakerOpen) {
      const info = "many tokens of this app were disabled at once, its credential is being looked at";
      return refusal(task.token.app, "application-down", info);
    }
    if (device === undefined || mayEnable(device, clock.now())) return enable(task, endpointArn);
    await remember(task, { goneAt: clock.now() });
    return gone(task);
  }

  /**
   * Switches the endpoint on and sends once more. A change shows late at SNS: whether the token is gone all the same is
   * for a later post to see.
   */
  async function enable(task: Task, endpointArn: string): Promise<Answer> {
    const { app, device } = task.token;
    const known = await attempts(task, "enable", (limit) => dispatcher.enable(endpointArn, device, limit));
    if (!known) return recreate(task);
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "enabled" });
    return answer(task, await sendAndRemember(task, endpointArn, { enabledAt: clock.now(), goneAt: null }));
  }

  /** SNS has lost the endpoint: a new one, once. */
  async function recreate(task: Task): Promise<Answer> {
    const { app } = task.token;
    const endpointArn = await register(task);
    if (endpointArn === undefined) return refusal(app, "bad-token", "SNS refused the token");
    telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "recreated" });
    return answer(task, await sendAndRemember(task, endpointArn, { endpointArn, goneAt: null }));
  }

  function register(task: Task): Promise<string | undefined> {
    return attempts(task, "register", (limit) => dispatcher.register(task.token.app, task.token.device, limit));
  }

  /** The write ends before the answer, also after a failed send: nothing goes on behind an answered post. */
  async function sendAndRemember(task: Task, endpoint: string, change: Partial<DeviceChange>): Promise<Dispatched> {
    const both = [send(task, endpoint), remember(task, change)] as const;
    await Promise.allSettled(both);
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
        if (error instanceof DependencyError && error.kind === "timeout") {
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
    return retrying(ports, { operation, deadline, longest: ATTEMPT_LIMIT }, attempt, onSetback);
  }

  /** A write that fails costs a later post some calls, not this one its answer. */
  async function remember(task: Task, change: Partial<DeviceChange>): Promise<void> {
    const { session, token, key, deadline, progress } = task;
    const whole = { ...change, app: token.app.id, domain: session.domain, usedAt: clock.now() };
    progress.changed = true;
    try {
      await ports.devices.remember(key, whole, Math.min(WRITE_LIMIT, Math.max(1, deadline - clock.now())));
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", "device not remembered", { error: error.message });
    }
  }

  function failure({ token: { app }, progress }: Task, error: unknown): PostError {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("error", "dependency failed", { error: error.message, app: app.id });
    if (progress.unanswered) return refusal(app, "failed", "unknown: no answer in time, the wake-up may still arrive");
    if (error.code === "deadline") {
      telemetry.metric("DeadlineMissed", 1, { platform: app.platform });
      return refusal(app, "failed", "too late, nothing was sent");
    }
    if (error.kind === "throttled") return refusal(app, "throttled", "too many requests, nothing was sent");
    return refusal(app, "failed", error.message);
  }
}

/** A tenant new to the token hears what any dead token gets, not that somebody else's phone was known here. */
const gone = ({ token: { app }, device }: Task): PostError =>
  device?.tenant === undefined
    ? refusal(app, "bad-token", "the vendor does not know this token")
    : refusal(app, "gone", "the vendor no longer knows this token");

function answer(task: Task, said: Dispatched): Answer {
  const { app } = task.token;
  switch (said.outcome) {
    case "accepted":
      return undefined;
    case "disabled":
      return gone(task);
    case "not-found":
      return refusal(app, "bad-token", "SNS does not find the token's endpoint");
    case "bad-token":
      return refusal(app, "bad-token", "SNS refused the token");
    case "application-down":
      return refusal(app, "application-down", "the app is switched off at SNS: its credential may have expired");
    case "too-big":
      return refusal(app, "too-big", "too large for SNS");
    case "rejected":
      return refusal(app, "failed", `SNS: ${said.code}`);
  }
}
