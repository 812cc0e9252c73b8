import type { Results } from "./results.ts";

/** What must hold, and where it is promised. Held values are undefined. */
const PROMISES: readonly { readonly what: string; readonly value: (results: Results) => number | undefined; readonly most: number }[] = [
  { what: "bundle of push, bytes", value: ({ bundles }) => bundles?.find(isPush)?.bytes, most: 420_000 },
  { what: "import of push against the bare clients", value: ({ bundles }) => bundles?.find(isPush)?.ratio, most: 1.2 },
  { what: "warm post, p50 in ms", value: ({ overhead }) => overhead?.operations["post, warm"]?.p50, most: 0.3 },
  { what: "warm post, p99 in ms", value: ({ overhead }) => overhead?.operations["post, warm"]?.p99, most: 1.5 },
  { what: "calls of AWS for a warm post", value: ({ overhead }) => overhead?.operations["post, warm"]?.calls, most: 1 },
  { what: "calls of AWS for a cold post", value: ({ overhead }) => overhead?.operations["post, cold"]?.calls, most: 2 },
  { what: "telemetry of a warm post, p50 in ms", value: telemetryMs, most: 0.2 },
];

const isPush = ({ name }: { readonly name: string }) => name === "push";

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
