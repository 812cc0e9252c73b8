import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { account, region } from "../emulator/emulator.ts";

/**
 * Proves that the emulator refuses what no policy allows; otherwise the story would prove nothing about the rights
 * of our roles: one of CDK's own roles, without rights to DynamoDB, must not list tables; the account may.
 */
export async function rightsAreEnforced(endpoint: string): Promise<void> {
  const root = new AwsClient({ accessKeyId: "test", secretAccessKey: "test", region });
  const role = `arn:aws:iam::${account}:role/cdk-hnb659fds-image-publishing-role-${account}-${region}`;
  const query = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: "check",
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await root.fetch(endpoint, {
    method: "POST",
    headers,
    body: query.toString(),
    aws: { service: "sts" },
  });
  const xml = await answer.text();
  const member = (name: string): string => {
    const text = new RegExp(`<${name}>([^<]+)</${name}>`, "u").exec(xml)?.[1];
    assert.ok(text, `AssumeRole answered ${answer.status} without ${name}`);
    return text;
  };
  const assumed = new AwsClient({
    accessKeyId: member("AccessKeyId"),
    secretAccessKey: member("SecretAccessKey"),
    sessionToken: member("SessionToken"),
    region,
  });
  assert.doesNotMatch(await listTables(endpoint, root), /AccessDenied/u);
  assert.match(await listTables(endpoint, assumed), /AccessDenied/u);
}

async function listTables(endpoint: string, client: AwsClient): Promise<string> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables" };
  const answer = await client.fetch(endpoint, { method: "POST", headers, body: "{}", aws: { service: "dynamodb" } });
  return answer.text();
}
