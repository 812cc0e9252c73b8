import { CustomResource, Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { ReasonedPolicy } from "../policies/reasoned-policy.ts";
import { ServiceFunction } from "./shared/service-function.ts";
import { DeadLetterQueue } from "../queues/work-queue.ts";

/**
 * Custom resources for what CloudFormation has no type for: SNS platform applications, and the public half of a KMS
 * key. CloudFormation calls the function directly and it answers to the URL in the event, which saves a second function
 * with wide rights.
 */
export class Provisioning extends Construct {
  readonly function: ServiceFunction<"provisioning">;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, "DeadLetters");
    this.function = new ServiceFunction(this, "provisioning", {
      // CloudFormation calls it in the middle of a deployment, when the new version must already serve.
      config: { ...config, deployment: "ALL_AT_ONCE" },
      environment: {},
      failures: this.deadLetters,
      // CloudFormation waits an hour. Waiting for policies to take effect may use up a minute, then come the calls.
      timeout: Duration.minutes(2),
    });
    const reason = "This action takes no resource (Service Authorization Reference): what it makes does not exist yet.";
    new ReasonedPolicy(this.function, "CreateApplications", this.function.role, reason, {
      actions: ["sns:CreatePlatformApplication"],
      resources: ["*"],
    });
  }

  /** The public half of an asymmetric key, SPKI DER in base64. */
  publicKeyOf(key: IKey): string {
    this.function.role.addToPolicy(new PolicyStatement({ actions: ["kms:GetPublicKey"], resources: [key.keyArn] }));
    const resource = this.resource(this, "TokenKey", "Custom::TokenKey", { KeyId: key.keyArn });
    return resource.getAttString("PublicKey");
  }

  /** A custom resource of this function, created once the function has its rights. */
  resource(scope: Construct, id: string, resourceType: string, properties: Record<string, unknown>): CustomResource {
    const resource = new CustomResource(scope, id, {
      resourceType,
      properties,
      serviceToken: this.function.alias.functionArn,
    });
    resource.node.addDependency(this.function);
    return resource;
  }
}
