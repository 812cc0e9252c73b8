import { ArnFormat, Stack, type RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";

export interface EventsKeyProps {
  readonly config: StageConfig;
  readonly removalPolicy: RemovalPolicy;
}

/** The key that SNS and SES publish events under, and that CloudWatch Logs keeps delivery logs under. */
export function eventsKey(scope: Construct, id: string, { config, removalPolicy }: EventsKeyProps): Key {
  const stack = Stack.of(scope);
  const key = new Key(scope, id, {
    description: `Push service, stage ${config.name}: events and delivery logs`,
    enableKeyRotation: true,
    removalPolicy,
  });
  // A key policy speaks of its own key only, so the resource `*` below means this key.
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "PublishersOfEvents",
      principals: [new ServicePrincipal("sns.amazonaws.com"), new ServicePrincipal("ses.amazonaws.com")],
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: ["*"],
      ...(config.fallbacks.sourceAccount === "checked" && {
        conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
      }),
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "DeliveryLogs",
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      // GenerateDataKey* as AWS's sample has it (docs/unproven.md, Hedges). DescribeKey takes no encryption context, so the
      // condition below would never let it through; AWS's sample works with it in that place, so Logs does without.
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": stack.formatArn({
            service: "logs",
            resource: "log-group",
            resourceName: `sns/${stack.region}/${stack.account}/app/*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  return key;
}
