import { billFor } from "../cost/model/bill.ts";
import { breakEven, containerBill } from "../cost/model/compare.ts";
import type { Measured } from "../cost/measured.ts";
import { pricesOf } from "../cost/model/prices.ts";
import { usd } from "../cost/report.ts";
import { usageOf, type Fleet } from "../cost/model/usage.ts";
import type { StageConfig } from "../../lib/config.ts";
import { CONNECTS, limits, nearest, type Limit } from "./limits.ts";
import { echoes, loginsPerSecond, recoveries, type Echo, type Recovery } from "./scenarios.ts";

const SIZES = [1_000, 10_000, 100_000] as const;
/** From this share on, a limit is listed among those reached first. */
const NEAR = 0.8;

const fleetOf = (pbxes: number): Fleet => ({
  pbxes,
  pushesPerDay: 500,
  keepAliveSeconds: 60,
  keepAlive: "mock",
  hostName: false,
});

export interface Scale {
  /** Markdown by the name of its place in docs/operate/scale.md. */
  readonly tables: Readonly<Record<string, string>>;
  readonly recoveries: readonly Recovery[];
  readonly echoes: readonly Echo[];
}

/** Everything in docs/operate/scale.md that is computed. Pure; simulates for some seconds. */
export function scale(measured: Measured, config: StageConfig): Scale {
  const logins = loginsPerSecond(config, measured);
  const [ten, hundred] = [recoveries(10_000, logins), recoveries(100_000, logins)];
  const echoed = echoes(logins);
  return {
    tables: {
      limits: limitsTable(measured, config),
      first: firstList(measured, config),
      cost: costTable(measured),
      storm: stormTable([...ten, ...hundred]),
      echo: echoTable(echoed),
    },
    recoveries: hundred,
    echoes: echoed,
  };
}

const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const seconds = (value: number | undefined): string =>
  value === undefined ? "not within 40 min" : `${number(value)} s`;
const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function limitsTable(measured: Measured, config: StageConfig): string {
  const rows = limits(measured, config, fleetOf).map(({ what, limit, unit, raise, asked }) => [
    what,
    `${number(limit)} ${unit}`,
    ...SIZES.map((pbxes) => `${number(asked(pbxes))} (${percent(asked(pbxes) / limit)})`),
    raise,
  ]);
  return markdown(["limit", "default", ...SIZES.map((pbxes) => `${number(pbxes)} PBXes`), "raised by"], rows);
}

function firstList(measured: Measured, config: StageConfig): string {
  const all = limits(measured, config, fleetOf);
  const named = (some: readonly Limit[], pbxes: number) => {
    const near = nearest(some, pbxes).filter(([, share]) => share >= NEAR);
    const words = near.map(([{ what, raise }, share]) => `${what}, ${percent(share)} (${raise})`);
    return words.length > 0 ? words.join("; ") : `nothing above ${percent(NEAR)}`;
  };
  const steady = SIZES.map(
    (pbxes) =>
      `- **${number(pbxes)} PBXes:** ${named(
        all.filter(({ storm }) => !storm),
        pbxes,
      )}.`,
  );
  return [
    ...steady,
    `- **In a storm, from ${number(CONNECTS)} PBXes on:** ${named(
      all.filter(({ storm }) => storm),
      SIZES[0],
    )}.`,
  ].join("\n");
}

/** USD estimated by hand for SIZES, KeepAlive by MOCK, before the first line of code; without alarms, canary and polled queues. */
const BY_HAND = [174, 1_703, 15_230] as const;

function costTable(measured: Measured): string {
  const prices = pricesOf("us-east-1");
  const total = (fleet: Fleet) => billFor(usageOf(fleet, measured), prices).total;
  const rows = SIZES.map((pbxes) => {
    const fleet = fleetOf(pbxes);
    const container = containerBill(fleet, measured, prices)?.total ?? NaN;
    return [number(pbxes), usd(total(fleet)), usd(total({ ...fleet, keepAlive: "lambda" })), usd(container)];
  });
  const even = breakEven(fleetOf(1), measured, prices) ?? NaN;
  const off = SIZES.map(
    (pbxes, index) => `${percent(total(fleetOf(pbxes)) / (BY_HAND[index] ?? NaN) - 1)} at ${number(pbxes)}`,
  );
  return [
    markdown(["PBXes", "KeepAlive by MOCK", "KeepAlive by Lambda", "Fargate and load balancer"], rows),
    "",
    `Containers cost less from ${number(even)} PBXes on. Without any PBX: ${usd(total(fleetOf(0)))}.`,
    `An estimate by hand before the first line of code was ${BY_HAND.map(usd).join(", ")}; this is more by ${off.join(", ")}.`,
  ].join("\n");
}

const stormTable = (all: readonly Recovery[]): string =>
  markdown(
    ["PBXes", "limits", "connects/s", "logins/s", "at best", "half online", "99 %", "all", "attempts per login"],
    all.map((each) => [
      number(each.pbxes),
      each.name,
      number(each.connectsPerSecond),
      number(each.loginsPerSecond),
      seconds(each.floorSeconds),
      seconds(each.half),
      seconds(each.most),
      seconds(each.all),
      number(each.attemptsPerLogin),
    ]),
  );

const echoTable = (all: readonly Echo[]): string =>
  markdown(
    ["connections are", "peak attempts/s", "refused or failed", "logins per PBX and day", "s offline per PBX and day"],
    all.map((each) => [
      each.name,
      number(each.peakPerSecond),
      number(each.refused),
      number(each.loginsPerPbx),
      number(each.offlineSecondsPerPbx),
    ]),
  );

const place = (name: string) => new RegExp(`(<!-- begin ${name} -->\n)[\\s\\S]*?(<!-- end ${name} -->)`, "u");

/** Puts every table in its place. Throws an Error if the document lacks a place. */
export function fill(document: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    if (!place(name).test(text)) throw new Error(`the document has no place for the table ${name}`);
    return text.replace(place(name), (_, begin: string, end: string) => `${begin}${table}\n${end}`);
  }, document);
}
