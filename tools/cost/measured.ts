import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const count = v.pipe(v.number(), v.minValue(0));
const counts = v.record(v.string(), count);

const operation = v.object({
  /** Invocations by function (`session`, `push` …). */
  invocations: counts,
  /** Calls of AWS by name, as the local host counted them. */
  calls: counts,
  /** Text frames from the PBX, and to it. */
  framesIn: count,
  framesOut: count,
  /** Bytes of text in the frames to the PBX. */
  bytesOut: count,
  /** DynamoDB request units by table (`secrets`, `core`, `sessions`), as DynamoDB bills them. */
  units: v.record(v.string(), v.object({ read: count, write: count, indexWrite: count })),
  /** Lines that the functions logged: JSON logs, and metrics in Embedded Metric Format. */
  logLines: count,
  logBytes: count,
  metricLines: count,
  metricBytes: count,
});

/** What one operation of the service uses, as measured on the local host (counts, not times). */
export type Operation = v.InferOutput<typeof operation>;

const resources = v.object({
  /** Metrics of alarms: each is billed. */
  alarmMetrics: count,
  compositeAlarms: count,
  dashboards: count,
  keys: count,
  secrets: count,
  /** Queues that a function polls continuously. */
  polledQueues: count,
  /** Scheduled invocations in 730 hours, by function. */
  scheduled: counts,
  /** MB by function. */
  memory: counts,
});

/** Resources of the stage `local` that are billed by the month. */
export type Resources = v.InferOutput<typeof resources>;

const measured = v.object({
  date: v.pipe(v.string(), v.isoDate()),
  commit: v.string(),
  operations: v.object({
    /** A domain registered through the Connect window and the link in the email, until its secret is fetched. */
    registration: operation,
    /** Connect, AppChallenge, AppLogin and PbxInfo. */
    login: operation,
    /** The check of a connection 30 s after it opened. */
    loginCheck: operation,
    /** KeepAlive by the MOCK integration. */
    keepAlive: operation,
    /** AppInfo: a frame that the session function answers by itself, as KeepAlive with `keepAlive: "lambda"`. */
    answerByLambda: operation,
    /** A post for a token never seen before. */
    firstPost: operation,
    /** A post for a known token in an execution environment that remembers neither connection nor token. */
    coldPost: operation,
    /** The same once more, within a minute. */
    warmPost: operation,
    /** A delivery of one post's log line to the history function, including a write of its domain. */
    recordedPost: operation,
    /** The same without a write. */
    heldPost: operation,
    disconnect: operation,
  }),
  resources,
});

export type Measured = v.InferOutput<typeof measured>;
export type OperationName = keyof Measured["operations"];

export const MEASURED_FILE = join(import.meta.dirname, "measured.json");

/** The committed measurement. Throws an Error that says how to repeat it. */
export function readMeasured(): Measured {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), measured), readFileSync(MEASURED_FILE, "utf8"));
  if (parsed.success) return parsed.output;
  throw new Error(`${MEASURED_FILE} is not a measurement: run npm run cost -- --measure to create it again`);
}
