import {
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  type CloudFormationClient,
} from "@aws-sdk/client-cloudformation";
import { GetEmailIdentityCommand, NotFoundException, type SESv2Client } from "@aws-sdk/client-sesv2";
import type { Reading, Sender } from "./account.ts";
import { reading } from "./reading.ts";

/** The states in which a stack's resource is there (DescribeStackResources, ResourceStatus). */
const THERE = /^(CREATE_COMPLETE|UPDATE_\w+|IMPORT_COMPLETE)$/u;

/** Asks SES for an identity, and CloudFormation whether `stack` made it. Never rejects. */
export async function readSender(
  ses: SESv2Client,
  cloudFormation: CloudFormationClient,
  { identity, stack }: { readonly identity: string; readonly stack: string },
): Promise<Reading<Sender>> {
  const inSes = await reading("ses:GetEmailIdentity", () => askSes(ses, identity));
  if ("unknown" in inSes) return inSes;
  const inStack = await reading(`cloudformation of ${stack}`, () => askStack(cloudFormation, stack, identity));
  return "unknown" in inStack ? inStack : { value: { inSes: inSes.value, inStack: inStack.value } };
}

async function askSes(ses: SESv2Client, EmailIdentity: string): Promise<Sender["inSes"]> {
  try {
    const { VerifiedForSendingStatus } = await ses.send(new GetEmailIdentityCommand({ EmailIdentity }));
    return VerifiedForSendingStatus === true ? "verified" : "unverified";
  } catch (error) {
    if (error instanceof NotFoundException) return "missing";
    throw error;
  }
}

async function askStack(
  cloudFormation: CloudFormationClient,
  StackName: string,
  identity: string,
): Promise<Sender["inStack"]> {
  const resources = await cloudFormation
    .send(new DescribeStackResourcesCommand({ StackName }))
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "ValidationError" && error.message.includes("does not exist"))
        return undefined;
      throw error;
    });
  const own = resources?.StackResources?.find(
    ({ ResourceType, PhysicalResourceId, ResourceStatus = "" }) =>
      ResourceType === "AWS::SES::EmailIdentity" &&
      PhysicalResourceId?.toLowerCase() === identity.toLowerCase() &&
      THERE.test(ResourceStatus),
  );
  if (own?.LogicalResourceId === undefined) return "no";
  const { TemplateBody = "" } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  return deletionPolicy(TemplateBody, own.LogicalResourceId).startsWith("Retain") ? "stays" : "goes";
}

/** DeletionPolicy of a resource in a template as CDK writes it. Throws if the template is not JSON. */
function deletionPolicy(template: string, logicalId: string): string {
  const { Resources = {} } = JSON.parse(template) as {
    Resources?: Record<string, { DeletionPolicy?: string } | undefined>;
  };
  return Resources[logicalId]?.DeletionPolicy ?? "Delete";
}
