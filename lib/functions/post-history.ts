import { Duration, Stack } from "aws-cdk-lib";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { CfnSubscriptionFilter, type ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { POST_LINE, WATCH_LINE } from "../../lambdas/core/domains/recent-posts.ts";
import { onlyKeys } from "../storage/service-table.ts";
import type { Parts } from "./shared/parts.ts";
import { startEvery } from "./shared/schedule.ts";
import { ServiceFunction } from "./shared/service-function.ts";

const postLine: typeof POST_LINE = "post answered";
const watchLine: typeof WATCH_LINE = "posts watched";

interface PostHistoryProps extends Parts {
  /** Log groups of the push and the registration function. */
  readonly pushLogs: ILogGroup;
  readonly registrationLogs: ILogGroup;
}

/** Keeps each domain's recent posts, read from the logs so that posts do not wait for it. */
export class PostHistory extends ServiceFunction<"history"> {
  constructor(scope: Construct, { config, tables, pushLogs, registrationLogs }: PostHistoryProps) {
    super(scope, "history", {
      config,
      environment: { CORE_TABLE: tables.core.tableName },
      failures:
        "A delivery that fails is made again; what is given up in the end is missing on a page, and stays in the logs.",
      quiet: true,
    });
    tables.core.grantReadWrite(this.role, onlyKeys(config, ["POSTS#*"]));
    this.#subscribe("Posts", pushLogs, postLine);
    this.#subscribe("Watched", registrationLogs, watchLine);
    startEvery(Duration.minutes(1), this);
  }

  /**
   * Forwards the log group's lines with this message. cdk-lib's own destination does not limit the permission to our
   * account. Source: CloudWatch Logs User Guide, "Log group-level subscription filters", example 2: `--source-arn`,
   * `--source-account`.
   */
  #subscribe(id: string, logGroup: ILogGroup, message: string): void {
    const permission = new CfnPermission(this, `${id}Permission`, {
      action: "lambda:InvokeFunction",
      functionName: this.alias.functionArn,
      principal: "logs.amazonaws.com",
      sourceArn: logGroup.logGroupArn,
      sourceAccount: Stack.of(this).account,
    });
    const filter = new CfnSubscriptionFilter(this, id, {
      logGroupName: logGroup.logGroupName,
      filterPattern: `{ $.message = "${message}" }`,
      destinationArn: this.alias.functionArn,
    });
    filter.addResourceDependency(permission);
  }
}
