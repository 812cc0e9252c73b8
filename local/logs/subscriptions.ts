import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Faults } from "../aws/faults.ts";
import type { LambdaFunction } from "../lambda/pool.ts";

/** One subscription filter of a log group. */
interface Subscription {
  readonly name: string;
  readonly logGroup: string;
  readonly matches: (line: string) => boolean;
  readonly target: LambdaFunction;
  readonly accountId: string;
}

export interface Subscriptions {
  add(subscription: Subscription): void;
  /** Number of filters of a log group so far. */
  count(logGroup: string): number;
  onLine(logGroup: string, line: string): void;
  /** Sends each target a control message, as CloudWatch Logs does to check that it can be reached. */
  begin(): { stop(): void };
}

/** Lines within this many ms are delivered together. */
const BATCH_MS = 20;
/**
 * Retries of failed deliveries, here after so many ms. CloudWatch Logs retries for up to 24 hours if it cannot reach
 * the function; Lambda retries twice, after one and two minutes, if the function fails. Sources: CloudWatch Logs User
 * Guide, "Real-time processing of log data with subscriptions"; Lambda Developer Guide, "How Lambda handles errors and
 * retries with asynchronous invocation".
 */
const AGAIN_AFTER_MS = [1_000, 2_000];

interface Event {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/**
 * CloudWatch Logs' delivery of lines to functions: gzip in base64, at least once, in no reliable order. Faults of
 * `logs` (docs/local.md) make it worse: `latencyMs` lets later batches overtake, `duplicate` delivers twice.
 */
export function createSubscriptions(faults: Faults, onFailure: (sentence: string) => void): Subscriptions {
  const all: Subscription[] = [];
  const pending = new Map<Subscription, Event[]>();
  const stopping = new AbortController();
  let serial = 0n;

  /** 56 digits, as AWS's own. */
  const eventId = () => (BigInt(Date.now()) * 10n ** 43n + (serial += 1n)).toString().padStart(56, "3");

  async function attempt(subscription: Subscription, events: readonly Event[]): Promise<boolean> {
    const { duplicate, afterwards } = await faults.strike("logs", "Deliver", stopping.signal);
    const { ok } = await subscription.target.invoke(packed(subscription, events));
    if (duplicate) await subscription.target.invoke(packed(subscription, events.toReversed()));
    await afterwards?.();
    return ok;
  }

  async function deliver(subscription: Subscription, events: readonly Event[]): Promise<void> {
    for (const pauseMs of [...AGAIN_AFTER_MS, undefined]) {
      if (await attempt(subscription, events).catch(() => false)) return;
      if (pauseMs === undefined || stopping.signal.aborted) break;
      await sleep(pauseMs, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
    if (!stopping.signal.aborted) onFailure(`${events.length} log events were not delivered by ${subscription.name}`);
  }

  return {
    add: (subscription) => void all.push(subscription),
    count: (logGroup) => all.filter((each) => each.logGroup === logGroup).length,
    onLine(logGroup, line) {
      for (const subscription of all) {
        if (subscription.logGroup !== logGroup || !subscription.matches(line)) continue;
        const event = { id: eventId(), timestamp: Date.now(), message: line };
        const waiting = pending.get(subscription);
        if (waiting !== undefined) {
          waiting.push(event);
          continue;
        }
        const events = [event];
        pending.set(subscription, events);
        setTimeout(() => {
          pending.delete(subscription);
          if (!stopping.signal.aborted) void deliver(subscription, events);
        }, BATCH_MS).unref();
      }
    },
    begin() {
      for (const subscription of all) void subscription.target.invoke(packed(subscription));
      return { stop: () => stopping.abort() };
    },
  };
}

/** Source: CloudWatch Logs User Guide, "Log group-level subscription filters", example 2 (AWS Lambda). */
function packed({ accountId, logGroup, name }: Subscription, events?: readonly Event[]) {
  const check = {
    id: "",
    timestamp: Date.now(),
    message: "CWL CONTROL MESSAGE: Checking health of destination Lambda.",
  };
  const batch = {
    messageType: events === undefined ? "CONTROL_MESSAGE" : "DATA_MESSAGE",
    owner: accountId,
    logGroup,
    logStream: "local",
    subscriptionFilters: [name],
    logEvents: events ?? [check],
  };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString("base64") } };
}
