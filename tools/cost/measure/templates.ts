import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAssembly } from "../../../local/cloudformation/assembly.ts";
import { isObject, type Json, type Resource, type Template } from "../../../local/cloudformation/template.ts";
import { functionName as nameIn } from "../../../local/product.ts";
import type { Resources } from "../measured.ts";

/** A copy of the cloud assembly without schedules and log subscriptions, so that only measured operations run. */
export function withoutSchedules(assembly: string): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "push-cost-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  cpSync(assembly, directory, { recursive: true });
  for (const { name } of loadAssembly(directory)) {
    const file = join(directory, `${name}.template.json`);
    const template = JSON.parse(readFileSync(file, "utf8")) as Template;
    const kept = Object.entries(template.Resources ?? {}).filter(([, { Type }]) => Type !== SUBSCRIPTION);
    const resources = kept.map(([id, resource]) =>
      isSchedule(resource)
        ? [id, { ...resource, Properties: { ...resource.Properties, State: "DISABLED" } }]
        : [id, resource],
    );
    writeFileSync(file, JSON.stringify({ ...template, Resources: Object.fromEntries(resources) as unknown }));
  }
  return { directory, remove };
}

const SUBSCRIPTION = "AWS::Logs::SubscriptionFilter";

/** Resources billed by the month, counted in the templates. The host adds `memory`, as it knows the functions. */
export function countResources(assembly: string): Omit<Resources, "memory"> {
  const all = loadAssembly(assembly).flatMap(({ template }) => Object.values(template.Resources ?? {}));
  const of = (type: string) => all.filter(({ Type }) => Type === type);
  return {
    alarmMetrics: of("AWS::CloudWatch::Alarm").reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    compositeAlarms: of("AWS::CloudWatch::CompositeAlarm").length,
    dashboards: of("AWS::CloudWatch::Dashboard").length,
    keys: of("AWS::KMS::Key").length,
    secrets: of("AWS::SecretsManager::Secret").length,
    polledQueues: of("AWS::Lambda::EventSourceMapping").length,
    scheduled: scheduled(all.filter(isSchedule), of("AWS::Lambda::EventSourceMapping")),
  };
}

const isSchedule = ({ Type, Properties }: Resource): boolean =>
  Type === "AWS::Events::Rule" && Properties?.["ScheduleExpression"] !== undefined;

/** An alarm is billed per metric in its expression. */
function metricsOf({ Properties }: Resource): number {
  const metrics: Json = Properties?.["Metrics"] ?? null;
  return Array.isArray(metrics) ? metrics.filter((metric) => isObject(metric) && "MetricStat" in metric).length : 1;
}

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };
const MONTH_MINUTES = 730 * 60;

function scheduled(rules: readonly Resource[], mappings: readonly Resource[]): Record<string, number> {
  const runs: Record<string, number> = {};
  for (const { Properties } of rules) {
    const expression = JSON.stringify(Properties?.["ScheduleExpression"]);
    const [, value, unit] = /^"rate\((\d+) (minute|hour|day)s?\)"$/u.exec(expression) ?? [];
    const every = Number(value) * (MINUTES[unit ?? ""] ?? NaN);
    if (Number.isNaN(every)) throw new Error(`cannot count the schedule ${expression}`);
    const name = functionName(wokenBy(JSON.stringify(Properties?.["Targets"]), mappings));
    runs[name] = Math.round((runs[name] ?? 0) + MONTH_MINUTES / every);
  }
  return runs;
}

/** The target itself, or the function that reads the target queue. */
function wokenBy(targets: string, mappings: readonly Resource[]): string {
  const queue = /"(\w+Queue[0-9A-F]{8})"/u.exec(targets)?.[1];
  const mapping = mappings.find(({ Properties }) =>
    JSON.stringify(Properties?.["EventSourceArn"]).includes(`"${queue}"`),
  );
  return mapping === undefined ? targets : JSON.stringify(mapping.Properties?.["FunctionName"]);
}

/** As in local/product.ts; throws an Error if no function is named. */
export function functionName(text: string): string {
  const name = nameIn(text);
  if (name === undefined) throw new Error(`no function name found in ${text.slice(0, 200)}`);
  return name;
}
