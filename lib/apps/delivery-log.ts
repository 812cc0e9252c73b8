import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal, type IRole } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { AppSettings, StageConfig } from "../config.ts";

export interface DeliveryLogProps {
  readonly config: StageConfig;
  readonly platform: AppSettings["platform"];
  /** Name of the platform application: SNS derives the names of the log groups from it. */
  readonly name: string;
  readonly logKey: IKey;
}

/** SNS's delivery log of one app. It holds device tokens in clear: short retention, and an encryption key of ours. */
export class DeliveryLog extends Construct {
  /** SNS writes the log as this role. */
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, platform, name, logKey }: DeliveryLogProps) {
    super(scope, id);
    const { region, account } = Stack.of(this);
    const path = `sns/${region}/${account}/app/${platform}/${name}`;
    // No aws:SourceAccount: AWS's sample for this role has none, and whether SNS sends one is not documented
    // (docs/unproven.md, Hedges). PassRole decides who may hand the role to SNS.
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("sns.amazonaws.com") });
    for (const [key, logGroupName] of Object.entries({ Success: path, Failure: `${path}/Failure` })) {
      const group = new LogGroup(this, key, {
        logGroupName,
        encryptionKey: logKey,
        retention: config.tokenLogRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      group.grantWrite(this.role);
    }
  }

  /** Lets a role pass this log's role to SNS only. */
  grantPass(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["iam:PassRole"],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { "iam:PassedToService": "sns.amazonaws.com" } },
      }),
    );
  }
}
