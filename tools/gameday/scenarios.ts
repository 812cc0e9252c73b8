import type { MetricName } from "../../lambdas/core/shared/metrics.ts";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { makePhonesOlder } from "./aging.ts";
import {
  postCalls,
  postAll,
  believed,
  connected,
  register,
  applicationArn,
  HOUR,
  newPhone,
  APPS,
  type Scene,
} from "./scene.ts";

/** A failure, and the alarms that must fire. */
export interface Scenario {
  readonly title: string;
  /** Their names without `push-STAGE-`. */
  readonly alarms: readonly string[];
  /** Metrics that must be emitted. */
  readonly metrics: readonly MetricName[];
  /** Faults as posted to `/_local/faults`. */
  readonly faults: readonly object[];
  /** Failures that faults cannot express; returns how to undo them. */
  readonly breaks?: (scene: Scene) => void | Promise<void>;
  readonly mends?: (scene: Scene) => void;
  /** What PBXes and people do during the failure; repeated until the alarms fire. */
  readonly load: (scene: Scene) => Promise<void>;
  /** Time until it is repeated, in ms, for alarms with periods of hours. */
  readonly round?: number;
}

/** More in five minutes than an alarm on a share of posts requires. */
const POSTS = 40;
/** Tokens of one app: even if a minute ends meanwhile, more are disabled in one than the stage believes (`limits.disabledTokensPerMinute`). */
const MANY = 25;
/** Phones of each app that have been in use for a long time. */
const OLD_PHONES = APPS.map((app) => Array.from({ length: MANY }, () => newPhone(app)));

