import type { StageConfig } from "../../lib/config.ts";
import { peakOf } from "../../tools/fleet/arrivals.ts";
import type { Quota } from "./account.ts";

/** The load that a stage must carry. */
export interface Load {
  /** Connected all the time; a slave or standby counts as one. */
  readonly pbxes: number;
  /** For an average PBX on a working day. */
  readonly pushesPerPbxAndDay: number;
}

/** Time within which every PBX is back after an outage, in s … */
const RECOVERY = 300;
/** … this many times longer than if they came evenly: they come in waves (docs/operate/scale.md, Reconnect storm). */
const WAVES = 6;
/** Between two KeepAlives of a PBX, in s. */
const KEEP_ALIVE = 60;
/** Busiest second over the mean of a working day: the busiest hour, and bursts within it (calls to whole groups). */
const BUSIEST = peakOf("day") * 2;
/** Tokens never seen before, of an average PBX on a day (docs/operate/scale.md): new phones, reinstalled apps. */
const NEW_TOKENS = 20;
/** CheckBuild, AppChallenge, AppLogin and PbxInfo, each a call of `session`; and `$connect` before them. */
const FRAMES_OF_A_LOGIN = 4;
/** Seconds of `session` and `push` on a bad day, with cold execution environments and a slow SNS. */
const SESSION_SECONDS = 0.1;
const PUSH_SECONDS = 0.3;
/** Units of one login in table `sessions` (docs/operate/scale.md). */
const WRITES_OF_A_LOGIN = 5;
/** Strong reads in table `core`: device and breaker of a push; domain and account of a login. */
const READS_OF_A_PUSH = 2;
const READS_OF_A_LOGIN = 2;
const DAY = 86_400; // seconds
/** Lambda accepts reservations only while this many executions stay unreserved. */
const UNRESERVED = 100;

/** The busiest second of a stage, before anything is rounded. */
export interface Rates {
  readonly connects: number;
  readonly keepAlives: number;
  readonly posts: number;
  readonly newTokens: number;
}

export const ratesOf = ({ pbxes, pushesPerPbxAndDay }: Load): Rates => ({
  connects: (pbxes * WAVES) / RECOVERY,
  keepAlives: pbxes / KEEP_ALIVE,
  posts: ((pbxes * pushesPerPbxAndDay) / DAY) * BUSIEST,
  newTokens: ((pbxes * NEW_TOKENS) / DAY) * BUSIEST,
});

/** Concurrent executions. */
export const executionsOf = ({ connects, posts }: Rates) => ({
  session: connects * (1 + FRAMES_OF_A_LOGIN) * SESSION_SECONDS,
  push: posts * PUSH_SECONDS,
});

/** What the stage needs of each quota when all PBXes return from an outage at the busiest time of the day. */
export function needsOf(stage: StageConfig, load: Load): Readonly<Record<Quota, number>> {
  const rates = ratesOf(load);
  const { connects, keepAlives, posts, newTokens } = rates;
  const executions = executionsOf(rates);
  const reserved = Object.values(stage.functions).reduce((sum, one) => sum + (one.reserved ?? 0), 0);
  const needs: Record<Quota, number> = {
    connects,
    // $connect, the login's frames, and the check of the new connection, which draws on the same bucket.
    requests: keepAlives + connects * (1 + FRAMES_OF_A_LOGIN + 1) + posts,
    concurrency: Math.max(executions.session + executions.push, reserved === 0 ? 0 : reserved + UNRESERVED),
    publishes: posts,
    endpointCalls: newTokens,
    tableReads: posts * READS_OF_A_PUSH + connects * READS_OF_A_LOGIN,
    tableWrites: connects * WRITES_OF_A_LOGIN,
    mailsPerDay: stage.limits.mailsPerDay,
  };
  return Object.fromEntries(Object.entries(needs).map(([quota, amount]) => [quota, Math.ceil(amount)])) as typeof needs;
}
