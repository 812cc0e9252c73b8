import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import type { WorkQueue } from "../queues/work-queue.ts";

const OWNERS_ACTIONS = [
  ...["sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:AddPermission", "sns:RemovePermission"],
  ...["sns:DeleteTopic", "sns:Subscribe", "sns:ListSubscriptionsByTopic", "sns:Publish"],
];

/** An encrypted topic on which an AWS service reports what happened to pushes or emails. */
export class EventTopic extends Topic {
  constructor(scope: Construct, id: string, key: IKey) {
    super(scope, id, { masterKey: key, enforceSSL: true });
    this.#keepOwnersStatement();
  }

  /** Lets an AWS service publish, on behalf of this account only unless `sourceAccount` is `unchecked`. */
  allowPublisher(service: string, { sourceAccount }: Pick<StageConfig["fallbacks"], "sourceAccount">): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "Publisher",
        principals: [new ServicePrincipal(service)],
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        ...(sourceAccount === "checked" && {
          conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
        }),
      }),
    );
  }

  /**
   * A topic policy of our own replaces SNS's default one, whose statement lets services publish on behalf of the
   * topic's owner without a SourceAccount (docs/unproven.md, Hedges). We keep that statement: SNS developer guide,
   * "Example cases for Amazon SNS access control".
   */
  #keepOwnersStatement(): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "OwnerByDefault",
        principals: [new StarPrincipal()],
        actions: OWNERS_ACTIONS,
        resources: [this.topicArn],
        conditions: { StringEquals: { "aws:SourceOwner": Stack.of(this).account } },
      }),
    );
  }

  /** The queue receives events as they were published, without SNS's envelope. */
  addQueueSubscription(work: WorkQueue): void {
    this.addSubscription(
      new SqsSubscription(work.queue, { rawMessageDelivery: true, deadLetterQueue: work.deadLetters }),
    );
  }
}
