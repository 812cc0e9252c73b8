import { isOpen } from "../../core/push/breaker.ts";
import { type DispatchEvent, type DispatchStep, type Marks, nextStep } from "../../core/push/dispatch.ts";
import { composeMessage } from "../../core/push/message.ts";
import type { NewTokensLimits } from "../../core/push/new-tokens.ts";
import { limitError, type PushError, pushError } from "../../core/push/push-error.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Devices, Dispatcher, NewTokens, PostContextStore } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { retries, type RetryPorts } from "../shared/retry.ts";
import { countNewTokens } from "./count-new-tokens.ts";
import { deviceOf, type DispatchEnd, type DispatchJob, factsOf, honest, type Task, whole } from "./dispatch-task.ts";
import { publishWakes } from "./publish.ts";

/** Longest time for one read of our tables, in ms. */
export const READ_LIMIT_MS = 600;
/** Longest time for a write beside a Publish, in ms; no answer depends on it. */
const WRITE_LIMIT_MS = 1_000;

export interface DispatchPorts extends RetryPorts {
  readonly dispatcher: Dispatcher;
  readonly context: PostContextStore;
  readonly devices: Devices;
  readonly newTokens: NewTokens;
  readonly telemetry: Telemetry;
  readonly limits: NewTokensLimits;
  /** Seals a device token so that only an operator can read it (core/push/seal.ts). */
  readonly seal: (token: string) => string;
}

type Answer = Extract<DispatchStep, { readonly step: "answer" }>;
type Reserve = Extract<DispatchStep, { readonly step: "reserve" }>;
/** The result of a step: an event that decides the next one, or the end. */
type Done = DispatchEvent | Pick<Answer, "error">;
type Sent = Extract<DispatchEvent, { readonly event: "sent" }> | Pick<Answer, "error">;

