import type { StageConfig } from "../../lib/config.ts";
import { places, quotas, type Account, type Quota, type Reading } from "./account.ts";
import type { Row } from "./row.ts";
import { senderRow } from "./sender-row.ts";
import { executionsOf, needsOf, ratesOf, type Load } from "./needs.ts";

/** AWS quotas that the stage's author wrote in stages.ts; defaults do not count. */
export type Told = Readonly<Partial<Record<Quota, number | undefined>>>;

export interface Preflight {
  readonly stage: StageConfig;
  readonly load: Load;
  readonly told: Told;
  readonly account: Account;
}

/** Compares what the account and the stage's own limits allow with what the load needs. */
export function compare(preflight: Preflight): readonly Row[] {
  const needs = needsOf(preflight.stage, preflight.load);
  return [
    ...quotas.map((quota) => quotaRow(preflight, quota, needs[quota])),
    mailRow(preflight),
    senderRow(preflight.stage, preflight.account.sender),
    ...ownRows(preflight, needs),
  ];
}

/** 1: something is too low; 3: nothing is, but something is unknown; 0: everything suffices. */
export function exitCode(rows: readonly Row[]): 0 | 1 | 3 {
  if (rows.some(({ verdict }) => verdict === "below")) return 1;
  return rows.some(({ verdict }) => verdict === "unknown") ? 3 : 0;
}

const number = (value: number): string => value.toLocaleString("en-US");

function quotaRow({ stage, told, account }: Preflight, quota: Quota, need: number): Row {
  const { label } = places[quota];
  const read = account.quotas[quota];
  const reading: Reading<number> = "unknown" in read && told[quota] !== undefined ? { value: told[quota] } : read;
  const common = { what: label, need: number(need) };
  if ("unknown" in reading)
    return { ...common, have: "unknown", verdict: "unknown", todo: lookUp(quota, reading.unknown) };
  const have = number(reading.value) + ("unknown" in read ? " (stages.ts)" : "");
  if (reading.value < need) return { ...common, have, verdict: "below", todo: raise(stage, quota, need) };
  return { ...common, have, verdict: "ok", todo: stale(stage, quota, reading.value) };
}

function lookUp(quota: Quota, why: string): string {
  const { service, code, page } = places[quota];
  const where = page ?? `Service Quotas ${service} ${code ?? ""}`;
  return `${why}; see ${where}${isStageKey(quota) ? `, then write quotas.${quota} into stages.ts` : ""}`;
}

function raise({ region }: StageConfig, quota: Quota, need: number): string {
  const { service, code, page } = places[quota];
  if (code === undefined) return `ask AWS support for ${number(need)}/s (${page ?? service})`;
  const options = `--service-code ${service} --quota-code ${code} --desired-value ${need} --region ${region}`;
  return `aws service-quotas request-service-quota-increase ${options}`;
}

type StageKey = keyof StageConfig["quotas"];
const stageKeys: ReadonlySet<string> = new Set([
  "concurrency",
  "connects",
  "publishes",
  "endpointCalls",
] satisfies StageKey[]);
const isStageKey = (quota: Quota): quota is StageKey & Quota => stageKeys.has(quota);

/** The dashboard and the alarms use the quotas in stages.ts. */
const stale = ({ quotas: said }: StageConfig, quota: Quota, value: number): string =>
  isStageKey(quota) && said[quota] !== value
    ? `write quotas.${quota}: ${value} into stages.ts, for dashboard and alarms`
    : "";

function mailRow({ stage, account: { mailAccess } }: Preflight): Row {
  const common = { what: "SES: who may be sent emails", need: "production" };
  if ("unknown" in mailAccess)
    return {
      ...common,
      have: "unknown",
      verdict: "unknown",
      todo: `${mailAccess.unknown}; see the SES account dashboard`,
    };
  const have = mailAccess.value;
  if (have === "production") return { ...common, have, verdict: "ok", todo: "" };
  const console = `https://${stage.region}.console.aws.amazon.com/ses/home?region=${stage.region}#/account`;
  const todo =
    have === "paused"
      ? "sending is paused: see"
      : "ask for production access (docs/operate/deploying.md has the text):";
  return { ...common, have, verdict: "below", todo: `${todo} ${console}` };
}

/** The stage's own throttles and cost fuses must allow the load, too. */
function ownRows({ stage, load }: Preflight, needs: Readonly<Record<Quota, number>>): readonly Row[] {
  const { throttles, tables, functions } = stage;
  const rates = ratesOf(load);
  const { connects, keepAlives, posts } = rates;
  const executions = executionsOf(rates);
  const own: readonly (readonly [key: string, have: number | undefined, need: number])[] = [
    ["throttles.connect.rate", throttles.connect.rate, connects],
    ["throttles.login.rate", throttles.login.rate, connects],
    ["throttles.keepAlive.rate", throttles.keepAlive.rate, keepAlives],
    ["throttles.post.rate", throttles.post.rate, posts],
    ["tables.maxReadUnits", tables.maxReadUnits, needs.tableReads],
    ["tables.maxWriteUnits", tables.maxWriteUnits, needs.tableWrites],
    ["functions.session.reserved", functions.session.reserved, executions.session],
    ["functions.push.reserved", functions.push.reserved, executions.push],
  ];
  return own.flatMap(([key, have, exact]) => {
    if (have === undefined) return [];
    const need = Math.ceil(exact);
    const verdict = have < need ? "below" : "ok";
    const todo = verdict === "ok" ? "" : `write ${key}: ${need} into stages.ts`;
    return [{ what: `stages.ts: ${key}`, have: number(have), need: number(need), verdict, todo } satisfies Row];
  });
}
