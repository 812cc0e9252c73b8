import { CANARY_RUNS, FAILING_PERCENT, FAILURES, HALF_ARRIVED, LATE_MS } from "./alarms-calls.ts";
import { EXPIRES_SOON_DAYS } from "./alarms-background.ts";
import { REFUSALS } from "./alarms-limits.ts";
import type { Answer, Chart } from "./dashboard-answer.ts";
import { limits } from "./dashboard-limits.ts";
import { linked } from "./runbook.ts";
import { CANARY, type ServiceMetrics, type Watched } from "./service-metrics.ts";

/** The rows of the dashboard, in the order in which an operator asks. */
export function answerRows(metrics: ServiceMetrics, watched: Watched): readonly Answer[] {
  return [
    up(metrics),
    through(metrics, watched),
    failing(metrics, watched),
    limits(metrics, watched),
    later(metrics, watched),
    cost(metrics, watched),
  ].map(({ text, widgets }) => ({ text: linked(watched.config, text), widgets }));
}

function up(metrics: ServiceMetrics): Answer {
  const percent = metrics.math("100 * arrived", { arrived: metrics.own("Canary", "Average") }, "% arrived");
  return {
    text: "## Is it up?\nThe [canary](#canary) wakes a test phone through the public URL. A PBX sends KeepAlive every minute, so KeepAlives per minute are open connections: compare with yesterday, at the left.",
    widgets: [
      {
        title: "Canary: wake-ups that arrived",
        left: [percent],
        unit: "%",
        max: 100,
        lines: [{ value: 100 * HALF_ARRIVED, label: `alarm: ${CANARY_RUNS} runs` }],
      },
      {
        title: "Canary: from frame to phone",
        left: [metrics.own("CanaryLatency", "p50", {}, "p50"), metrics.own("CanaryLatency", "Maximum", {}, "worst")],
        unit: "ms",
      },
      {
        title: "Open connections, two days",
        left: [metrics.connectionMinutes("open connections")],
        right: [
          metrics.own("Connection", "Sum", { outcome: "opened" }, "opened"),
          metrics.own("Connection", "Sum", { outcome: "closed" }, "closed"),
        ],
        start: "-PT48H",
      },
    ],
  };
}

function through(metrics: ServiceMetrics, { platforms }: Watched): Answer {
  const all = [...platforms, CANARY];
  const working = all.map((platform) =>
    metrics.math(
      `100 * (1 - t${platform})`,
      { [`t${platform}`]: metrics.own("PostTrouble", "Average", { platform }) },
      platform,
    ),
  );
  const latency = (platform: string): Chart => ({
    title: `${platform}: from frame to acceptance`,
    left: (["p50", "p95", "p99"] as const).map((share) => metrics.own("PostLatency", share, { platform }, share)),
    unit: "ms",
    lines: [{ value: LATE_MS, label: "alarm (p95)" }],
  });
  const accepted = all.map((platform) => metrics.own("Post", "Sum", { platform, outcome: "accepted" }, platform));
  // A sample count of zero is never reported: without FILL the worst minutes would be missing.
  const share = all.map((platform) =>
    metrics.math(
      `100 * FILL(a${platform}, 0) / p${platform}`,
      {
        [`a${platform}`]: metrics.own("PostLatency", "SampleCount", { platform }),
        [`p${platform}`]: metrics.own("PostTrouble", "SampleCount", { platform }),
      },
      platform,
    ),
  );
  const publish = all.map((platform) => metrics.own("PublishLatency", "p95", { platform }, platform));
  return {
    text: '## Are pushes going through?\nBelow the line wake-ups [fail](#posts-fail) through us, AWS or a vendor; tokens that are dead or wrong do not count there, and do in "accepted, % of all". Above the other line they come [late](#posts-late). What is accepted may still be [given up](#deliveries-fail) by Apple or Google.',
    widgets: [
      {
        title: "Posts without trouble",
        left: working,
        unit: "%",
        max: 100,
        lines: [{ value: 100 - FAILING_PERCENT, label: "alarm" }],
      },
      { title: "Posts accepted, % of all", left: share, unit: "%", max: 100 },
      { title: "Posts accepted", left: accepted, unit: "per minute", view: "areas" },
      { title: "One SNS Publish, p95", left: publish, unit: "ms" },
      ...all.map(latency),
    ],
  };
}

