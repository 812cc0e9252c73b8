import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isPbxError } from "../../bin/pbx/errors.ts";
import { connectPbx } from "../../bin/pbx/protocol/client.ts";
import type { Pbx } from "../../bin/pbx/protocol/session.ts";
import type { LocalHost } from "../../local/host.ts";

/** Where a scenario runs: a running host, and the PBX's account on it. */
export interface Scene {
  readonly host: LocalHost;
  readonly account: string;
  readonly secret: string;
}

const APP = "ios-call";
const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const newPhone = (app = APP): string => `${app}:${randomBytes(32).toString("hex")}`;
const PHONE = newPhone();
export const APPS = ["ios-call", "ios", "android"];

/** Posts calls for one iPhone; missing and bad answers are expected. */
export const postCalls = (scene: Scene, count: number): Promise<void> =>
  postAll(
    scene,
    Array.from({ length: count }, () => PHONE),
  );

/** An alert app on iOS accepts no calls. */
const typeOf = (token: string): string => (token.startsWith("ios:") ? "notification" : "call");

export const postAll = (scene: Scene, tokens: readonly string[]): Promise<void> =>
  connected(scene, async (pbx) => {
    await Promise.allSettled(
      tokens.map((token) => pbx.push({ token, type: typeOf(token), members: { call: "game day" } })),
    );
  });

/** Waits, with a limit, until everything that SNS reported has been processed. */
export async function believed({ sns, queues }: LocalHost): Promise<void> {
  await sns.settled();
  const end = Date.now() + MINUTE / 2;
  const feedback = queues.find(({ definition }) => definition.name.includes("FeedbackQueue"));
  const pending = () => {
    const { visible, inFlight } = feedback?.counts() ?? { visible: 0, inFlight: 0 };
    return visible + inFlight > 0;
  };
  while (pending() && Date.now() < end) await sleep(20);
}

/** Does something over a new connection, unless it cannot connect. */
export async function connected({ host, account, secret }: Scene, work: (pbx: Pbx) => Promise<void>): Promise<void> {
  try {
    const pbx = await connectPbx({ url: host.url, account, secret });
    await work(pbx);
    await pbx.close();
  } catch (error) {
    if (!isPbxError(error)) throw error;
  }
}

export async function register(url: string, name: string): Promise<void> {
  const body = JSON.stringify({ domain: `${name}.example.com`, email: `${name}@example.com` });
  await fetch(`${url}/push/register`, { method: "POST", headers: { "content-type": "application/json" }, body });
}

/** A host's address as the functions know it. */
export function applicationArn({ functions }: LocalHost): string {
  const [text = "[]"] = functions.flatMap(({ definition }) => definition.environment()["APPS"] ?? []);
  const apps = JSON.parse(text) as readonly { readonly id: string; readonly applicationArn: string }[];
  return apps.find(({ id }) => id === APP)?.applicationArn ?? "";
}
