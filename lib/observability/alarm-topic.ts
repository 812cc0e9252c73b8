import { RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";

/** Sends alarms to the configured address and topic, if any. */
export function alarmActions(scope: Construct, config: StageConfig): readonly IAlarmAction[] {
  const { alarmAddress, alarmTopic } = config;
  const known = alarmTopic === undefined ? [] : [new SnsAction(Topic.fromTopicArn(scope, "KnownTopic", alarmTopic))];
  return alarmAddress === undefined ? known : [new SnsAction(mailTopic(scope, config, alarmAddress)), ...known];
}

/** CloudWatch cannot publish to a topic under the AWS managed key, so the topic has a key that lets it. */
function mailTopic(scope: Construct, { name, removal }: StageConfig, address: string): Topic {
  const key = new Key(scope, "AlarmKey", {
    description: `Push service, stage ${name}: alarms on their way to operators`,
    enableKeyRotation: true,
    removalPolicy: removal === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com");
  const conditions = { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } };
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: ["*"],
      conditions,
    }),
  );
  const topic = new Topic(scope, "AlarmTopic", { masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions,
    }),
  );
  topic.addSubscription(new EmailSubscription(address));
  acknowledge(
    topic,
    "An email that cannot be sent is of no use later; the alarm itself stays visible.",
    "Serverless-SNSRedrivePolicy",
  );
  return topic;
}
