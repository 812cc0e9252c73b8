import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngine } from "../../../local/dynamodb/engine.ts";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { ensureAssembly } from "../../../local/synth.ts";
import { confirmByLink } from "../../../bin/story/confirm.ts";
import { pbxInfoFrame, postFrame } from "../../../bin/pbx/protocol/frames.ts";
import { logIn } from "../../../bin/pbx/protocol/login.ts";
import { registrationClient } from "../../../bin/pbx/registration.ts";
import { socketUrl } from "../../../bin/pbx/url.ts";
import { countedWire, type CountedWire } from "./counted-wire.ts";
import { functionOf } from "../../shared/host.ts";
import type { Measured, Operation, OperationName } from "../measured.ts";
import { startMeter, type Meter } from "./meter.ts";
import { measureHistory } from "./history.ts";
import { countResources, functionName, withoutSchedules } from "./templates.ts";

const DOMAIN = "pbx.example.com";
const EMAIL = "admin@example.com";
const ANSWER_MS = 20_000;
/** A connection is checked 30 s after it opened. */
const CHECK_MS = 60_000;
/** After this long without activity, in ms, an operation is complete. */
const QUIET_MS = 400;

/** Performs every operation once on a local host of its own, which takes about two minutes. Rejects when one fails. */
export async function measure(): Promise<Omit<Measured, "date" | "commit">> {
  const { directory: assembly } = await ensureAssembly();
  const engine = await startEngine(undefined);
  const silent = withoutSchedules(assembly);
  const meter = await startMeter(engine.url);
  try {
    const quiet = {
      port: 0,
      assembly: silent.directory,
      dynamoDbEndpoint: meter.url,
      concurrency: 1,
      sweepMs: 86_400_000,
    };
    const host = await startLocalHost(quiet);
    try {
      return {
        operations: await performAll(host, meter),
        resources: { ...countResources(assembly), memory: memoryOf(host) },
      };
    } finally {
      await host.stop();
    }
  } finally {
    await meter.stop();
    await engine.stop();
    silent.remove();
  }
}

async function performAll(host: LocalHost, meter: Meter): Promise<Record<OperationName, Operation>> {
  let wire: CountedWire | undefined;
  let secret = "";
  const perform = async (work: () => Promise<void>): Promise<Operation> => {
    await settled(host);
    const before = snapshot(host);
    meter.take();
    wire?.take();
    host.calls.reset();
    host.logs.clear();
    await work();
    await settled(host);
    return tally(host, before, meter, wire);
  };
  const answered = async (frame: string, mt: string) => {
    if (wire === undefined) throw new Error("the PBX is not connected");
    const message = await wire.ask(frame, mt, ANSWER_MS);
    if (message.body["err"] !== undefined) throw new Error(`the service answered ${message.text}`);
  };
  const token = `ios-call:${randomBytes(32).toString("hex")}`;
  const payload = { call: "x".repeat(300) }; // instead of the encrypted number, name and call flow
  const post = (src: number) =>
    answered(postFrame(String(src), { token, type: "call", members: payload }), "PushNotifyPostResult");
  const forget = () => functionOf(host, "push").stop(); // the next event starts a fresh execution environment

  const registration = await perform(async () => void (secret = await register(host)));
  const connect = async () => {
    const opened = countedWire(socketUrl(host.url), ANSWER_MS);
    await opened.opened;
    await logIn(opened, socketUrl(host.url), { account: DOMAIN, secret }, ANSWER_MS);
    opened.send(pbxInfoFrame(DOMAIN));
    return opened;
  };
  const checked = async () => {
    const { taken } = functionOf(host, "housekeeping").counts();
    await until("the check", CHECK_MS, () => functionOf(host, "housekeeping").counts().ended > taken);
  };
  // A domain's first login ever writes a row once; it must not count in the login that is billed every two hours.
  const first = await connect();
  await settled(host);
  await checked();
  first.close();
  await settled(host);
  const login = await perform(async () => void (wire = await connect()));
  const loginCheck = await perform(checked);
  const keepAlive = await perform(() => answered('{"mt":"KeepAlive"}', "KeepAliveResult"));
  const answerByLambda = await perform(() => answered('{"mt":"AppInfo","app":"push"}', "AppInfoResult"));
  await forget();
  const firstPost = await perform(() => post(1));
  await forget();
  const coldPost = await perform(() => post(2));
  const warmPost = await perform(() => post(3));
  const { recordedPost, heldPost } = await measureHistory(functionOf(host, "history"), perform);
  const closed = functionOf(host, "session").counts().ended;
  const disconnect = await perform(async () => {
    wire?.close();
    await until("the disconnect", ANSWER_MS, () => functionOf(host, "session").counts().ended > closed);
  });
  const posts = { firstPost, coldPost, warmPost, recordedPost, heldPost };
  return { registration, login, loginCheck, keepAlive, answerByLambda, ...posts, disconnect };
}

