import { CfnResource, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Accepts findings of cdk-nag on a construct and everything below it, with a reason.
 * @param ids e.g. `AwsSolutions-SQS3`, `Serverless-LambdaTracing`
 */
export function acknowledge(construct: IConstruct, reason: string, ...ids: readonly string[]): void {
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}

/** Writes a reason into the resource's metadata in the template, for reviewers and the template tests. */
export function explain(construct: IConstruct, subject: string, reason: string): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is no resource`);
  resource.addMetadata(subject, reason);
}
