import type { IConfigurationSet } from "aws-cdk-lib/aws-ses";
import type { PbxApi } from "../../api/pbx-api.ts";
import type { CanaryPhone } from "../../apps/canary-phone.ts";
import type { PlatformApplication } from "../../apps/platform-application.ts";
import type { StageConfig } from "../../config.ts";
import type { WorkQueue } from "../../queues/work-queue.ts";
import type { Tables } from "../../storage/service-table.ts";

/** What functions are made of. */
export interface AllParts {
  readonly config: StageConfig;
  readonly tables: Tables;
  readonly configurationSet: IConfigurationSet;
  readonly pbxApi: PbxApi;
  readonly checks: WorkQueue;
  readonly mails: WorkQueue;
  readonly feedback: WorkQueue;
  /** Base of the pages, without a trailing slash. */
  readonly publicUrl: string;
  /** What an administrator enters in the Push object. */
  readonly pushUrl: string;
  /** Value of APPS. */
  readonly apps: string;
  readonly applications: readonly PlatformApplication[];
  readonly tokenPublicKey: string;
  readonly canaryPhone: CanaryPhone;
}

/** Configuration and tables, and the parts that a function names. */
export type Parts<Named extends keyof AllParts = never> = Pick<AllParts, "config" | "tables" | Named>;
