import { Duration } from "aws-cdk-lib";
import type { CONNECTING } from "../../lambdas/core/monitoring/canary.ts";
import type { AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** With fewer posts than this in five minutes, a failure rate says nothing: a quiet night is no outage. */
const ENOUGH_POSTS = 20;
/** This many failures in five minutes are more than a single crash. */
export const FAILURES = 5;
/** Alarm thresholds: failing posts in %, and time from frame to acceptance in ms. */
export const FAILING_PERCENT = 10;
export const LATE_MS = 2_000;

/** The canary's alarm fires when fewer than this share of the last CANARY_RUNS runs succeeded. */
export const CANARY_RUNS = 5;
export const HALF_ARRIVED = 0.5;

const connecting: typeof CONNECTING = ["connect", "challenge", "login", "keepalive"];

/** Alarms on failures that keep phones from ringing. */
export function callAlarms(metrics: ServiceMetrics, watched: Watched): readonly AlarmPlan[] {
  const canaryPeriod = Duration.minutes(CANARY_RUNS * watched.config.canaryMinutes);
  return [
    {
      id: "canary",
      stops: ["pushes"],
      stopsPushes: true,
      impact: "The test phone is not woken through the public URL: very likely no phone is.",
      runbook: "canary",
      // Fires if most runs failed, even with successes in between, or if there were none.
      metric: metrics.own("Canary", "Average").with({ period: canaryPeriod }),
      threshold: HALF_ARRIVED,
      below: true,
      firesWithoutData: true,
    },
    {
      id: "canary-cannot-connect",
      stops: ["connections"],
      stopsPushes: true,
      impact: "The test PBX cannot connect or log in through the public URL: very likely no PBX can.",
      runbook: "canary",
      metric: metrics
        .sum(
          connecting.map((outcome) => metrics.own("CanaryFailure", "Sum", { outcome })),
          "runs that could not connect",
        )
        .with({ period: canaryPeriod }),
      threshold: Math.ceil(CANARY_RUNS * HALF_ARRIVED),
    },
    {
      id: "call-path-fails",
      degrades: ["pushes", "connections"],
      stopsPushes: true,
      impact: "Functions that answer PBXes crash, time out or are throttled: logins or wake-ups get no answer.",
      runbook: "call-path-fails",
      metric: metrics.failures(["session", "push"]),
      threshold: FAILURES,
    },
    ...watched.platforms.flatMap((platform) => platformAlarms(metrics, platform)),
    {
      id: "logins-fail",
      degrades: ["connections"],
      impact: "PBXes with the right password cannot log in: after a reconnect they send no wake-ups.",
      runbook: "logins-fail",
      metric: metrics.own("Login", "Sum", { outcome: "error" }),
      threshold: FAILURES,
    },
    {
      id: "frames-fail",
      degrades: ["pushes", "connections"],
      impact: "API Gateway could not reach a function: PBXes get frames they do not understand, calls may not ring.",
      runbook: "frames-fail",
      metric: metrics.sum([metrics.socket("IntegrationError"), metrics.socket("ExecutionError")], "frames that failed"),
      threshold: FAILURES,
    },
    {
      id: "pages-fail",
      degrades: ["registration"],
      impact: "The pages answer with errors: nobody can register a domain or manage one.",
      runbook: "pages-fail",
      metric: metrics.failures(["registration"]),
      threshold: FAILURES,
    },
    {
      id: "status-fails",
      impact: "The status page answers with errors: users cannot see how the service is doing.",
      runbook: "pages-fail",
      metric: metrics.failures(["status"]),
      threshold: FAILURES,
    },
  ];
}

function platformAlarms(metrics: ServiceMetrics, platform: string): readonly AlarmPlan[] {
  const own = (name: Parameters<ServiceMetrics["own"]>[0], statistic: Parameters<ServiceMetrics["own"]>[1]) =>
    metrics.own(name, statistic, { platform });
  const posts = own("PostTrouble", "SampleCount");
  const whenEnough = (what: string, named: Record<string, ReturnType<ServiceMetrics["own"]>>, label: string) =>
    metrics.math(`IF(posts >= ${ENOUGH_POSTS}, ${what}, 0)`, { posts, ...named }, label);
  return [
    {
      id: `posts-fail-${platform}`,
      degrades: ["pushes"],
      stopsPushes: true,
      impact: `Wake-ups for ${platform} fail: those phones do not ring.`,
      runbook: "posts-fail",
      metric: whenEnough("100 * trouble", { trouble: own("PostTrouble", "Average") }, "% failing"),
      threshold: FAILING_PERCENT,
      periods: [2, 3],
    },
    {
      id: `deliveries-fail-${platform}`,
      degrades: ["pushes"],
      stopsPushes: true,
      impact: `Wake-ups for ${platform} are accepted and then given up by SNS, Apple or Google: those phones do not ring.`,
      runbook: "deliveries-fail",
      metric: whenEnough("100 * given / posts", { given: own("DeliveryTrouble", "Sum") }, "% given up"),
      threshold: FAILING_PERCENT,
      periods: [2, 3],
    },
    {
      id: `posts-late-${platform}`,
      degrades: ["pushes"],
      impact: `Wake-ups for ${platform} are slow: phones ring late, and callers give up.`,
      runbook: "posts-late",
      metric: whenEnough("latency", { latency: own("PostLatency", "p95") }, "p95 in ms"),
      threshold: LATE_MS,
      periods: [2, 3],
    },
    {
      id: `breaker-open-${platform}`,
      degrades: ["pushes"],
      impact: `SNS disabled many ${platform} tokens at once: a wrong credential, and phones of that app do not ring.`,
      runbook: "breaker-open",
      metric: own("BreakerOpen", "Sum"),
      threshold: 1,
    },
  ];
}
