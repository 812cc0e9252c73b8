import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Component, ComponentAlarms } from "../../lambdas/core/monitoring/status.ts";
import { backgroundAlarms } from "./alarms-background.ts";
import { callAlarms } from "./alarms-calls.ts";
import { limitAlarms } from "./alarms-limits.ts";
import { ALARM_PERIOD, alarmName, AnyAlarm, notify, ServiceAlarm } from "./service-alarm.ts";
import { ServiceMetrics, type Watched } from "./service-metrics.ts";

/** All alarms of one stage (docs/operate/runbook.md, Alarms). */
export class ServiceAlarms extends Construct {
  /** In the runbook's order, the summary first. */
  readonly all: readonly (ServiceAlarm | AnyAlarm)[];
  /** Names of the alarms behind each component of the status page. */
  readonly components: ComponentAlarms;

  constructor(scope: Construct, id: string, watched: Watched, actions: readonly IAlarmAction[]) {
    super(scope, id);
    const { config } = watched;
    const metrics = new ServiceMetrics(watched, ALARM_PERIOD);
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
    const meaning = (effect: "stops" | "degrades", component: Component) =>
      plans.filter((plan) => plan[effect]?.includes(component)).map((plan) => alarmName(config, plan.id));
    const of = (component: Component) => ({
      down: meaning("stops", component),
      degraded: meaning("degrades", component),
    });
    this.components = {
      pushes: of("pushes"),
      connections: of("connections"),
      registration: of("registration"),
      email: of("email"),
    };
  }
}

const SUMMARY = "pushes-not-going-through";
