import { ArnFormat, Stack, type RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";

export interface EventsKeyProps {
  readonly config: StageConfig;
  readonly removalPolicy: RemovalPolicy;
}

/** Encrypts the events that SNS and SES publish, and SNS's delivery logs in CloudWatch Logs. */
export function eventsKey(scope: Construct, id: string, { config, removalPolicy }: EventsKeyProps): Key {
  const stack = Stack.of(scope);
  const key = new Key(scope, id, {
    description: `Push service, stage ${config.name}: events and delivery logs`,
    enableKeyRotation: true,
    removalPolicy,
  });
  // In a key policy the resource `*` means this key.
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
      // GenerateDataKey* as AWS's sample has it (docs/unproven.md, Hedges). DescribeKey has no encryption context, so
      // the condition below would always refuse it; as AWS's sample has the condition too, Logs does not need
      // DescribeKey.
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