function failing(metrics: ServiceMetrics, { functions }: Watched): Answer {
  const logs = (name: string) =>
    functions.filter(({ entrypoint }) => entrypoint === name).map((each) => each.function.logGroup.logGroupName);
  const posts = ['filter message = "post answered"'];
  const mostErrors = ["sort errors desc", "limit 20"];
  return {
    text:
      "## What fails?\n**Answers**, by app and by account: an [err](#posts-fail) that only one account sees is that account's: wrong tokens, an old app. " +
      "**Attempts at SNS** on the right axis are setbacks: tried again, no answer, out of time, answered after the deadline, [breaker](#breaker-open). " +
      "**Endpoints** are made at a phone's first sight and disabled when its app is gone; what SNS or the vendor [gave up](#deliveries-fail) stands beside them. " +
      "**Logins** that are refused have a wrong password, those that are invalid came without a challenge; only errors are [ours](#logins-fail). " +
      "**Functions**: [crashes](#call-path-fails) on the left, throttled, caught and limited on the right. " +
      "**API Gateway's own answers** are [throttled](#throttled) or [failed](#frames-fail) frames, of browsers [too](#pages-throttled). " +
      "**Registrations, emails, operators** count steps, emails and verbs; what is behind them: [background](#background-fails), [domains claimed](#claim-waits).",
    widgets: [
      {
        title: "Answers by app",
        logGroups: logs("push"),
        query: [...posts, "stats count(*) as posts by app, outcome", "sort posts desc", "limit 20"],
      },
      {
        title: "Errors by account",
        logGroups: logs("push"),
        query: [...posts, "stats sum(failed) as errors, count(*) as posts by account, outcome", ...mostErrors],
      },
      {
        title: "Answers",
        left: [metrics.each("Post", ["platform", "outcome"], "")],
        unit: "per minute",
        view: "areas",
      },
      {
        title: "Attempts at SNS",
        left: [metrics.publishes()],
        right: [
          metrics.each("PublishRetry", ["platform"], "retry"),
          metrics.each("PublishUnknown", ["platform"], "no answer"),
          metrics.each("DeadlineMissed", ["platform"], "out of time"),
          metrics.each("PostLate", ["platform"], "answered late"),
          metrics.each("BreakerOpen", ["platform"], "breaker"),
        ],
        unit: "per minute",
        rightUnit: "setbacks",
      },
      {
        title: "Endpoints and what SNS reported later",
        left: [
          metrics.each("Endpoint", ["platform", "outcome"], ""),
          metrics.each("Delivery", ["platform", "outcome"], ""),
          metrics.each("DeliveryTrouble", ["platform"], "given up"),
        ],
      },
      {
        title: "Logins",
        left: [metrics.each("Login", ["outcome"], "")],
        unit: "per minute",
        view: "areas",
        right: [metrics.own("Login", "Sum", { outcome: "error" }, "errors of ours")],
        rightLines: [{ value: FAILURES, label: "alarm, in 5 min" }],
      },
      {
        title: "Functions: errors and throttles",
        left: functions.map(({ entrypoint }) => metrics.lambda("Errors", entrypoint)),
        right: [
          metrics.sum(
            functions.map(({ entrypoint }) => metrics.lambda("Throttles", entrypoint)),
            "throttled",
          ),
          metrics.each("Unexpected", ["outcome"], "caught"),
          metrics.each("Limited", ["outcome"], "limited"),
        ],
        lines: [{ value: FAILURES, label: "alarm: failures in 5 min" }],
      },
      {
        title: "API Gateway's own answers",
        left: [
          metrics.socket("ClientError", "Sum", "refused, throttled"),
          metrics.socket("IntegrationError", "Sum", "function failed"),
          metrics.socket("ExecutionError", "Sum", "not reached"),
          metrics.pagesThrottled("pages throttled"),
        ],
        right: [metrics.socket("MessageCount", "Sum", "all frames")],
        rightUnit: "per minute",
        lines: [{ value: REFUSALS, label: "alarm: throttled, in 5 min" }],
      },
      {
        title: "Registrations, emails, operators",
        left: [
          metrics.each("Registration", ["outcome"], ""),
          metrics.each("Mail", ["outcome"], "mail"),
          metrics.each("Admin", ["outcome"], "operator"),
        ],
      },
    ],
  };
}

function later(metrics: ServiceMetrics, { functions, platforms }: Watched): Answer {
  const watch = functions
    .filter(({ entrypoint }) => entrypoint === "watch")
    .map((each) => each.function.logGroup.logGroupName);
  const invalid: Chart = {
    title: "Credentials that do not work",
    left: [metrics.own("CredentialInvalid", "Maximum", {}, "invalid")],
    lines: [{ value: 1, label: "alarm" }],
  };
  // A stage without apps and host name has no credential that could expire.
  const dates: Chart = {
    title: "Days until the first credential expires",
    left: [metrics.own("CredentialDaysLeft", "Minimum", {}, "days left")],
    right: [metrics.own("CredentialAge", "Maximum", {}, "age of the oldest")],
    lines: [{ value: EXPIRES_SOON_DAYS, label: "alarm" }],
  };
  const each = {
    title: "Credentials",
    logGroups: watch,
    query: [
      'filter message = "credential"',
      "stats latest(valid) as works, latest(daysLeft) as days, latest(age) as old by name",
      "sort days asc",
      "limit 20",
    ],
  };
  return {
    text: "## What will hurt later?\nCredentials of apps and the certificate, looked at every hour: [expiring](#credential-expires), [not working](#credential-invalid), or [nobody looks](#watch-silent).",
    widgets: platforms.length === 0 ? [invalid] : [invalid, dates, each],
  };
}

function cost(metrics: ServiceMetrics, { functions }: Watched): Answer {
  return {
    text: "## What does it cost?\nOver the time shown: messages and connection minutes are API Gateway's bill, invocations and their time Lambda's ([cost](#cost)).",
    widgets: [
      {
        title: "API Gateway",
        left: [metrics.socket("MessageCount", "Sum", "messages"), metrics.connectionMinutes("connection minutes")],
        view: "number",
      },
      {
        title: "Lambda: invocations",
        left: functions.map(({ entrypoint }) => metrics.lambda("Invocations", entrypoint)),
        view: "areas",
      },
      {
        title: "Lambda: time",
        left: functions.map(({ entrypoint }) => metrics.lambda("Duration", entrypoint)),
        unit: "ms",
        view: "areas",
      },
    ],
  };
}
