import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { backgroundAlarms } from "./alarms-background.ts";
import { callAlarms } from "./alarms-calls.ts";
import { limitAlarms } from "./alarms-limits.ts";
import { ALARM_PERIOD, alarmName, AnyAlarm, notify, ServiceAlarm, type Severity } from "./service-alarm.ts";
import { ServiceMetrics, type Watched } from "./service-metrics.ts";

/** All alarms of one stage (docs/operate/runbook.md, Alarms). */
export class ServiceAlarms extends Construct {
  /** In the order of the runbook, the summary first. */
  readonly all: readonly (ServiceAlarm | AnyAlarm)[];
  readonly #names: Readonly<Record<Severity, readonly string[]>>;

  constructor(scope: Construct, id: string, watched: Watched, actions: readonly IAlarmAction[]) {
    super(scope, id);
    const { config } = watched;
    const metrics = new ServiceMetrics(this, watched, ALARM_PERIOD);
    const plans = [
      ...callAlarms(metrics, watched),
      ...limitAlarms(metrics, watched),
      ...backgroundAlarms(metrics, watched),
    ];
    const made = plans.map((plan) => ({ plan, alarm: new ServiceAlarm(this, plan.id, { ...plan, config }) }));

    const summary = new AnyAlarm(this, SUMMARY, {
      config,
      impact: "Pushes are not going through, at least for one kind of phone: calls do not ring.",
      runbook: "pushes-are-not-going-through",
      alarms: made.filter(({ plan }) => plan.stopsPushes).map(({ alarm }) => alarm),
    });
    for (const { plan, alarm } of made) if (!plan.stopsPushes) notify(alarm, actions);
    notify(summary, actions);

    this.all = [summary, ...made.map(({ alarm }) => alarm)];
    const named = (severity: Severity) =>
      plans.filter((plan) => plan.severity === severity).map((plan) => alarmName(config, plan.id));
    this.#names = {
      down: named("down"),
      degraded: [alarmName(config, SUMMARY), ...named("degraded")],
      upkeep: named("upkeep"),
    };
  }

  /** Names of the alarms that mean this much. */
  names(severity: Severity): readonly string[] {
    return this.#names[severity];
  }
}

const SUMMARY = "pushes-not-going-through";
