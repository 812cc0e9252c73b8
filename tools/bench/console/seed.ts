import { randomBytes, randomUUID } from "node:crypto";
import { domainToASCII } from "node:url";
import { BatchWriteItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { overDynamo } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import { dynamoConsoleSessions } from "../../../lambdas/adapters/aws/admin/console-sessions.ts";
import { domainWrites } from "../../../lambdas/adapters/aws/domains/domain-rows.ts";
import { dynamoRecentPosts } from "../../../lambdas/adapters/aws/domains/recent-posts.ts";
import { connectionKey } from "../../../lambdas/adapters/aws/shared/dynamo-keys.ts";
import { add } from "../../../lambdas/core/domains/domains.ts";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { hashToken, newToken, TOKEN_BYTES } from "../../../lambdas/core/shared/token.ts";
import type { LocalHost } from "../../../local/host.ts";
import { dynamoOf } from "../../shared/host.ts";

/** Maximum items of one BatchWriteItem, and concurrent batches. */
const BATCH = 25;
const AT_ONCE = 8;
const HOUR_MS = 3_600_000;

interface Write {
  readonly table: string;
  readonly item: Record<string, AttributeValue>;
}

/**
 * Every seventh domain is suspended, every eleventh claimed, every thirteenth has an internationalized name; two of
 * three have been connected, and half of these still are; the other half have posted.
 */
function domainOf(number: number) {
  const label = `pbx${String(number).padStart(5, "0")}`;
  const account = domainToASCII(`${number % 13 === 0 ? "ü" : ""}${label}.example.com`);
  return {
    account,
    owner: `owner${number}@example.com`,
    presence: (["never", "connected", "gone"] as const)[number % 3],
  };
}

/** The row of a domain with one push, as the adapter writes it. */
function lastPostOf(account: string, at: number): Record<string, AttributeValue> {
  const put = { Item: {} };
  const recorder = { request: (_: string, input: object) => Promise.resolve(Object.assign(put, input)) };
  const post = { id: "00000000000a", at, account, app: "ios", outcome: "accepted", ms: 40 };
  void dynamoRecentPosts(recorder, "").replace(addPosts(undefined, account, [post], 0, at), undefined);
  return put.Item;
}

/** Fills a host's tables as its functions would, and signs an operator in; the cookie of the session. */
export async function seed(host: LocalHost, count: number): Promise<string> {
  const environment = host.functions.map(({ definition }) => definition.environment());
  const { CORE_TABLE: core = "", SESSIONS_TABLE: sessions = "" } =
    environment.find(({ OIDC_ISSUER }) => OIDC_ISSUER !== undefined) ?? {};
  const sdk = dynamoOf(host);
  const client = overDynamo(sdk);
  const now = Date.now();

  /** A domain's row, its copies in lists, and the row of its connection, as the adapters write them. */
  function itemsOf(number: number): readonly Write[] {
    const { account, owner, presence } = domainOf(number);
    const added = add(undefined, { account, owner, actor: "operator bench" }, { now, bytes: randomBytes(32) });
    if (!added.ok) throw new Error(added.error);
    const claim = { claimant: "rival@example.org", madeAt: now, objectUntil: now + HOUR_MS };
    const after = {
      ...added.value.after,
      ...(number % 7 === 0 && { state: "suspended" as const }),
      ...(number % 11 === 0 && { claim }),
      ...(presence !== "never" && { firstLoginAt: now }),
    };
    const rows = domainWrites(core, { account, after }).flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
    const login = { account, domain: account, secretId: after.secrets.current.id, spelling: account, loggedInAt: now };
    const connection = { pk: connectionKey(randomUUID()), source: "192.0.2.1", connectedAt: now, ...login };
    return [
      ...rows.map((item) => ({ table: core, item })),
      ...(presence === "gone" ? [{ table: core, item: lastPostOf(account, now) }] : []),
      ...(presence === "connected" ? [{ table: sessions, item: marshall(connection) }] : []),
    ];
  }

  async function write(batch: readonly Write[]): Promise<void> {
    const requests = Map.groupBy(batch, ({ table }) => table);
    const RequestItems = Object.fromEntries(
      [...requests].map(([table, writes]) => [table, writes.map(({ item }) => ({ PutRequest: { Item: item } }))]),
    );
    await sdk.send(new BatchWriteItemCommand({ RequestItems }));
  }

  const all = Array.from({ length: count }, (_, number) => itemsOf(number)).flat();
  const starts = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => index * BATCH).values();
  const worker = async () => {
    for (const start of starts) await write(all.slice(start, start + BATCH));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const token = newToken(randomBytes(TOKEN_BYTES));
  const person = { name: "Bench", subject: "bench", role: "operator" } as const;
  await dynamoConsoleSessions(client, sessions).add(hashToken(token), { person, until: now + HOUR_MS });
  sdk.destroy();
  return `push-admin=${token}`;
}
