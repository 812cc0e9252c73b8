import { withAwsOverTls } from "./aws-over-tls.ts";
import { type Cost, type Environment, type OnCallPath, runEnvironment } from "./environments.ts";
import { percentiles } from "../../shared/percentiles.ts";
import { bundleVariant, VARIANTS, type Variant } from "./variants.ts";

/** Medians over fresh processes; over loopback with TLS, except the floor, which makes no calls. */
interface ColdStart {
  readonly bytes: number;
  readonly load: Cost;
  /**
   * Of the import times: median of the ratios to the floor's process of the same round, which ran under the same load.
   */
  readonly inFloor: number;
  /** Import and first event, without warm-up. */
  readonly cold?: Cost;
  /** The first event after Lambda's init with its warm-up. */
  readonly first?: Cost;
  /** p50 of the events after that, in ms. */
  readonly warmMs?: number;
}
export type ColdStarts = Readonly<Record<OnCallPath, Readonly<Record<Variant, ColdStart>>>>;

/** Events after the first: enough for V8 to compile their code. */
const WARM_EVENTS = 400;

/** Push and session as deployed, with the SDK's clients and without any, `rounds` times in turn. */
export const coldStarts = (rounds: number): Promise<ColdStarts> =>
  withAwsOverTls(async (aws, directory) => {
    const of = async (name: OnCallPath) => {
      const bundles = await Promise.all(
        VARIANTS.map(async (variant) => ({
          variant,
          ...(await bundleVariant(name, variant, directory)),
          cold: [] as Environment[],
          warm: [] as Environment[],
        })),
      );
      for (let round = 0; round < rounds; round += 1) {
        for (const { variant, file, cold, warm } of bundles) {
          const reached = variant === "floor" ? undefined : aws;
          cold.push(await runEnvironment(file, name, reached, { events: 0 }));
          if (reached) warm.push(await runEnvironment(file, name, reached, { events: WARM_EVENTS, warmUp: true }));
        }
      }
      const floor = bundles.find(({ variant }) => variant === "floor")?.cold ?? [];
      return Object.fromEntries(
        bundles.map(({ variant, bytes, cold, warm }) => [variant, summary(bytes, floor, cold, warm)]),
      ) as Record<Variant, ColdStart>;
    };
    return { push: await of("push"), session: await of("session") };
  });

function summary(
  bytes: number,
  floor: readonly Environment[],
  cold: readonly Environment[],
  warm: readonly Environment[],
): ColdStart {
  const median = (costs: readonly Cost[]): Cost => ({
    ms: percentiles(costs.map(({ ms }) => ms)).p50,
    cpuMs: percentiles(costs.map(({ cpuMs }) => cpuMs)).p50,
  });
  const load = median(cold.map((each) => each.load));
  const inFloor = percentiles(cold.map((each, round) => each.load.ms / (floor[round]?.load.ms ?? Number.NaN))).p50;
  if (warm.length === 0) return { bytes, load, inFloor };
  const both = ({ load: { ms, cpuMs }, first }: Environment): Cost => ({
    ms: ms + (first?.ms ?? 0),
    cpuMs: cpuMs + (first?.cpuMs ?? 0),
  });
  return {
    bytes,
    load,
    inFloor,
    cold: median(cold.map(both)),
    first: median(warm.flatMap(({ first }) => first ?? [])),
    warmMs: percentiles(warm.map(({ times }) => percentiles(times).p50)).p50,
  };
}
