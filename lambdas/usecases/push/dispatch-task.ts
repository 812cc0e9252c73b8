import type { Device } from "../../core/push/device.ts";
import type { EndpointFacts, Marks } from "../../core/push/dispatch.ts";
import type { Wake } from "../../core/push/message.ts";
import type { PushError } from "../../core/push/push-error.ts";
import type { PushToken } from "../../core/push/token.ts";
import type { AccountKey } from "../../core/shared/names.ts";
import type { DeviceChange, Known } from "../../ports/push.ts";

export interface DispatchJob {
  readonly token: PushToken;
  readonly key: string;
  readonly wake: Wake;
  /** Unix ms. */
  readonly deadline: number;
  /** In whose name. */
  readonly session: AccountKey;
  /** May be as old as an execution environment's memory. */
  readonly known: Known;
  /** The device token is not known: its endpoint is used as it is and never changed. */
  readonly tokenless?: true;
}

/** How a dispatch ended: an error for the PBX or none, and what is now known about the device. */
export interface DispatchEnd {
  readonly outcome: PushError | undefined;
  readonly known: Known;
}

/** A job under way. */
export interface Task extends Omit<DispatchJob, "known"> {
  /** Unix ms; the time of everything that this post writes. */
  readonly now: number;
  /** A Publish ended without an answer, or with an unclear one: the wake-up may have been sent. */
  unanswered: boolean;
  known: Known;
  endpoint: string | undefined;
  registered: boolean;
  reread: boolean;
  /** The sealed token, for its row, if this post is its first. */
  sealed: string | undefined;
  /** Marks as they were before this post took the try. */
  taken: Marks;
}

/** What this domain may know of the device. */
export const deviceOf = ({ session, known }: Pick<DispatchJob, "session" | "known">): Device | undefined =>
  known.device?.seenBy(session.domain);

/** A change to the device's row, with the members that every change has. */
export const whole = ({ token: { app }, session, now, sealed }: Task, marks: Marks): DeviceChange => ({
  ...marks,
  ...(sealed !== undefined && { token: sealed }),
  app: app.id,
  domain: session.domain,
  usedAt: now,
});

/** What is known about the endpoint, for the next step. */
export const factsOf = (task: Task): EndpointFacts => ({
  app: task.token.app,
  postAt: task.now,
  device: deviceOf(task),
  breaker: task.known.breaker,
  endpoint: task.endpoint,
  registered: task.registered,
  reread: task.reread,
});

/** After a Publish that may have been accepted, an error says so first, whatever later attempts led to. */
export const honest = (outcome: PushError | undefined, unanswered: boolean): PushError | undefined =>
  outcome === undefined || !unanswered
    ? outcome
    : { ...outcome, info: `unknown: the wake-up may still arrive; ${outcome.info}` };
