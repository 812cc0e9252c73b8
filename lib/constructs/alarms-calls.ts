import { Duration } from "aws-cdk-lib";
import type { AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** With fewer posts than this in five minutes, a share of them says nothing: a quiet night is no outage. */
const ENOUGH_POSTS = 20;
/** Alarms speak of this share of failing posts, in %, and of this long from frame to acceptance, in ms. */
export const FAILING_PERCENT = 10;
export const LATE_MS = 2_000;

/** What keeps phones from ringing. */
export function callAlarms(metrics: ServiceMetrics, watched: Watched): readonly AlarmPlan[] {
  return [
    {
      id: "canary",
      severity: "down",
      stopsPushes: true,
      impact: "The test phone is not woken through the public URL: very likely no phone is.",
      runbook: "canary",
      metric: metrics.own("Canary", "Maximum").with({ period: Duration.minutes(watched.config.canaryMinutes) }),
      threshold: 1,
      below: true,
      periods: [3, 3],
      silenceRings: true,
    },
    {
      id: "call-path-fails",
      severity: "degraded",
      stopsPushes: true,
      impact: "Functions that answer PBXes crash, time out or are throttled: logins or wake-ups get no answer.",
      runbook: "call-path-fails",
      metric: metrics.failures(["session", "push"]),
      threshold: 5,
    },
    ...watched.platforms.flatMap((platform) => platformAlarms(metrics, platform)),
    {
      id: "logins-fail",
      severity: "degraded",
      impact: "PBXes with the right password cannot log in: after a reconnect they send no wake-ups.",
      runbook: "logins-fail",
      metric: metrics.own("Login", "Sum", { outcome: "error" }),
      threshold: 5,
    },
    {
      id: "frames-fail",
      severity: "degraded",
      impact: "API Gateway could not reach a function: PBXes get frames they do not understand, calls may not ring.",
      runbook: "frames-fail",
      metric: metrics.sum([metrics.socket("IntegrationError"), metrics.socket("ExecutionError")], "frames that failed"),
      threshold: 5,
    },
    {
      id: "pages-fail",
      severity: "degraded",
      impact: "The pages for registration, or this status page, answer with errors.",
      runbook: "pages-fail",
      metric: metrics.failures(["registration", "status"]),
      threshold: 5,
    },
  ];
}

function platformAlarms(metrics: ServiceMetrics, platform: string): readonly AlarmPlan[] {
  const posts = metrics.own("PostTrouble", "SampleCount", { platform });
  const whenEnough = (what: string, named: Record<string, ReturnType<ServiceMetrics["own"]>>, label: string) =>
    metrics.math(`IF(posts >= ${ENOUGH_POSTS}, ${what}, 0)`, { posts, ...named }, label);
  return [
    {
      id: `posts-fail-${platform}`,
      severity: "degraded",
      stopsPushes: true,
      impact: `Wake-ups for ${platform} fail: those phones do not ring.`,
      runbook: "posts-fail",
      metric: whenEnough(
        "100 * trouble",
        { trouble: metrics.own("PostTrouble", "Average", { platform }) },
        "% failing",
      ),
      threshold: FAILING_PERCENT,
      periods: [2, 3],
    },
    {
      id: `posts-late-${platform}`,
      severity: "degraded",
      impact: `Wake-ups for ${platform} are slow: phones ring late, and callers give up.`,
      runbook: "posts-late",
      metric: whenEnough("latency", { latency: metrics.own("PostLatency", "p95", { platform }) }, "p95 in ms"),
      threshold: LATE_MS,
      periods: [2, 3],
    },
    {
      id: `breaker-open-${platform}`,
      severity: "degraded",
      impact: `SNS disabled many ${platform} tokens at once: a wrong credential, and phones of that app do not ring.`,
      runbook: "breaker-open",
      metric: metrics.own("BreakerOpen", "Sum", { platform }),
      threshold: 1,
    },
  ];
}
