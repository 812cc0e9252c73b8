import * as v from "valibot";
import type { StageConfig } from "../../lib/config.ts";
import type { App } from "../../lambdas/core/push/apps.ts";
import { outputOf, stackOutputs } from "../stage-outputs.ts";

/** Where a stage's endpoints are, and the keys of its tokens. */
export interface Place {
  readonly region: string;
  /** Name of the core table. */
  readonly table: string;
  /** The stage's own key: tokens are sealed to it again. */
  readonly tokenKey: string;
  /** ARN of the key that decrypts the existing tokens; the stage's own unless they came from elsewhere. */
  readonly openingKey: string;
  readonly applications: ReadonlyMap<string, Pick<App, "platform" | "applicationArn">>;
}

const Applications = v.record(v.string(), v.string());

/** Reads it from the outputs of the stage's stacks. Throws an Error that says what is missing. */
export async function findPlace({ name, region, apps }: StageConfig, openingKey: string | undefined): Promise<Place> {
  const data = await stackOutputs(region, `push-${name}-data`);
  const service = await stackOutputs(region, `push-${name}-service`);
  const arns = v.parse(Applications, JSON.parse(outputOf(service, "Applications")));
  const tokenKey = outputOf(data, "TokenKeyArn");
  return {
    region,
    table: outputOf(data, "CoreTable"),
    tokenKey,
    openingKey: openingKey ?? tokenKey,
    applications: new Map(
      apps.flatMap(({ id, platform }) => {
        const applicationArn = arns[id];
        return applicationArn === undefined ? [] : [[id, { platform, applicationArn }] as const];
      }),
    ),
  };
}

/** Region of a KMS key by its ARN; undefined if that is no ARN of a key. */
export const regionOf = (keyArn: string): string | undefined =>
  /^arn:[a-z-]+:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/u.exec(keyArn)?.[1];
