import { isPbxError } from "../../bin/pbx/errors.ts";
import type { Post } from "../../bin/pbx/protocol/frames.ts";
import { runPbx, type PbxEvent } from "../../bin/pbx/protocol/runner.ts";
import type { Pbx } from "../../bin/pbx/protocol/session.ts";
import type { Closed } from "../../bin/pbx/protocol/wire.ts";
import type { Devices } from "./devices.ts";
import { count, type Outcome, type Tally } from "./tally.ts";

export interface Account {
  readonly account: string;
  readonly secret: string;
  /** Sends nothing after its login, neither KeepAlive nor post, so that the service closes the idle connection. */
  readonly quiet?: boolean;
}

/** What happens to a PBX besides its posts. */
export type MemberEvent =
  /** The connection ended; `byUs`: dropped by the fleet, or the run is over. `ms` after the login. */
  | {
      readonly name: "ended";
      readonly quiet: boolean;
      readonly byUs: boolean;
      readonly closed: Closed;
      readonly ms: number;
    }
  | { readonly name: "failed"; readonly why: string }
  | { readonly name: "violation"; readonly what: string };

/** One PBX of the fleet. */
export interface Member {
  readonly quiet: boolean;
  readonly devices: Devices;
  online(): boolean;
  /** Whether the first attempt to log in has ended, successfully or not. */
  tried(): boolean;
  /** Always resolves. */
  push(post: Post): Promise<Outcome>;
  /** Drops the connection without a close frame; the PBX reconnects by itself. */
  cut(): void;
  /** Resolves when the signal has fired and the connection is closed. */
  readonly done: Promise<void>;
}

export interface MemberOptions extends Account {
  readonly url: string;
  readonly devices: Devices;
  readonly keepAliveMs: number;
  readonly resultMs: number;
  readonly firstBackoffMs: number;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  readonly onEvent: (event: MemberEvent) => void;
}

export function startMember(options: MemberOptions): Member {
  const { tally, devices, quiet = false } = options;
  const { connections, failures, violations } = tally;
  let now: Pbx | undefined;
  let onlineAt = 0;
  let tried = false;
  let logins = 0;
  const cutByUs = new WeakSet<Pbx>();

  const onEvent = (event: PbxEvent) => {
    switch (event.name) {
      case "connecting":
        connections.connects += 1;
        return;
      case "online":
        now = event.pbx;
        onlineAt = performance.now();
        tried = true;
        connections.logins += 1;
        if (++logins === 1) connections.reached += 1;
        tally.login.record(event.ms);
        return;
      case "offline": {
        const byUs = options.signal.aborted || (now !== undefined && cutByUs.has(now));
        const { closed } = event;
        now = undefined;
        options.onEvent({ name: "ended", quiet, byUs, closed, ms: performance.now() - onlineAt });
        if (byUs) return;
        connections.ended += 1;
        return count(failures, `ended: ${closed.code} ${closed.reason}`.trimEnd());
      }
      case "failed":
        tried = true;
        connections[event.error.kind === "refused" ? "refused" : "failed"] += 1;
        options.onEvent({ name: "failed", why: event.error.message });
        return count(failures, event.error.message);
      case "waiting":
        return;
    }
  };
  const done = runPbx({
    ...options,
    timeouts: { keepAlive: quiet ? 0 : options.keepAliveMs, result: options.resultMs },
    onViolation: (what) => {
      count(violations, what);
      options.onEvent({ name: "violation", what });
    },
    onEvent,
  });

  return {
    quiet,
    devices,
    done,
    online: () => now !== undefined,
    tried: () => tried,
    cut: () => {
      if (now === undefined || cutByUs.has(now)) return;
      connections.dropped += 1;
      cutByUs.add(now);
      void now.drop();
    },
    push: async (post) => {
      const pbx = now;
      if (pbx === undefined) return { kind: "lost", why: "closed" };
      try {
        const { err, info, ms } = await pbx.push(post);
        if (err === undefined) return { kind: "taken", ms };
        return { kind: "refused", err, ms, ...(typeof info === "string" && { info }) };
      } catch (error) {
        if (!isPbxError(error) || error.kind !== "no-result") throw error;
        return cutByUs.has(pbx) ? { kind: "cut" } : { kind: "lost", why: error.why };
      }
    },
  };
}
