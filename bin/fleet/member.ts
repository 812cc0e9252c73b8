import { isPbxError } from "../pbx/errors.ts";
import type { Post } from "../pbx/frames.ts";
import { runPbx, type PbxEvent } from "../pbx/runner.ts";
import type { Pbx } from "../pbx/session.ts";
import type { Devices } from "./devices.ts";
import { count, type Outcome, type Tally } from "./tally.ts";

export interface Account {
  readonly account: string;
  readonly secret: string;
}

/** One PBX of the fleet. */
export interface Member {
  readonly account: string;
  readonly devices: Devices;
  online(): boolean;
  /** Whether the first attempt to log in has ended, well or not. */
  tried(): boolean;
  /** Always resolves. */
  push(post: Post): Promise<Outcome>;
  /** Drops the connection without a word; the PBX comes back by itself. */
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
}

export function startMember(options: MemberOptions): Member {
  const { tally, devices, account } = options;
  const { connections, failures, violations } = tally;
  let now: Pbx | undefined;
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
        tried = true;
        connections.logins += 1;
        if (++logins === 1) connections.reached += 1;
        tally.login.record(event.ms);
        return;
      case "offline": {
        const expected = options.signal.aborted || (now !== undefined && cutByUs.has(now));
        now = undefined;
        if (expected) return;
        connections.ended += 1;
        return count(failures, `ended: ${event.closed.code} ${event.closed.reason}`.trimEnd());
      }
      case "failed":
        tried = true;
        connections[event.error.kind === "refused" ? "refused" : "failed"] += 1;
        return count(failures, event.error.message);
      case "waiting":
        return;
    }
  };
  const done = runPbx({
    ...options,
    timeouts: { keepAlive: options.keepAliveMs, result: options.resultMs },
    onViolation: (what) => count(violations, what),
    onEvent,
  });

  return {
    account,
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