/** Registers like the Connect window, with one poll before and one after the confirmation. Resolves with the secret. */
async function register(host: LocalHost): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const client = registrationClient(host.url, signal);
  const { ticket, code } = await client.start(DOMAIN, EMAIL);
  await client.poll(ticket);
  const link = () => /https?:\/\/\S+/u.exec(host.mailbox.list().at(-1)?.text ?? "")?.[0];
  await until("the email", ANSWER_MS, () => link() !== undefined);
  await confirmByLink(link() ?? "", code, signal);
  const state = await client.poll(ticket);
  if (state.state !== "confirmed") throw new Error(`the registration is ${state.state}`);
  await client.acknowledge(ticket);
  return state.password;
}

type Invocations = Readonly<Record<string, number>>;

const snapshot = (host: LocalHost): Invocations =>
  Object.fromEntries(host.functions.map((each) => [functionName(each.definition.name), each.counts().taken]));

function tally(host: LocalHost, before: Invocations, meter: Meter, wire: CountedWire | undefined): Operation {
  const lines = host.logs.list().map(({ line }) => line);
  const metrics = lines.filter((line) => line.includes('"_aws"'));
  const bytes = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const invocations = Object.entries(snapshot(host)).map(
    ([name, taken]) => [name, taken - (before[name] ?? 0)] as const,
  );
  const units = Object.entries(meter.take()).map(([table, taken]) => [tableName(table), taken] as const);
  return {
    invocations: Object.fromEntries(invocations.filter(([, taken]) => taken > 0)),
    calls: host.calls.list(),
    ...(wire?.take() ?? { framesIn: 0, framesOut: 0, bytesOut: 0 }),
    units: Object.fromEntries(units),
    logLines: lines.length - metrics.length,
    logBytes: bytes(lines) - bytes(metrics),
    metricLines: metrics.length,
    metricBytes: bytes(metrics),
  };
}

const memoryOf = (host: LocalHost): Record<string, number> =>
  Object.fromEntries(host.functions.map(({ definition }) => [functionName(definition.name), definition.memoryMb]));

function tableName(text: string): string {
  const name = /(Secrets|Core|Sessions)[0-9A-F]{8}/u.exec(text)?.[1];
  if (name === undefined) throw new Error(`an unknown table: ${text}`);
  return name.toLowerCase();
}

async function settled(host: LocalHost): Promise<void> {
  const state = () =>
    JSON.stringify([host.functions.map((each) => each.counts()), host.calls.list(), host.logs.list().length]);
  for (let seen = "", since = 0; ; await sleep(20)) {
    const now = state();
    const idle = host.functions.map((each) => each.counts()).every(({ taken, ended }) => taken === ended);
    if (now !== seen || !idle) [seen, since] = [now, Date.now()];
    else if (Date.now() - since >= QUIET_MS) return;
  }
}

async function until(what: string, limitMs: number, probe: () => boolean): Promise<void> {
  for (const end = Date.now() + limitMs; !probe(); await sleep(20))
    if (Date.now() > end) throw new Error(`${what} did not arrive within ${limitMs / 1_000} s`);
}