export const scenarios: readonly Scenario[] = [
  {
    title: "SNS refuses every Publish",
    alarms: ["posts-fail-APNS_VOIP", "pushes-not-going-through"],
    metrics: ["PublishRetry"],
    faults: [{ service: "sns", operation: "Publish", error: "InternalError", status: 500 }],
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    title: "SNS is slow, and sometimes too slow",
    alarms: ["posts-late-APNS_VOIP"],
    metrics: ["PublishUnknown"],
    // An attempt gets a third of the time left (core/shared/retry/retry-policy.ts), here of a second: 200 ms fit, 1,700 do not.
    faults: [
      { service: "lambda", operation: "push", latencyMs: 1_900 },
      { service: "sns", operation: "Publish", latencyMs: 1_700, rate: 0.2 },
      { service: "sns", operation: "Publish", latencyMs: 200 },
    ],
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    // A post's deadline is deadlineMs (3,000) - ANSWER_TIME (100) after its frame's arrival. An execution environment that gets it 3,000 ms
    // after that, or later, has at most -100 left, less than ATTEMPT_MINIMUM (core/shared/retry/retry-policy.ts): nothing is tried.
    title: "Execution environments start too late for any post",
    alarms: ["posts-fail-APNS_VOIP"],
    metrics: ["DeadlineMissed"],
    faults: [{ service: "lambda", operation: "push", latencyMs: 3_000 }],
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    title: "The push function crashes",
    alarms: ["call-path-fails", "frames-fail", "pushes-not-going-through"],
    metrics: [],
    faults: [{ service: "lambda", operation: "push", error: "Runtime.ExitError" }],
    // Does not wait for answers, as API Gateway's own frames are not answers.
    load: (scene) =>
      connected(scene, async (pbx) => {
        for (let sent = 0; sent < 10; sent += 1) pbx.raw('{"mt":"PushNotifyPost"}');
        await sleep(200);
      }),
  },
  {
    title: "The session function crashes: no PBX can log in, nor can the canary",
    alarms: ["canary", "canary-cannot-connect"],
    metrics: ["CanaryFailure"],
    faults: [{ service: "lambda", operation: "session", error: "Runtime.ExitError" }],
    load: () => Promise.resolve(),
  },
  {
    title: "DynamoDB throttles reads",
    alarms: ["tables-throttled-core", "logins-fail"],
    metrics: [],
    faults: [{ service: "dynamodb", operation: "BatchGetItem", error: "ProvisionedThroughputExceededException" }],
    load: async (scene) => {
      await Promise.all(Array.from({ length: 16 }, () => postCalls(scene, 1)));
    },
  },
  {
    title: "A PBX floods the service",
    alarms: ["throttled"],
    metrics: [],
    faults: [],
    load: (scene) =>
      connected(scene, async (pbx) => {
        for (let sent = 0; sent < 800; sent += 1) pbx.raw('{"mt":"AppInfo","app":"flood"}');
        await sleep(500);
      }),
  },
  {
    title: "The pages' function crashes",
    alarms: ["pages-fail"],
    metrics: [],
    faults: [{ service: "lambda", operation: "registration", error: "Runtime.ExitError" }],
    load: async ({ host }) => {
      const asked = Array.from({ length: 10 }, () => fetch(`${host.url}/push/connect`));
      await Promise.all(asked.map(async (answer) => (await answer).arrayBuffer()));
    },
  },
  {
    title: "Browsers flood the pages",
    alarms: ["pages-throttled"],
    metrics: [],
    faults: [],
    load: async ({ host }) => {
      const asked = Array.from({ length: 800 }, () =>
        fetch(`${host.url}/push/nothing`).then((answer) => answer.arrayBuffer()),
      );
      await Promise.allSettled(asked);
    },
  },
  {
    title: "Apple and Google do not answer: what SNS accepted does not arrive",
    alarms: ["deliveries-fail-APNS_VOIP", "deliveries-fail-APNS", "deliveries-fail-GCM"],
    metrics: [],
    faults: [],
    breaks: ({ host }) => APPS.forEach((app) => host.sns.phones.setReachable(app, false)),
    mends: ({ host }) => APPS.forEach((app) => host.sns.phones.setReachable(app, true)),
    load: (scene) => postAll(scene, OLD_PHONES.flat()),
  },
  {
    title: "Apple no longer accepts the app's credential",
    alarms: ["credential-invalid"],
    metrics: [],
    faults: [],
    breaks: ({ host }) => host.sns.setApplicationEnabled(applicationArn(host), false),
    mends: ({ host }) => host.sns.setApplicationEnabled(applicationArn(host), true),
    load: (scene) => postCalls(scene, 1),
    round: HOUR,
  },
  {
    title: "An app's certificate expires in 20 days",
    alarms: ["credential-expires"],
    metrics: [],
    faults: [],
    breaks: ({ host }) => host.sns.setCertificateExpiry(applicationArn(host), Date.now() + 20 * 24 * HOUR),
    mends: ({ host }) => host.sns.setCertificateExpiry(applicationArn(host), undefined),
    load: () => Promise.resolve(),
    round: 3 * HOUR,
  },
  {
    title: "SES refuses emails",
    alarms: ["emails-fail"],
    metrics: ["Mail"],
    faults: [{ service: "ses", error: "MessageRejected" }],
    load: async ({ host }) => {
      const someone = randomBytes(6).toString("hex");
      const names = Array.from({ length: 8 }, () => randomBytes(6).toString("hex"));
      // One of them keeps requesting, until the limit for an address stops the email.
      await Promise.all([...names, ...names.map(() => someone)].map((name) => register(host.url, name)));
    },
  },
  {
    title: "Apple and Google report all tokens as invalid: sandbox and production are mixed up",
    alarms: ["breaker-open-APNS_VOIP", "breaker-open-APNS", "breaker-open-GCM"],
    metrics: ["BreakerOpen"],
    faults: [],
    async breaks(scene) {
      await postAll(scene, OLD_PHONES.flat());
      await makePhonesOlder(scene.host);
      for (const app of APPS) scene.host.sns.phones.setCredentials(app, false);
    },
    mends({ host }) {
      for (const app of APPS) host.sns.phones.setCredentials(app, true);
    },
    async load(scene) {
      await postAll(scene, OLD_PHONES.flat());
      await believed(scene.host); // otherwise the next posts would re-enable the tokens, and older reports would be ignored
    },
  },
];

/** Starts the scenario's failures. Rejects with an Error for an invalid fault. */
export async function breakIt(scene: Scene, { faults, breaks }: Scenario): Promise<void> {
  for (const fault of faults) {
    const added = scene.host.faults.add(fault);
    if (typeof added === "string") throw new Error(added);
  }
  await breaks?.(scene);
}

/** Ends the scenario's failures. */
export function mend(scene: Scene, { mends }: Scenario): void {
  scene.host.faults.clear();
  mends?.(scene);
}
