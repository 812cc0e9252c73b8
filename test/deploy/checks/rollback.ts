import assert from "node:assert/strict";
import {
  GetAliasCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  paginateListFunctions,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { region } from "../emulator/emulator.ts";

/**
 * What an operator does when a new version is bad: `aws lambda update-alias` to the one before it, which must still be
 * there. Runs `meanwhile`, and puts the alias back as CloudFormation left it.
 */
export async function onEarlierVersion(
  endpoint: string,
  description: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const client = new LambdaClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const FunctionName = await named(client, description);
  const alias = { FunctionName, Name: "live" };
  const { FunctionVersion: now } = await client.send(new GetAliasCommand(alias));
  const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
  const earlier = Versions.map(({ Version }) => Version).filter((version) => version !== "$LATEST" && version !== now);
  assert.ok(earlier.length > 0, `${description}: the only version left is ${now}`);
  await client.send(new UpdateAliasCommand({ ...alias, FunctionVersion: earlier.at(-1) }));
  try {
    await meanwhile();
  } finally {
    await client.send(new UpdateAliasCommand({ ...alias, FunctionVersion: now }));
    client.destroy();
  }
}

async function named(client: LambdaClient, description: string): Promise<string> {
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    const found = Functions.find(({ Description }) => Description === description)?.FunctionName;
    if (found !== undefined) return found;
  }
  throw new Error(`no function "${description}"`);
}
