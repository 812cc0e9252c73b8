import { afterAll, beforeAll } from "vitest";
import { startLocalHost, type LocalHost, type LocalHostOptions } from "../../../local/host.ts";
import type { Push } from "../../../local/sns/types.ts";
import { eventually } from "./waiting.ts";

/** With limits 20 times as long, a busy machine fails no test, and hangs still end. */
const PATIENCE = 20;

/**
 * One new local host for a test file, on any free port, on which nothing has run yet, not even the
 * canary; the getter throws before the host has started.
 * @param prepare what must exist before, and the host's options for it; with `schedules` the call path has run once,
 * as tests under load need it
 */
export function useHost(prepare: () => Promise<LocalHostOptions> = () => Promise.resolve({})): () => LocalHost {
  let host: LocalHost | undefined;
  beforeAll(async () => {
    host = await startLocalHost({ port: 0, patience: PATIENCE, schedules: false, ...(await prepare()) });
  });
  afterAll(async () => {
    await host?.stop();
  });
  return () => {
    if (host === undefined) throw new Error("the host has not started");
    return host;
  };
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

export async function postJson(url: string, body: object): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** An account set up by the operator; returns its secret. */
export async function addAccount({ url }: LocalHost, account: string, secret?: string): Promise<string> {
  const response = await postJson(`${url}/_local/admin/domains`, { account, ...(secret !== undefined && { secret }) });
  if (response.status !== 201) throw new Error(`add ${account}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { secret: string }).secret;
}

export const pushes = ({ url }: LocalHost): Promise<Push[]> => getJson<Push[]>(`${url}/_local/pushes`);

export const calls = ({ url }: LocalHost): Promise<Record<string, number>> => getJson(`${url}/_local/calls`);

export const clear = async ({ url }: LocalHost, what: "pushes" | "calls" | "faults" | "mail"): Promise<void> => {
  await fetch(`${url}/_local/${what}`, { method: "DELETE" });
};

/** Waits until no function has an event and no queue a message, except delayed ones. */
export const quiet = ({ functions, queues }: LocalHost): Promise<true> =>
  eventually(() => {
    const works = functions.some((each) => each.counts().taken !== each.counts().ended);
    const waits = queues.some((each) => each.counts().inFlight > 0 || each.counts().visible > 0);
    return works || waits ? undefined : true;
  });

/** An iPhone's device token, 64 hex digits, unique per name. */
export const iosToken = (name: string): string => Buffer.from(name.padEnd(32, "·")).toString("hex").slice(0, 64);
