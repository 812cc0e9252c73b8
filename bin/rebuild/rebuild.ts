import { systemClock } from "../../lambdas/adapters/host.ts";
import type { Clock } from "../../lambdas/ports/clock.ts";
import type { Dispatcher } from "../../lambdas/ports/push.ts";
import { DependencyError } from "../../lambdas/ports/errors.ts";
import { fates, triage, type Counts, type DeviceRow, type Fate } from "./device.ts";
import type { Place } from "./place.ts";

/** Where a scan of the table continues; DynamoDB's LastEvaluatedKey. */
export type Cursor = Readonly<Record<string, unknown>>;

/** What a rebuild needs from outside. All throw DependencyError. */
export interface Ports {
  readonly devices: {
    /** One page of device rows, and where the next one begins. */
    page(
      after: Cursor | undefined,
    ): Promise<{ readonly rows: readonly DeviceRow[]; readonly next: Cursor | undefined }>;
    /** False if the row has got another endpoint meanwhile. */
    move(row: DeviceRow, endpointArn: string, token: string): Promise<boolean>;
  };
  readonly dispatcher: Pick<Dispatcher, "register">;
  /** The device token in a sealed text; undefined if the key does not open it. */
  open(sealed: string): Promise<string | undefined>;
  /** Seals a device token to the stage's own key. */
  readonly seal: (token: string) => string;
}

export interface Progress {
  readonly counts: Counts;
  /** Where to continue after a break; undefined at the end. */
  readonly cursor: Cursor | undefined;
}

export interface Options {
  readonly place: Pick<Place, "applications">;
  /** Maximum calls of CreatePlatformEndpoint per second. */
  readonly rate: number;
  /** Only counts; decrypts, creates and writes nothing. */
  readonly dryRun: boolean;
  readonly from: Progress | undefined;
  /** Called after each page. */
  readonly onPage: (progress: Progress) => void;
  /** Ends the work after the current page. */
  readonly signal: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

const ATTEMPTS = 5;
/** First wait before a retry, doubled each time. */
const BACKOFF_MS = 500;
const CALL_LIMIT = 5_000; // ms

export const nothing = Object.fromEntries(Object.keys(fates).map((fate) => [fate, 0])) as Counts;

/**
 * Gives every device row of a stage an endpoint in the stage's own applications, at a bounded rate. Safe to repeat and
 * beside a running service: a row is changed only if it still has the endpoint that was read. Rejects when the table
 * cannot be read.
 */
export async function rebuild(ports: Ports, options: Options): Promise<Progress> {
  const { place, rate, dryRun, from, onPage, signal, clock = systemClock } = options;
  const patient = { pace: paced(rate, clock), retried: retrier(clock) };
  const fateOf = async (row: DeviceRow): Promise<Fate> => {
    const triaged = triage(row, place);
    if (triaged !== "rebuild") return triaged;
    return dryRun ? "rebuilt" : renewed(ports, place, row, patient);
  };
  let progress: Progress = from ?? { counts: nothing, cursor: undefined };
  do {
    const { cursor } = progress;
    const { rows, next } = await patient.retried(() => ports.devices.page(cursor));
    const counts = { ...progress.counts };
    for (const fate of await Promise.all(rows.map(fateOf))) counts[fate] += 1;
    progress = { counts, cursor: next };
    onPage(progress);
  } while (progress.cursor !== undefined && !signal.aborted);
  return progress;
}

interface Patient {
  readonly pace: () => Promise<void>;
  readonly retried: <T>(run: () => Promise<T>) => Promise<T>;
}

async function renewed(
  ports: Ports,
  { applications }: Options["place"],
  row: DeviceRow,
  { pace, retried }: Patient,
): Promise<Fate> {
  const application = applications.get(row.app);
  if (application === undefined) return "without app";
  try {
    const device = await retried(() => ports.open(row.token ?? ""));
    if (device === undefined) return "unreadable";
    const endpointArn = await retried(async () => {
      await pace();
      return ports.dispatcher.register(application, device, CALL_LIMIT);
    });
    if (endpointArn === undefined) return "refused";
    return (await retried(() => ports.devices.move(row, endpointArn, ports.seal(device)))) ? "rebuilt" : "changed";
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return "failed";
  }
}

/** Retries transient failures; does not retry refusals. */
function retrier(clock: Clock): Patient["retried"] {
  return async (run) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run();
      } catch (error) {
        const final = !(error instanceof DependencyError) || error.kind === "rejected" || attempt === ATTEMPTS;
        if (final) throw error;
        await clock.sleep(BACKOFF_MS * 2 ** (attempt - 1));
      }
    }
  };
}

/** Resolves at most `rate` times a second, evenly, in the order of asking. */
function paced(rate: number, clock: Clock): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock.now();
    next = Math.max(now, next + 1_000 / rate);
    if (next > now) await clock.sleep(next - now);
  };
}
