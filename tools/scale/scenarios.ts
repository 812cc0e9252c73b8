import type { Measured } from "../cost/measured.ts";
import type { StageConfig } from "../../lib/config.ts";
import { CONNECTS } from "./limits.ts";
import { peak, secondsUntil, simulate, sum, type Seconds, type Storm } from "./storm.ts";

/** Logins per second that the configuration allows: its throttle, or the write units of `sessions`. */
export function loginsPerSecond({ throttles, tables }: StageConfig, { operations }: Measured): number {
  const writes = operations.login.units["sessions"]?.write ?? 0;
  return Math.floor(Math.min(throttles.login.rate, tables.maxWriteUnits / writes));
}

const TWO_HOURS = 7_200;
const outage = { outageSeconds: 600, cutSeconds: 5, lifetime: () => TWO_HOURS, seed: 1 } as const;
/** While the Region is down, attempts fail immediately (refused) or hang until they time out (dropped packets). */
const fast = [0.05, 0.3] as const;
const slow = [0.05, 10] as const;

export interface Recovery {
  readonly name: string;
  readonly pbxes: number;
  readonly connectsPerSecond: number;
  readonly loginsPerSecond: number;
  /** Seconds if all came exactly as fast as the limits allow. */
  readonly floorSeconds: number;
  readonly half: number | undefined;
  readonly most: number | undefined;
  readonly all: number | undefined;
  readonly attemptsPerLogin: number;
  readonly seconds: Seconds;
}

/** Recovery after ten minutes without the Region, with current and raised limits. */
export function recoveries(pbxes: number, logins: number): readonly Recovery[] {
  type Handshake = Storm["handshakeSeconds"];
  const recover = (
    name: string,
    connectsPerSecond: number,
    loginsThen: number,
    handshakeSeconds: Handshake,
  ): Recovery => {
    const limits = { connectsPerSecond, loginsPerSecond: loginsThen };
    const seconds = simulate({ ...outage, ...limits, pbxes, handshakeSeconds, watchSeconds: 2_400 });
    return {
      name,
      pbxes,
      ...limits,
      floorSeconds: pbxes / Math.min(connectsPerSecond, loginsThen),
      half: secondsUntil(seconds.online, pbxes / 2),
      most: secondsUntil(seconds.online, pbxes * 0.99),
      all: secondsUntil(seconds.online, pbxes),
      attemptsPerLogin: sum(seconds.attempts) / sum(seconds.logins),
      seconds,
    };
  };
  return [
    recover("as configured", CONNECTS, logins, fast),
    recover("connects quota and the rest × 4", 4 * CONNECTS, 4 * CONNECTS, fast),
    recover("as configured, attempts hung", CONNECTS, logins, slow),
  ];
}

export interface Echo {
  readonly name: string;
  /** From an hour after the outage: most attempts in one second, refused ones, and the effect on one PBX per day. */
  readonly peakPerSecond: number;
  readonly refused: number;
  readonly loginsPerPbx: number;
  readonly offlineSecondsPerPbx: number;
  readonly seconds: Seconds;
}

const ECHO_PBXES = 10_000;
const ECHO_HOURS = 13;
const SETTLED = 3_600;

/** The storm comes back every two hours, when all its connections are cut. Does closing earlier, at random, help? */
export function echoes(logins: number): readonly Echo[] {
  const watch = (name: string, lifetime: Storm["lifetime"]): Echo => {
    const limits = { connectsPerSecond: CONNECTS, loginsPerSecond: logins };
    const storm = {
      ...outage,
      ...limits,
      lifetime,
      pbxes: ECHO_PBXES,
      handshakeSeconds: fast,
      watchSeconds: ECHO_HOURS * 3_600,
    };
    const seconds = simulate(storm);
    const later = (series: Uint32Array) => series.subarray(SETTLED);
    const perDay = 24 / (ECHO_HOURS - 1) / ECHO_PBXES;
    const missing = (ECHO_HOURS * 3_600 - SETTLED) * ECHO_PBXES - sum(later(seconds.online));
    return {
      name,
      peakPerSecond: peak(later(seconds.attempts)),
      refused: sum(later(seconds.refusedConnects)) + sum(later(seconds.failedLogins)),
      loginsPerPbx: sum(later(seconds.logins)) * perDay,
      offlineSecondsPerPbx: missing * perDay,
      seconds,
    };
  };
  return [
    watch("left to API Gateway: cut at 2 h", () => TWO_HOURS),
    watch("closed at random between 1.5 and 2 h", (random) => 5_400 + random.next() * 1_800),
    watch("closed at random between 1 and 2 h", (random) => 3_600 + random.next() * 3_600),
  ];
}
