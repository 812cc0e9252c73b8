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
  /** What users notice or will notice. */
  readonly impact: string;
  /** Anchor of the heading in docs/operate/runbook.md that says what to do. */
  readonly runbook: string;
}

export interface ServiceAlarmProps extends Meaning {
  readonly config: StageConfig;
  readonly metric: IMetric;
  readonly threshold: number;
  /** The alarm fires below the threshold instead of at and above it. */
  readonly below?: boolean;
  /** Default 1 of 1. */
  readonly periods?: readonly [breaching: number, of: number];
  /** Missing data fires the alarm too; by default it does not. */
  readonly firesWithoutData?: boolean;
}

const description = (config: StageConfig, { impact, runbook }: Meaning): string =>
  `${impact} Runbook: ${runbookAt(config, runbook)}`;

/** What an alarm means on the public status page. Most are not shown there: they fire before users notice. */
interface PublicMeaning {
  /** Components that are down while the alarm is on. */
  readonly stops?: readonly Component[];
  /** Components that are degraded. */
  readonly degrades?: readonly Component[];
}

export interface AlarmPlan extends Omit<ServiceAlarmProps, "config">, PublicMeaning {
  readonly id: string;
  /** Pushes are not going through while it is on; the summary alarm notifies operators instead. */
  readonly stopsPushes?: boolean;
}

export const alarmName = ({ name }: StageConfig, id: string): string => `push-${name}-${id}`;

/** An alarm that says what users notice and what to do. By default, missing data (a quiet night) does not fire it. */
export class ServiceAlarm extends Alarm {
  /** Anchor of the runbook's heading. */
  readonly runbook: string;

  constructor(scope: Construct, id: string, props: ServiceAlarmProps) {
    const {
      config,
      metric,
      threshold,
      below = false,
      periods: [breaching, of] = [1, 1],
      firesWithoutData = false,
    } = props;
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
      treatMissingData: firesWithoutData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.runbook = props.runbook;
  }
}

/** Is on while any of several alarms is: one message instead of many. */
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

/** Notifies operators when the alarm goes on and off. */
export function notify(alarm: Alarm | CompositeAlarm, actions: readonly IAlarmAction[]): void {
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
}

/** Default period of an alarm's metric. */
export const ALARM_PERIOD = Duration.minutes(5);
