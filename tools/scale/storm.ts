import { randomFrom, type Random } from "../fleet/random.ts";
import { backoffMs } from "../../bin/pbx/protocol/runner.ts";

/** A reconnect storm. Times in s; rates per second, each a bucket one second deep. */
export interface Storm {
  readonly pbxes: number;
  /** All connections are cut within `cutSeconds`; every attempt fails for this long. */
  readonly outageSeconds: number;
  readonly cutSeconds: number;
  /** Duration of a connect, refused or accepted: evenly distributed. */
  readonly handshakeSeconds: readonly [least: number, most: number];
  /** API Gateway's quota of new connections. */
  readonly connectsPerSecond: number;
  /** Logins that the service accepts; a failed login closes its connection. */
  readonly loginsPerSecond: number;
  /** When a connection is cut: API Gateway's two hours, or an early close. */
  readonly lifetime: (random: Random) => number;
  /** How long to watch after the outage. */
  readonly watchSeconds: number;
  readonly seed: number;
}

/** What happened in each second from the end of the outage on. */
export interface Seconds {
  readonly attempts: Uint32Array;
  readonly refusedConnects: Uint32Array;
  readonly failedLogins: Uint32Array;
  readonly logins: Uint32Array;
  /** At the end of the second. */
  readonly online: Uint32Array;
}

/** Events are in the order of these ticks. */
const TICKS = 100; // per second
const OFFLINE = 0;
const ONLINE = 1;

/** Pure and repeatable: the same storm gives the same seconds. Clients back off as docs/protocol.md says. */
export function simulate(storm: Storm): Seconds {
  const { pbxes, watchSeconds } = storm;
  const random = randomFrom(storm.seed);
  const connects = bucket(storm.connectsPerSecond);
  const logins = bucket(storm.loginsPerSecond);
  const agenda = new Map<number, number[]>();
  const state = new Uint8Array(pbxes);
  const failures = new Uint8Array(pbxes);
  const series = () => new Uint32Array(watchSeconds);
  const seconds = {
    attempts: series(),
    refusedConnects: series(),
    failedLogins: series(),
    logins: series(),
    online: series(),
  };
  let online = 0;

  const at = (time: number, pbx: number) => {
    const tick = Math.ceil(time * TICKS);
    const due = agenda.get(tick);
    if (due === undefined) agenda.set(tick, [pbx]);
    else due.push(pbx);
  };
  const [least, most] = storm.handshakeSeconds;
  const handshake = () => least + random.next() * (most - least);
  const firstMs = (pbx: number) => (pbx % 2 === 0 ? 500 : 1_000); // both kinds of clients
  const again = (time: number, pbx: number) => {
    failures[pbx] = Math.min((failures[pbx] ?? 0) + 1, 200);
    at(time + backoffMs(failures[pbx] ?? 1, firstMs(pbx)) / 1_000, pbx);
  };
  const count = (series: Uint32Array, time: number) => {
    series[Math.floor(time)] = (series[Math.floor(time)] ?? 0) + 1;
  };

  const attempt = (time: number, pbx: number) => {
    const ended = time + handshake();
    if (time < 0) return again(ended, pbx);
    count(seconds.attempts, time);
    if (!connects(time)) {
      count(seconds.refusedConnects, time);
      return again(ended, pbx);
    }
    if (!logins(time)) {
      count(seconds.failedLogins, time);
      return again(ended, pbx);
    }
    count(seconds.logins, time);
    failures[pbx] = 0;
    state[pbx] = ONLINE;
    online += 1;
    at(ended + storm.lifetime(random), pbx);
  };
  const cut = (time: number, pbx: number) => {
    state[pbx] = OFFLINE;
    online -= 1;
    again(time, pbx);
  };

  for (let pbx = 0; pbx < pbxes; pbx++) again(-storm.outageSeconds + random.next() * storm.cutSeconds, pbx);
  for (let tick = -storm.outageSeconds * TICKS; tick < watchSeconds * TICKS; tick++) {
    const due = agenda.get(tick) ?? [];
    agenda.delete(tick);
    for (const pbx of due) (state[pbx] === ONLINE ? cut : attempt)(tick / TICKS, pbx);
    if (tick >= 0) seconds.online[Math.floor(tick / TICKS)] = online;
  }
  return seconds;
}

/** Takes tokens from a bucket one second deep, initially full. */
function bucket(perSecond: number): (time: number) => boolean {
  let tokens = perSecond;
  let filledAt = 0;
  return (time) => {
    tokens = Math.min(perSecond, tokens + (time - filledAt) * perSecond);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Seconds until that many PBXes were online at the same time; undefined if that never happened. */
export function secondsUntil(online: Uint32Array, pbxes: number): number | undefined {
  const second = online.findIndex((count) => count >= pbxes);
  return second < 0 ? undefined : second + 1;
}

export const sum = (series: Uint32Array): number => series.reduce((total, value) => total + value, 0);
export const peak = (series: Uint32Array): number => series.reduce((most, value) => Math.max(most, value), 0);
