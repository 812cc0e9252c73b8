import { setTimeout as sleep } from "node:timers/promises";
import { connectPbx, type PbxOptions } from "./client.ts";
import { isPbxError, type PbxError } from "../errors.ts";
import type { Pbx } from "./session.ts";
import type { Closed } from "./wire.ts";

/** What happens to a PBX that stays connected. */
export type PbxEvent =
  | { readonly name: "connecting"; readonly attempt: number }
  /** Logged in, `ms` after starting to connect. */
  | { readonly name: "online"; readonly pbx: Pbx; readonly ms: number }
  | { readonly name: "offline"; readonly closed: Closed }
  | { readonly name: "failed"; readonly error: PbxError }
  | { readonly name: "waiting"; readonly ms: number };

export interface RunnerOptions extends PbxOptions {
  readonly onEvent: (event: PbxEvent) => void;
  /** First wait before connecting again, in ms; clients use 500 or 1,000 (default). */
  readonly firstBackoffMs?: number;
}

const LONGEST_BACKOFF_MS = 32_000;

/**
 * Wait before reconnecting, in ms, after this many failures in a row: 0.5 or 1, 2, 4 … 32 s (docs/protocol.md,
 * Connection).
 */
export const backoffMs = (failures: number, firstMs = 1_000): number =>
  failures <= 1 ? firstMs : Math.min(1_000 * 2 ** (failures - 1), LONGEST_BACKOFF_MS);

/**
 * Stays connected as a PBX does: keeps reconnecting, after a refused login too. Resolves when the signal fires and the
 * connection is closed; rejects only with a TypeError if the URL is invalid.
 */
export async function runPbx(options: RunnerOptions): Promise<void> {
  const { signal, onEvent } = options;
  let failures = 0;
  for (let attempt = 1; signal?.aborted !== true; attempt++) {
    onEvent({ name: "connecting", attempt });
    try {
      const startedAt = performance.now();
      const pbx = await connectPbx(options);
      failures = 0;
      onEvent({ name: "online", pbx, ms: performance.now() - startedAt });
      onEvent({ name: "offline", closed: await pbx.closed });
    } catch (error) {
      if (!isPbxError(error)) throw error;
      if (error.kind !== "aborted") onEvent({ name: "failed", error });
    }
    if (signal?.aborted) return;
    failures += 1;
    const ms = backoffMs(failures, options.firstBackoffMs);
    onEvent({ name: "waiting", ms });
    await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
  }
}
