import { UpdateItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import type { Domain } from "../../lambdas/core/domains/domain.ts";
import { announcementOf, NOTICE_PERIOD, UNUSED_LIFE } from "../../lambdas/core/domains/expiry.ts";
import { useHost } from "../support/process/host.ts";
import { mailsTo, register } from "../support/services/register.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();

/** Lets time pass for one row of the core table. */
async function age(key: { readonly pk: string; readonly sk: string }, changes: Readonly<Record<string, number>>): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ endpoint: host().awsUrl, region: "eu-central-1", credentials });
  const [name, at] = Object.entries(changes)[0] ?? [];
  await client.send(
    new UpdateItemCommand({
      TableName: String(host().outputs.get("push-local-data.CoreTable")),
      Key: marshall(key),
      UpdateExpression: "SET #name = :at",
      ExpressionAttributeNames: { "#name": name ?? "" },
      ExpressionAttributeValues: marshall({ ":at": at }),
    }),
  );
  client.destroy();
}

const state = async (account: string) => fetch(`${host().url}/_local/admin/domain?account=${account}`);

describe("a registration that no PBX ever used", () => {
  it("is announced to end, and ends, on the daily schedule", async () => {
    const [account, owner] = ["unused.example.com", "unused@example.com"];
    await register(host(), account, owner);
    const row = { pk: `DOMAIN#${account}`, sk: "DOMAIN" };
    await age(row, { changedAt: Date.now() - UNUSED_LIFE });
    await host().runSchedules();
    const domain = async () => (await (await state(account)).json()) as Domain;
    const { version, endsAt } = await eventually(async () => ((await domain()).endsAt === undefined ? undefined : domain()));
    expect(endsAt).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await eventually(async () => ((await mailsTo(host(), owner)).length === 2 ? true : undefined));
    await age(row, { endsAt: Date.now() - 1 });
    await age({ pk: `NOTICE#${announcementOf({ key: account, version })}`, sk: "NOTICE" }, { mailAt: Date.now() - NOTICE_PERIOD - 1 });
    await host().runSchedules();
    await eventually(async () => ((await state(account)).status === 404 ? true : undefined));
    await eventually(async () => ((await mailsTo(host(), owner)).length === 3 ? true : undefined));
  });
});
