import type { AwsService } from "../aws/protocols.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import type { Queue } from "../sqs/queue.ts";
import { crossing, isOn, type Alarm, type MetricAlarm } from "./alarms.ts";
import { awsMetrics, type AwsMetrics } from "./aws-metrics.ts";
import { readEmf } from "./emf.ts";
import { cloudWatchResources, type Declared } from "./resources.ts";
import { createCloudWatch } from "./service.ts";
import { createMetricStore, type MetricStore } from "./store.ts";

/**
 * CloudWatch of this host: metrics from log lines and the simulated services, and the template's alarms and dashboards.
 */
export interface LocalMetrics {
  readonly store: MetricStore;
  readonly aws: AwsMetrics;
  readonly resources: Readonly<Record<string, Provider>>;
  readonly service: AwsService;
  readonly dashboards: ReadonlyMap<string, string>;
  readonly alarms: readonly Alarm[];
  /** Takes a line that a function wrote. */
  onLog(line: string): void;
  readonly isOn: (alarm: Alarm) => boolean;
  /** The newest of the last values beyond the threshold, else the newest value. */
  readonly value: (alarm: MetricAlarm) => number | undefined;
  /** Records the queues' metrics every minute. Returns a function that stops it. */
  watchQueues(queues: readonly Queue[]): { stop(): void };
}

const MINUTE = 60_000;

export function createLocalMetrics(): LocalMetrics {
  const store = createMetricStore();
  const declared: Declared = { alarms: [], dashboards: new Map() };
  const aws = awsMetrics(store);
  return {
    store,
    aws,
    resources: cloudWatchResources(declared),
    service: createCloudWatch(store, declared),
    dashboards: declared.dashboards,
    alarms: declared.alarms,
    onLog(line) {
      for (const { metric, value, at } of readEmf(line)) store.record(metric, value, at);
    },
    isOn: (alarm) => isOn(store, alarm, declared.alarms),
    value: (alarm) => crossing(store, alarm),
    watchQueues(queues) {
      aws.sample(queues);
      const timer = setInterval(() => aws.sample(queues), MINUTE);
      return { stop: () => clearInterval(timer) };
    },
  };
}
