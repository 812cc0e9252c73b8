import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { readStage } from "../../../lib/config.ts";
import { stages } from "../../../stages.ts";
import type { AwsOverTls } from "./aws-over-tls.ts";
import { message, post, socketEvent } from "../events.ts";
import { app } from "../warm/functions.ts";

/** Wall clock and CPU time (scarce in a small Lambda function), in ms. */
export interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}
/** Cost of one execution environment from start to end. */
export interface Environment {
  /** The import alone, or with the warm-up that Lambda's init includes. */
  readonly load: Cost;
  /** The first event; absent if the bundle cannot call AWS. */
  readonly first?: Cost;
  /** All events after it. */
  readonly rest: Cost;
  /** Time of each event after the first, in ms. */
  readonly times: readonly number[];
  /** Events without a good answer: on a busy machine some posts time out. */
  readonly failed: readonly string[];
  /** Peak resident memory of the process. */
  readonly memoryMiB: number;
}

export type OnCallPath = "push" | "session";

interface Options {
  readonly events: number;
  /** Events/s; 0: sequential. */
  readonly rate?: number;
  /** Runs the warm-up, as Lambda's init does. */
  readonly warmUp?: boolean;
}

/** Runs a bundle in a fresh process. */
export async function runEnvironment(
  bundle: string,
  name: OnCallPath,
  aws: AwsOverTls | undefined,
  { events, rate = 0, warmUp = false }: Options,
): Promise<Environment> {
  const script = join(import.meta.dirname, "execution-environment.mjs");
  const env = {
    ...variables(aws?.port ?? 1),
    ...aws?.environment,
    ...(warmUp && { AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand" }),
  };
  const given = [script, bundle, aws === undefined ? "" : JSON.stringify(EVENTS[name]), String(events), String(rate)];
  const child = spawn(process.execPath, given, { env, stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const [result, [code]] = await Promise.all([
    text(child.stdio[3] as Readable),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`an execution environment of the bench ended with ${code}`);
  return JSON.parse(result) as Environment;
}

const EVENTS: Readonly<Record<OnCallPath, object>> = {
  push: message("c", post("$N")),
  session: socketEvent("CONNECT", "$connect", "c"),
};

const TOKEN_PUBLIC_KEY = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");
/** Too high for the bench to reach. */
const limits = Object.fromEntries(Object.keys(readStage("minimal", stages).limits).map((name) => [name, 1e9]));
/** Variables of both functions; each reads its own. */
const variables = (port: number) => ({
  STAGE: "bench",
  CORE_TABLE: "core",
  SESSIONS_TABLE: "sessions",
  SECRETS_TABLE: "secrets",
  LIMITS: JSON.stringify(limits),
  APPS: JSON.stringify([app]),
  TOKEN_PUBLIC_KEY,
  DEADLINE_MS: "3000",
  CHECK_QUEUE_URL: `https://localhost:${port}/000000000000/checks`,
});
