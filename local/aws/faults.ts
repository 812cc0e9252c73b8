import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { issuesIn } from "./check.ts";
import { AwsError } from "./protocols.ts";

const FAULTY_SERVICES = [
  "dynamodb",
  "sns",
  "sqs",
  "ses",
  "kms",
  "secretsmanager",
  "execute-api",
  "lambda",
  "logs",
] as const;
const HOUR_MS = 3_600_000;

/** A fault as posted to `/_local/faults`. */
const schema = v.pipe(
  v.strictObject({
    service: v.picklist(FAULTY_SERVICES),
    /** Only this operation, e.g. `Publish`, or for `lambda` this function, e.g. `push`; absent: all. */
    operation: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]+$/u, "must be an operation's name, such as Publish"))),
    /** Error code in the service's own spelling. */
    error: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9.]+$/u, "must be an error code"))),
    /** HTTP status of the error: 400 to 599. */
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599))),
    /**
     * Waits this long, then goes on; if the caller disconnects meanwhile, the call has no effect. An event for a
     * function waits as for a cold start.
     */
    latencyMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(HOUR_MS))),
    /** Carries out the call before it delays or fails the answer. */
    taken: v.optional(v.boolean()),
    /** BatchGetItem answers with UnprocessedKeys for all keys but the first. */
    partial: v.optional(v.boolean()),
    /** A subscription delivers log events twice, the second time in reverse order. */
    duplicate: v.optional(v.boolean()),
    /** Share of the calls: 0 to 1; default 1. */
    rate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
    /** This many times; absent: until removed. */
    count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.check(
    ({ error, status, latencyMs, partial, duplicate }) =>
      error !== undefined || status !== undefined || latencyMs !== undefined || partial === true || duplicate === true,
    "needs at least one of error, status, latencyMs, partial, duplicate",
  ),
  v.check(({ duplicate, service }) => duplicate !== true || service === "logs", "duplicate belongs to logs"),
  v.check(
    ({ partial, service, operation }) =>
      partial !== true || (service === "dynamodb" && (operation === undefined || operation === "BatchGetItem")),
    "partial belongs to dynamodb BatchGetItem",
  ),
);

type Fault = v.InferOutput<typeof schema>;

/** A fault and how often it was applied. */
export type ListedFault = Fault & { readonly struck: number };

/** What a fault asks of a call. */
interface Strike {
  readonly partial: boolean;
  readonly duplicate: boolean;
  /** With `taken`: what `strike` would have done before the call, waiting and then throwing. */
  readonly afterwards?: () => Promise<void>;
}

export interface Faults {
  /** Adds a fault; text says what is wrong with it. */
  add(value: unknown): Fault | string;
  list(): readonly ListedFault[];
  clear(): void;
  /**
   * Applies the first fault that matches the call: waits its latency, then throws its AwsError, if any. Rejects with an
   * AbortError as soon as the signal says that the caller has disconnected.
   */
  strike(service: string, operation: string, signal: AbortSignal): Promise<Strike>;
}

export function createFaults(): Faults {
  let faults: { readonly fault: Fault; struck: number }[] = [];

  const next = (service: string, operation: string) =>
    faults.find(
      ({ fault, struck }) =>
        fault.service === service &&
        (fault.operation ?? (fault.partial ? "BatchGetItem" : operation)) === operation &&
        (fault.count === undefined || struck < fault.count) &&
        Math.random() < fault.rate,
    );

  return {
    add(value) {
      const result = v.safeParse(schema, value);
      if (!result.success) return issuesIn(result.issues);
      faults.push({ fault: result.output, struck: 0 });
      return result.output;
    },
    list: () => faults.map(({ fault, struck }) => ({ ...fault, struck })),
    clear() {
      faults = [];
    },
    async strike(service, operation, signal) {
      const met = next(service, operation);
      if (met === undefined) return { partial: false, duplicate: false };
      met.struck += 1;
      const { fault } = met;
      const [partial, duplicate] = [fault.partial === true, fault.duplicate === true];
      if (fault.taken === true) return { partial, duplicate, afterwards: () => happen(fault, signal) };
      await happen(fault, signal);
      return { partial, duplicate };
    },
  };
}

async function happen(fault: Fault, signal: AbortSignal): Promise<void> {
  if (fault.latencyMs !== undefined) await sleep(fault.latencyMs, undefined, { signal });
  if (fault.error !== undefined || fault.status !== undefined) throw faultError(fault);
}

/** Fills in a missing code or status: codes of the service's own failures are a 5xx, all others a 400. */
function faultError({ error, status }: Fault): AwsError {
  const code = error ?? ((status ?? 0) >= 500 ? "InternalFailure" : "ThrottlingException");
  const own = /Internal|Unavailable/u.test(code);
  return new AwsError(code, "injected by /_local/faults", status ?? (own ? 500 : 400));
}
