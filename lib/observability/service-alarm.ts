import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
  type IAlarm,
  type IAlarmAction,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Component } from "../../lambdas/core/monitoring/status.ts";
import type { StageConfig } from "../config.ts";
import { runbookAt } from "./runbook.ts";

/** What an operator reads first when an alarm fires. */
interface Meaning {
  /** What users notice, or will. */
  readonly impact: string;
  /** Heading of docs/operate/runbook.md that says what to do, as its anchor. */
  readonly runbook: string;
}

export interface ServiceAlarmProps extends Meaning {
  readonly config: StageConfig;
  readonly metric: IMetric;
  readonly threshold: number;
  /** The alarm fires below the threshold instead of at and above it. */
  readonly below?: boolean;
  /** So many of so many periods; default 1 of 1. */
  readonly periods?: readonly [breaching: number, of: number];
  /** No data rings too; by default it does not. */
  readonly silenceRings?: boolean;
}

/** Names and links cannot be had without the meaning, nor the meaning without them. */
const description = (config: StageConfig, { impact, runbook }: Meaning): string =>
  `${impact} Runbook: ${runbookAt(config, runbook)}`;

/** What an alarm means on the public status page. Most mean nothing there: they fire before users notice. */
interface PublicMeaning {
  /** What of the service is down while it rings. */
  readonly stops?: readonly Component[];
  /** What of it works less well. */
  readonly degrades?: readonly Component[];
}

export interface AlarmPlan extends Omit<ServiceAlarmProps, "config">, PublicMeaning {
  readonly id: string;
  /** While it is on, pushes are not going through: the alarm of that name says so. */
  readonly stopsPushes?: boolean;
}

export const alarmName = ({ name }: StageConfig, id: string): string => `push-${name}-${id}`;

/** An alarm that says what users notice and what to do. Quiet nights, with little or no data, do not ring it. */
export class ServiceAlarm extends Alarm {
  /** Heading of the runbook, as its anchor. */
  readonly runbook: string;

  constructor(scope: Construct, id: string, props: ServiceAlarmProps) {
    const { config, metric, threshold, below = false, periods: [breaching, of] = [1, 1], silenceRings = false } = props;
    super(scope, id, {
      alarmName: alarmName(config, id),
      alarmDescription: description(config, props),
      metric,
      threshold,
      datapointsToAlarm: breaching,
      evaluationPeriods: of,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silenceRings ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.runbook = props.runbook;
  }
}

/** Rings while any of several alarms does: one message instead of many. */
export class AnyAlarm extends CompositeAlarm {
  readonly runbook: string;

  constructor(
    scope: Construct,
    id: string,
    props: Meaning & { readonly config: StageConfig; readonly alarms: readonly IAlarm[] },
  ) {
    super(scope, id, {
      compositeAlarmName: alarmName(props.config, id),
      alarmDescription: description(props.config, props),
      alarmRule: AlarmRule.anyOf(...props.alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    this.runbook = props.runbook;
  }
}

/** Rings and stops ringing where operators hear it. */
export function notify(alarm: Alarm | CompositeAlarm, actions: readonly IAlarmAction[]): void {
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
}

/** Period of what an alarm looks at, where it does not say otherwise. */
export const ALARM_PERIOD = Duration.minutes(5);
