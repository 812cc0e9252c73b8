import { metrics, type MetricDimensions, type MetricName } from "../core/shared/metrics.ts";
import type { Clock } from "../ports/clock.ts";
import type { LogFields, LogLevel, Reporter } from "../ports/telemetry.ts";

export const NAMESPACE = "PushService";

interface Point extends MetricDimensions {
  readonly name: MetricName;
  readonly value: number;
}

/**
 * Logs as JSON lines, metrics as CloudWatch Embedded Metric Format lines (docs.aws.amazon.com, "Embedded metric format
 * specification"): neither costs an AWS call.
 *
 * @param constant fields of every line: stage, function
 * @param write takes one line without its line break
 */
export function createReporter(
  constant: { readonly stage: string; readonly function: string },
  clock: Clock,
  write: (line: string) => void,
): Reporter {
  let invocation: LogFields = {};
  let points: Point[] = [];
  return {
    begin(fields) {
      invocation = fields;
    },
    log(level: LogLevel, message, fields) {
      const entry = { level, time: clock.now(), message, ...constant, ...invocation, ...fields };
      const line = JSON.stringify(entry);
      write(line.includes("@") ? JSON.stringify(entry, withoutLocalParts) : line);
    },
    metric(name, value, dimensions) {
      points.push({ name, value, ...dimensions });
    },
    flush() {
      for (const document of documents(points)) write(emf(document, constant.stage, clock.now()));
      points = [];
    },
  };
}

/**
 * Keeps email addresses out of log lines: people type theirs where an account belongs. Removes what is before the @,
 * value by value: in JSON text it could look like part of an escape.
 */
const withoutLocalParts = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.replaceAll(LOCAL_PART, "…@") : value;
const LOCAL_PART = /(?:"[^"]*"|[^\s"'<>()[\],;:\\/@]+)@(?=[^\s"@])/gu;

interface Document {
  platform?: string | undefined;
  outcome?: string | undefined;
  readonly points: Point[];
}

/** Points that can share a line: their dimensions do not contradict one another, and no name appears twice. */
function documents(points: readonly Point[]): Document[] {
  const result: Document[] = [];
  for (const point of points) {
    const fits = result.find(
      (document) =>
        agrees(document.platform, point.platform) &&
        agrees(document.outcome, point.outcome) &&
        !document.points.some((other) => other.name === point.name),
    );
    const document = fits ?? { points: [] };
    if (fits === undefined) result.push(document);
    document.platform ??= point.platform;
    document.outcome ??= point.outcome;
    document.points.push(point);
  }
  return result;
}

const agrees = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/**
 * How CloudWatch must read the points: the same for all documents of a kind, so composed once for each of the few
 * kinds.
 */
const directives = new Map<string, string>();

function directivesOf(points: readonly Point[]): string {
  let kind = "";
  for (const { name, platform, outcome } of points)
    kind += `${name}${platform === undefined ? "" : "+platform"}${outcome === undefined ? "" : "+outcome"} `;
  const known = directives.get(kind);
  if (known !== undefined) return known;
  const composed = JSON.stringify(
    points.map(({ name, platform, outcome }) => ({
      Namespace: NAMESPACE,
      Dimensions: [
        ["stage", ...(platform === undefined ? [] : ["platform"]), ...(outcome === undefined ? [] : ["outcome"])],
      ],
      Metrics: [{ Name: name, Unit: metrics[name] }],
    })),
  );
  directives.set(kind, composed);
  return composed;
}

function emf({ platform, outcome, points }: Document, stage: string, timestamp: number): string {
  const members: Record<string, string | number | undefined> = { stage, platform, outcome };
  for (const { name, value } of points) members[name] = value;
  const aws = `{"Timestamp":${timestamp},"CloudWatchMetrics":${directivesOf(points)}}`;
  return `{"_aws":${aws},${JSON.stringify(members).slice(1)}`;
}
