import assert from "node:assert/strict";
import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetPlatformApplicationAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { AwsClient } from "aws4fetch";
import * as v from "valibot";
import { signingKey } from "./credentials.ts";
import { account, region } from "../emulator/emulator.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const Targets = v.object({ Targets: v.tuple([v.object({ Arn: v.string(), Input: v.string() })]) });
const Rule = v.object({ EventPattern: v.string() });

export interface Rotation {
  readonly endpoint: string;
  readonly snsUrl: string;
  /** Name of the service stack. */
  readonly stack: string;
  /** Name of the secret, and the ARN of an app whose credential it is. */
  readonly secret: string;
  readonly applicationArn: string;
}

/**
 * A credential is rotated: CloudTrail's event matches a rule of the stack, and the commands of docs/operate/deploying.md
 * (Credentials of the apps) pass it to SNS. Identifies it by Apple's team, which is part of the credential and not secret.
 */
export async function rotate({ endpoint, snsUrl, stack, secret, applicationArn }: Rotation): Promise<void> {
  const team = "ROTATED123";
  const secrets = new SecretsManagerClient({ endpoint, region, credentials });
  await secrets.send(new PutSecretValueCommand({ SecretId: secret, SecretString: signingKey(team) }));
  const rules = await rulesOf(endpoint, stack);
  const told = await Promise.all(rules.changed.map((rule) => hears(endpoint, rule, secret)));
  assert.ok(told.includes(true), `no rule of ${stack} matches ${secret}`);
  assert.notEqual(await teamOf(snsUrl, applicationArn), team);

  const lambda = new LambdaClient({ endpoint, region, credentials });
  for (const Rule of rules.daily) {
    const [{ Arn, Input }] = v.parse(Targets, await events(endpoint, "ListTargetsByRule", { Rule })).Targets;
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: Arn, Payload: Buffer.from(Input) }));
    assert.equal(FunctionError, undefined);
  }
  assert.equal(await teamOf(snsUrl, applicationArn), team);
  for (const client of [secrets, lambda]) client.destroy();
}

async function rulesOf(
  endpoint: string,
  StackName: string,
): Promise<{ readonly daily: readonly string[]; readonly changed: readonly string[] }> {
  const client = new CloudFormationClient({ endpoint, region, credentials });
  const names: (readonly [string, string])[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    for (const { ResourceType, LogicalResourceId = "", PhysicalResourceId = "" } of StackResourceSummaries)
      if (ResourceType === "AWS::Events::Rule") names.push([LogicalResourceId, PhysicalResourceId]);
  client.destroy();
  const of = (part: string): readonly string[] => names.flatMap(([id, name]) => (id.includes(part) ? [name] : []));
  return { daily: of("CredentialDaily"), changed: of("CredentialChanged") };
}

/** Whether a rule's pattern matches CloudTrail's event of PutSecretValue, as EventBridge evaluates it. */
async function hears(endpoint: string, Name: string, secretId: string): Promise<boolean> {
  const { EventPattern } = v.parse(Rule, await events(endpoint, "DescribeRule", { Name }));
  const event = {
    ...{ id: "1", version: "0", account, region, time: new Date().toISOString(), resources: [] },
    source: "aws.secretsmanager",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventSource: "secretsmanager.amazonaws.com",
      eventName: "PutSecretValue",
      requestParameters: { secretId },
    },
  };
  const answer = await events(endpoint, "TestEventPattern", { EventPattern, Event: JSON.stringify(event) });
  return v.parse(v.object({ Result: v.boolean() }), answer).Result;
}

async function events(endpoint: string, operation: string, input: object): Promise<unknown> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSEvents.${operation}` };
  const client = new AwsClient({ ...credentials, region });
  const answer = await client.fetch(endpoint, {
    method: "POST",
    headers,
    body: JSON.stringify(input),
    aws: { service: "events" },
  });
  assert.ok(answer.ok, `${operation} answered ${answer.status}`);
  return answer.json();
}

async function teamOf(endpoint: string, PlatformApplicationArn: string): Promise<string | undefined> {
  const client = new SNSClient({ endpoint, region, credentials });
  const { Attributes } = await client.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }));
  client.destroy();
  return Attributes?.["ApplePlatformTeamID"];
}