/** Carries out what core/push/dispatch.ts decides for one wake-up to one device. Never throws DependencyError. */
export function dispatchPosts(ports: DispatchPorts): (job: DispatchJob) => Promise<DispatchEnd> {
  const { clock, dispatcher, telemetry } = ports;
  const withRetries = retries(ports);
  const publish = publishWakes(ports, withRetries);
  const tokens = countNewTokens(ports.newTokens, ports.limits, telemetry);

  return async (job) => {
    const endpoint = deviceOf(job)?.endpointArn;
    const tokenless = job.tokenless === true;
    const task: Task = {
      ...job,
      now: clock.now(),
      unanswered: false,
      endpoint,
      registered: tokenless,
      reread: tokenless,
      sealed: undefined,
      taken: {},
    };
    const outcome = await run(task).catch((error: unknown) => failure(task, error));
    return { outcome: honest(outcome, task.unanswered), known: task.known };
  };

  async function run(task: Task): Promise<PushError | undefined> {
    let done: Done = { event: "begun" };
    while ("event" in done) done = await carryOut(task, nextStep(factsOf(task), done, clock.now()));
    return done.error;
  }

  async function carryOut(task: Task, step: DispatchStep): Promise<Done> {
    switch (step.step) {
      case "register":
        return register(task, step.first);
      case "send":
        task.endpoint = step.endpoint;
        return step.marks === undefined ? send(task, step.endpoint) : sendAndRemember(task, step.endpoint, step.marks);
      case "re-read":
        return reread(task);
      case "reserve":
        return reserve(task, step);
      case "enable":
        return enable(task, step.endpoint);
      case "answer":
        if (step.marks !== undefined) await remember(task, step.marks);
        return step;
    }
  }

  async function register(task: Task, first: boolean): Promise<Done> {
    const { app, device } = task.token;
    if (first) {
      const composed = composeMessage(app, task.wake, task.now);
      if (!composed.ok) return { error: composed.error };
      if (!tokens.mayMake(task.session.domain, task.now)) {
        telemetry.metric("Limited", 1, { outcome: "newTokensPerDomain" });
        return { error: limitError(app, "too many new tokens from this domain in an hour") };
      }
    }
    const endpoint = await endpointCall(task, "register", (limitMs) => dispatcher.register(app, device, limitMs));
    task.registered = true;
    if (first) task.sealed = ports.seal(device);
    if (endpoint !== undefined)
      telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: first ? "created" : "recreated" });
    return { event: "registered", endpoint };
  }

  async function reread(task: Task): Promise<Done> {
    const {
      key,
      deadline,
      token: { app },
    } = task;
    const read = { operation: "device", deadline, longestMs: READ_LIMIT_MS };
    const known = await unlessItFails("device not read again", () =>
      withRetries(read, (limitMs) => ports.context.read({ deviceKey: key, app: app.id }, limitMs)),
    );
    task.reread = true;
    if (known !== undefined) task.known = known;
    if (isOpen(known?.breaker, clock.now())) telemetry.metric("BreakerOpen", 1, { platform: app.platform });
    return { event: "read", found: known !== undefined };
  }

  /** Not retried: if the first attempt had succeeded without an answer, the second would lose the try. */
  async function reserve(task: Task, { marks, seen }: Reserve): Promise<Done> {
    const change = { ...whole(task, marks), endpointArn: marks.endpointArn };
    const device = await unlessItFails("try not reserved", () =>
      ports.devices.compareAndSet(task.key, change, seen, writeLimit(task)),
    );
    if (device === undefined) return { event: "reserved", won: false };
    const { enabledAt = null, goneAt = null, tries = null } = deviceOf(task) ?? {};
    task.taken = { enabledAt, goneAt, tries };
    task.known = { ...task.known, device };
    return { event: "reserved", won: true };
  }

  /** SNS shows the change late: only a later post can see whether the token is still gone. */
  async function enable(task: Task, endpoint: string): Promise<Done> {
    const { app, device } = task.token;
    const said = await endpointCall(task, "enable", (limitMs) => dispatcher.enable(endpoint, device, limitMs)).catch(
      async (error: unknown) => {
        // A try that was certainly not carried out is given back.
        if (error instanceof DependencyError && !error.mayBeDone) await remember(task, task.taken);
        throw error;
      },
    );
    if (said === "on") telemetry.metric("Endpoint", 1, { platform: app.platform, outcome: "enabled" });
    return { event: "enabled", said };
  }

  /** All endpoint calls of an AWS account share a small quota. */
  function endpointCall<T>(
    { token, deadline }: Task,
    operation: string,
    ask: (limitMs: number) => Promise<T>,
  ): Promise<T> {
    const { platform } = token.app;
    return withRetries({ operation, deadline }, (limitMs) => {
      telemetry.metric("EndpointCall", 1, { platform });
      return ask(limitMs);
    });
  }

  async function send(task: Task, endpoint: string): Promise<Sent> {
    const said = await publish({ ...task, endpoint, onUnanswered: () => void (task.unanswered = true) });
    return said.outcome === "not-composed" ? { error: said.error } : { event: "sent", said };
  }

  /**
   * The write ends before the answer, even after a failed send: nothing keeps running after an answer. It runs beside
   * the Publish, so it marks the token good too early; if SNS did not accept, the mark is removed.
   */
  async function sendAndRemember(task: Task, endpoint: string, marks: Marks): Promise<Done> {
    const all = [send(task, endpoint), remember(task, marks), countIfNew(task)] as const;
    const [sent] = await Promise.allSettled(all);
    const accepted = sent.status === "fulfilled" && "said" in sent.value && sent.value.said.outcome === "accepted";
    if (marks.goodSince !== undefined && !accepted) await remember(task, { ...marks, goodSince: null });
    const [done] = await Promise.all(all);
    return done;
  }

  /** `sealed` is set only when the token is new. */
  async function countIfNew(task: Task): Promise<void> {
    if (task.sealed !== undefined) await tokens.made(task.session.domain, task.key, task.now, writeLimit(task));
  }

  /** A write that fails costs a later post some calls, not this one its answer. */
  async function remember(task: Task, marks: Marks): Promise<void> {
    const device = await unlessItFails("device not remembered", () =>
      ports.devices.remember(task.key, whole(task, marks), writeLimit(task)),
    );
    task.known = { ...task.known, device };
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

  function failure({ token: { app }, unanswered, session }: Task, error: unknown): PushError {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("error", "dependency failed", { error: error.message, app: app.id, account: session.account });
    if (error.kind === "timeout") telemetry.metric("DeadlineMissed", 1, { platform: app.platform });
    const info =
      error.code === "deadline" ? "too late" : error.kind === "throttled" ? "too many requests" : error.message;
    if (unanswered) return pushError(app, "failed", info);
    return pushError(app, error.kind === "throttled" ? "throttled" : "failed", `${info}, nothing was sent`);
  }
}
