import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import type { WorkQueue } from "./work-queue.ts";

/** An encrypted topic on which an AWS service tells what became of pushes or mails. */
export class EventTopic extends Topic {
  constructor(scope: Construct, id: string, key: IKey) {
    super(scope, id, { masterKey: key, enforceSSL: true });
  }

  /** Lets an AWS service publish, on behalf of this account only unless the stage gives that up. */
  allowPublisher(service: string, { sourceAccount }: Pick<StageConfig["fallbacks"], "sourceAccount">): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "Publisher",
        principals: [new ServicePrincipal(service)],
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        ...(sourceAccount === "checked" && { conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } } }),
      }),
    );
  }

  /** Events arrive in the queue as they were published, without SNS's envelope. */
  feed(work: WorkQueue): void {
    this.addSubscription(
      new SqsSubscription(work.queue, { rawMessageDelivery: true, deadLetterQueue: work.deadLetters }),
    );
  }
}
