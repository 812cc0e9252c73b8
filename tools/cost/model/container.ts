import { peakOf } from "../../fleet/arrivals.ts";
import type { Measured } from "../measured.ts";
import { MONTH_HOURS, operationCounts, usageOf, type Fleet, type Tuning, type Usage } from "./usage.ts";

/** A container that serves the same core over plain WebSockets: an assumption, since none exists yet. */
export const container = {
  vCpu: 0.5,
  gigabytes: 1,
  /** Two in two zones, so that one may fail. */
  least: 2,
  /** 1 GB at some 60 KB for a socket with its TLS-less buffers and session, and half of it left free. */
  connections: 8_000,
  /** Posts per second at the peak that half a core answers; the bench's warm path takes well under 1 ms. */
  posts: 250,
  /** A connection lives until the next deploy of the host: estimated at one a week. */
  connectionHours: 7 * 24,
  /** Zones with an address of the balancer each; a container has an address of its own in place of a NAT gateway ($33 a month each). */
  zones: 2,
  /** Share of the traffic that a balancer in one zone sends to a container in the other: an estimate, for two zones. */
  crossingZones: 0.5,
} as const;

/** Capacity of one unit (NLCU) of a Network Load Balancer that terminates TLS. */
const balancerUnit = { connections: 3_000, connectsPerSecond: 50, gigabytesPerHour: 1 } as const;

export function containersFor({ pbxes, pushesPerDay }: Fleet): number {
  const postsPerSecond = (pbxes * pushesPerDay * peakOf("day")) / 86_400;
  return Math.max(
    container.least,
    Math.ceil(pbxes / container.connections),
    Math.ceil(postsPerSecond / container.posts),
  );
}

/**
 * The same month with containers behind a Network Load Balancer instead of the WebSocket API and the functions
 * `session` and `push`: SNS, DynamoDB (by its free gateway endpoint), our own log lines, pages and alarms stay.
 */
export function containerUsage(fleet: Fleet, measured: Measured): Usage {
  const kept: Tuning = { platformLog: false, connectionHours: container.connectionHours };
  const { login } = operationCounts(fleet, measured, kept);
  const usage = usageOf(fleet, measured, kept);
  const rest = usageOf({ ...fleet, pbxes: 0 }, measured, kept); // canary, pages, housekeeping
  const tasks = containersFor(fleet);
  const out = usage.transferGb + usage.cloudFrontGb;
  const balancerUnits = Math.max(
    fleet.pbxes / balancerUnit.connections,
    login / MONTH_HOURS / 3_600 / balancerUnit.connectsPerSecond,
    out / MONTH_HOURS / balancerUnit.gigabytesPerHour,
  );
  return {
    ...usage,
    webSocketMessage: 0,
    webSocketMessageOverBillion: 0,
    webSocketMinute: 0,
    lambdaRequest: rest.lambdaRequest,
    lambdaGbSecond: rest.lambdaGbSecond,
    fargateCpuHour: tasks * container.vCpu * MONTH_HOURS,
    fargateGbHour: tasks * container.gigabytes * MONTH_HOURS,
    loadBalancerHour: MONTH_HOURS,
    loadBalancerUnitHour: balancerUnits * MONTH_HOURS,
    publicIpv4Hour: (tasks + container.zones) * MONTH_HOURS,
    // Incoming traffic is about as much as outgoing.
    crossZoneGb: 2 * out * container.crossingZones,
  };
}
