import { AwsError } from "../aws/protocols.ts";

interface Shape {
  readonly code: string;
  readonly status: number;
  /** The service's own spelling of the action. */
  readonly action?: (action: string) => string;
  /** The service's own message: SES quotes names and gives no reason. */
  readonly text?: (caller: string, action: string, resource: string) => string;
}

const json: Shape = { code: "AccessDeniedException", status: 400 };

/**
 * How each service refuses, by signing name. Sources, recorded on real accounts:
 * SNS "AuthorizationError", 403, `SNS:Publish` (aws-ia/terraform-aws-control_tower_account_factory#151);
 * SQS "AccessDenied", 403, action in lower case (aws/serverless-application-model#3633, bigluck/sqs-queue-parallel#14);
 * SES "AccessDenied", 403, names in quotes (aws-sdk-js#3641); `@connections` 403, the id as `{connectionId}` (aws-cdk#18410);
 * DynamoDB for its table's key: "KMS key access denied error" (aws-cdk#10010).
 * DynamoDB, KMS and Secrets Manager otherwise: API references, "Common errors" (AccessDeniedException, 400); CloudWatch, "AccessDenied", 403.
 */
const shapes: Readonly<Record<string, Shape>> = {
  dynamodb: json,
  kms: json,
  secretsmanager: json,
  sns: { code: "AuthorizationError", status: 403, action: (action) => action.replace(/^sns:/u, "SNS:") },
  sqs: { code: "AccessDenied", status: 403, action: (action) => action.toLowerCase() },
  ses: {
    code: "AccessDenied",
    status: 403,
    text: (caller, action, resource) =>
      `User \`${caller}' is not authorized to perform \`${action}' on resource \`${resource}'`,
  },
  monitoring: { code: "AccessDenied", status: 403 },
  "execute-api": { code: "ForbiddenException", status: 403 },
};

const KEY_DENIED =
  "KMS key access denied error: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.";

/** The error for the caller in the service's own format. @param reason from `decide` */
export function refusal(service: string, caller: string, action: string, resource: string, reason: string): AwsError {
  if (service === "dynamodb" && action.startsWith("kms:"))
    return new AwsError("AccessDeniedException", KEY_DENIED, 400);
  const { code, status, action: named = (name: string) => name, text } = shapes[service] ?? json;
  const sentence = `User: ${caller} is not authorized to perform: ${named(action)} on resource: ${resource} ${reason.replace(action, named(action))}`;
  return new AwsError(code, text?.(caller, action, resource) ?? sentence, status);
}
