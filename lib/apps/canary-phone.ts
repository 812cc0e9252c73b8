import { Duration } from "aws-cdk-lib";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { App } from "../../lambdas/core/push/apps.ts";
import type { CANARY_ACCOUNT, CANARY_APP } from "../../lambdas/core/monitoring/canary.ts";
import { acknowledge } from "../policies/acknowledge.ts";

const account: typeof CANARY_ACCOUNT = "canary";
const id: typeof CANARY_APP = "canary";

/** The canary's phone: an ordinary topic instead of a platform application, and a queue that receives its pushes. */
export class CanaryPhone extends Construct {
  readonly queue: Queue;
  readonly #topic: Topic;

  constructor(scope: Construct, name: string) {
    super(scope, name);
    this.#topic = new Topic(this, "Topic", { enforceSSL: true });
    this.queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.minutes(5),
      visibilityTimeout: Duration.seconds(30),
    });
    this.#topic.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: true }));
    acknowledge(
      this.#topic,
      "It carries only random numbers of test runs; a key would be one more thing to fail.",
      "AwsSolutions-SNS2",
    );
    const reason =
      "A wake-up that no run of the canary reads came too late: that run has already failed and reported it.";
    acknowledge(this, reason, "AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy", "Serverless-SNSRedrivePolicy");
  }

  /** The app as the push function knows it; only the canary's account may post to it. */
  get app(): App {
    return {
      id,
      platform: "CANARY",
      bundle: "canary",
      applicationArn: this.#topic.topicArn,
      default: false,
      callTtl: 8,
      notificationTtl: 60,
      maxPayload: 4_096,
      reservedFor: account,
    };
  }

  grantPublish(role: IRole): void {
    this.#topic.grantPublish(role);
  }
}
