import type { ColdStarts } from "./environments/cold-start.ts";
import type { Load } from "./load/load.ts";
import type { Results } from "./results.ts";

/** Limits that must hold, and the document that promises them. Undefined: not measured. */
const PROMISES: readonly {
  readonly what: string;
  readonly value: (results: Results) => number | undefined;
  readonly most: number;
}[] = [
  { what: "bundle of push, bytes", value: ({ cold }) => cold?.push.lean.bytes, most: 90_000 },
  { what: "bundle of session, bytes", value: ({ cold }) => cold?.session.lean.bytes, most: 80_000 },
  {
    what: "import of push, in imports without AWS's modules",
    value: ({ cold }) => cold && importInFloor(cold.push),
    most: 2,
  },
  {
    what: "import of session, in imports without AWS's modules",
    value: ({ cold }) => cold && importInFloor(cold.session),
    most: 2,
  },
  {
    what: "CPU of import and first post, in those by the SDK's clients",
    value: ({ cold }) => cold && coldInSdk(cold.push),
    most: 0.5,
  },
  {
    what: "warm post over TLS, p50, in those by the SDK's clients",
    value: ({ cold }) => cold && (cold.push.lean.warmMs ?? Number.NaN) / (cold.push.sdk.warmMs ?? Number.NaN),
    most: 1,
  },
  { what: "CPU of a post at 200/s, in those by the SDK's clients", value: steadyInSdk, most: 0.75 },
  { what: "warm post, p50 in ms", value: ({ overhead }) => overhead?.operations["post, warm"]?.p50, most: 0.3 },
  { what: "warm post, p99 in ms", value: ({ overhead }) => overhead?.operations["post, warm"]?.p99, most: 1.5 },
  { what: "cold post, p99 in ms", value: ({ overhead }) => overhead?.operations["post, cold"]?.p99, most: 1.5 },
  { what: "cold post, p50, in warm ones", value: coldInWarm, most: 2.5 },
  { what: "warm post, p50, in Publishes by the SDK as it comes", value: warmInBare, most: 1 },
  { what: "calls of AWS for a warm post", value: ({ overhead }) => overhead?.operations["post, warm"]?.calls, most: 1 },
  { what: "calls of AWS for a cold post", value: ({ overhead }) => overhead?.operations["post, cold"]?.calls, most: 2 },
  { what: "telemetry of a warm post, p50 in ms", value: telemetryMs, most: 0.2 },
  {
    what: "PBXes not online when posting began at 200/s",
    value: atPromised(({ connections, online }) => connections - online),
    most: 0,
  },
  { what: "posts lost or refused at 200/s", value: atPromised(({ posts, taken }) => posts - taken), most: 0 },
  { what: "complaints of the fleet at 200/s", value: atPromised(({ broken }) => broken.length), most: 0 },
  { what: "latest result at 200/s, in ms", value: atPromised(({ max }) => max), most: 3_000 },
  { what: "p99 at 200/s, in ms", value: atPromised(({ p99 }) => p99), most: 1_000 },
  { what: "lateness of the fleet itself at 200/s, p99 in ms", value: atPromised(({ lag }) => lag), most: 100 },
];

const PROMISED = { connections: 500, rate: 200 };

/** A value of the promised load; other connections or rates do not measure it. */
function atPromised(of: (load: Load) => number) {
  return ({ load }: Results): number | undefined => {
    const found = load?.find(({ rate, connections }) => rate === PROMISED.rate && connections >= PROMISED.connections);
    return found && of(found);
  };
}

type Variants = ColdStarts["push"];
/** Median of the ratios of neighbouring processes, which ran under the same load. */
const importInFloor = ({ lean }: Variants): number => lean.inFloor;
const coldInSdk = ({ lean, sdk }: Variants): number =>
  (lean.cold?.cpuMs ?? Number.NaN) / (sdk.cold?.cpuMs ?? Number.NaN);

function steadyInSdk({ steady }: Results): number | undefined {
  const of = (name: string) => steady?.find((each) => each.name === name)?.cpuPer1000;
  const [lean, sdk] = [of("lean"), of("sdk")];
  return lean && sdk && lean / sdk;
}

/** Cost of the second AWS call and of handling its answer: a ratio within one run, the same on any machine. */
function coldInWarm({ overhead }: Results): number | undefined {
  const [warm, cold] = [overhead?.operations["post, warm"], overhead?.operations["post, cold"]];
  return warm && cold && cold.p50 / warm.p50;
}

/** A whole post compared with a bare Publish by the SDK, measured in turns: the same on any machine. */
export function warmInBare({ overhead }: Results): number | undefined {
  const warm = overhead?.operations["post, warm"];
  return warm && overhead && warm.p50 / overhead.barePublish.p50;
}

export function telemetryMs({ overhead }: Results): number | undefined {
  const post = overhead?.operations["post, warm"];
  return post && overhead && post.p50 - overhead.silentPost.p50;
}

/** Promises that these results break, in words. */
export const broken = (results: Results): readonly string[] =>
  PROMISES.flatMap(({ what, value, most }) => {
    const measured = value(results);
    return measured === undefined || measured <= most ? [] : [`${what}: ${measured.toPrecision(4)}, more than ${most}`];
  });
