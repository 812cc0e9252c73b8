import * as v from "valibot";
import { jsonObject } from "../aws/json.ts";
import type { MetricId } from "./store.ts";

const schema = v.looseObject({
  _aws: v.object({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(
      v.object({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string() })),
      }),
    ),
  }),
});

export interface Sample {
  readonly metric: MetricId;
  readonly value: number;
  /** Unix ms. */
  readonly at: number;
}

/**
 * The metrics of one log line in CloudWatch's Embedded Metric Format; none for any other line. Like CloudWatch, leaves
 * out metrics with a value that is no number or a dimension without a value.
 */
export function readEmf(line: string): readonly Sample[] {
  if (!line.includes('"_aws"')) return [];
  const parsed = v.safeParse(schema, jsonObject(line));
  if (!parsed.success) return [];
  const { _aws, ...members } = parsed.output;
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, members[name]]));
      if (!texts(dimensions)) return [];
      return Metrics.flatMap(({ Name: name }) => {
        const value = members[name];
        const metric = { namespace: Namespace, name, dimensions };
        return typeof value === "number" ? [{ metric, value, at: _aws.Timestamp }] : [];
      });
    }),
  );
}

const texts = (record: Record<string, unknown>): record is Record<string, string> =>
  Object.values(record).every((value) => typeof value === "string" && value !== "");
