import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalHost } from "../../local/host.ts";
import { connectPbx } from "../pbx/client.ts";
import { isPbxError } from "../pbx/errors.ts";
import type { Pbx } from "../pbx/session.ts";

/** Something that goes wrong, and the alarms that have to ring. */
export interface Scenario {
  readonly title: string;
  /** Their names without `push-STAGE-`. */
  readonly alarms: readonly string[];
  /** As posted to `/_local/faults`. */
  readonly faults: readonly object[];
  /** What faults cannot say. */
  readonly applicationDown?: boolean;
  /** What PBXes and people do meanwhile, once; it is repeated until the alarms ring. */
  readonly load: (scene: Scene) => Promise<void>;
}

export interface Scene {
  readonly host: LocalHost;
  readonly account: string;
  readonly secret: string;
}

/** More in five minutes than an alarm on a share of posts wants to see. */
const POSTS = 40;
const APP = "ios-call";
const newPhone = (): string => `${APP}:${randomBytes(32).toString("hex")}`;
const PHONE = newPhone();

export const scenarios: readonly Scenario[] = [
  {
    title: "SNS refuses every Publish",
    alarms: ["posts-fail-APNS_VOIP", "canary", "pushes-not-going-through"],
    faults: [{ service: "sns", operation: "Publish", error: "InternalError", status: 500 }],
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    title: "SNS takes its time, and sometimes too much of it",
    alarms: ["posts-late-APNS_VOIP"],
    faults: [
      { service: "sns", operation: "Publish", latencyMs: 1_700, rate: 0.2 },
      { service: "sns", operation: "Publish", latencyMs: 1_200 },
    ],
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    title: "New phones are known too late",
    alarms: ["posts-fail-APNS_VOIP"],
    faults: [
      { service: "sns", operation: "CreatePlatformEndpoint", latencyMs: 5_000, rate: 0.5 },
      { service: "sns", operation: "CreatePlatformEndpoint", latencyMs: 1_300 },
      { service: "dynamodb", operation: "BatchGetItem", latencyMs: 250 },
    ],
    load: (scene) => postCalls(scene, POSTS, newPhone),
  },
  {
    title: "DynamoDB throttles reads",
    alarms: ["tables-throttled", "logins-fail"],
    faults: [{ service: "dynamodb", operation: "BatchGetItem", error: "ProvisionedThroughputExceededException" }],
    load: async (scene) => {
      await Promise.all(Array.from({ length: 8 }, () => postCalls(scene, 1)));
    },
  },
  {
    title: "A PBX floods the service",
    alarms: ["throttled"],
    faults: [],
    load: (scene) =>
      connected(scene, async (pbx) => {
        for (let sent = 0; sent < 800; sent += 1) pbx.raw('{"mt":"AppInfo","app":"flood"}');
        await sleep(500);
      }),
  },
  {
    title: "Apple no longer takes the app's credential",
    alarms: ["credential-invalid", "posts-fail-APNS_VOIP"],
    faults: [],
    applicationDown: true,
    load: (scene) => postCalls(scene, POSTS),
  },
  {
    title: "SES refuses mails",
    alarms: ["background-fails"],
    faults: [{ service: "ses", error: "MessageRejected" }],
    load: async ({ host }) => {
      const somebody = randomBytes(6).toString("hex");
      const names = Array.from({ length: 8 }, () => randomBytes(6).toString("hex"));
      // One of them asks again and again, until the limit for an address holds the mail back.
      await Promise.all([...names, ...names.map(() => somebody)].map((name) => register(host.url, name)));
    },
  },
];

/** From now on everything goes wrong that the scenario says. Throws an Error for a fault that is none. */
export function breakIt(host: LocalHost, { faults, applicationDown }: Scenario): void {
  for (const fault of faults) {
    const added = host.faults.add(fault);
    if (typeof added === "string") throw new Error(added);
  }
  if (applicationDown) host.sns.setApplicationEnabled(applicationArn(host), false);
}

/** Everything works again. */
export function mend(host: LocalHost): void {
  host.faults.clear();
  host.sns.setApplicationEnabled(applicationArn(host), true);
}

/** Posts calls for iPhones; no answer or a bad one is what is expected. */
const postCalls = (scene: Scene, count: number, token: () => string = () => PHONE): Promise<void> =>
  connected(scene, async (pbx) => {
    const post = () => ({ token: token(), type: "call", members: { call: "game day" } });
    await Promise.allSettled(Array.from({ length: count }, () => pbx.push(post())));
  });

/** Does something over a connection of its own, if there is one to be had. */
async function connected({ host, account, secret }: Scene, work: (pbx: Pbx) => Promise<void>): Promise<void> {
  try {
    const pbx = await connectPbx({ url: host.url, account, secret });
    await work(pbx);
    await pbx.close();
  } catch (error) {
    if (!isPbxError(error)) throw error;
  }
}

async function register(url: string, name: string): Promise<void> {
  const body = JSON.stringify({ domain: `${name}.example.com`, email: `${name}@example.com` });
  await fetch(`${url}/push/register`, { method: "POST", headers: { "content-type": "application/json" }, body });
}

/** As the functions are told it. */
function applicationArn({ functions }: LocalHost): string {
  const [text = "[]"] = functions.flatMap(({ definition }) => definition.environment()["APPS"] ?? []);
  const apps = JSON.parse(text) as readonly { readonly id: string; readonly applicationArn: string }[];
  return apps.find(({ id }) => id === APP)?.applicationArn ?? "";
}
