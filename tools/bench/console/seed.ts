import { randomBytes, randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { overDynamo } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import { dynamoConsoleSessions } from "../../../lambdas/adapters/aws/admin/console-sessions.ts";
import { dynamoDomains } from "../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoSessions } from "../../../lambdas/adapters/aws/pbx/sessions.ts";
import { add } from "../../../lambdas/core/domains/domains.ts";
import { hashToken, newToken, TOKEN_BYTES } from "../../../lambdas/core/shared/token.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import type { LocalHost } from "../../../local/host.ts";

/** So many at once: the engine takes no more from more. */
const AT_ONCE = 4;
/** A machine that is busy with other things misses the adapters' time limits now and then. */
const ATTEMPTS = 10;
const HOUR_MS = 3_600_000;

/** Every seventh domain is suspended, every eleventh claimed, every thirteenth has an internationalized name; two of three were connected, and are. */
function domainOf(number: number) {
  const label = `pbx${String(number).padStart(5, "0")}`;
  const account = number % 13 === 0 ? `xn--${label}-kva.example.com` : `${label}.example.com`;
  return { account, owner: `owner${number}@example.com`, number };
}

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DependencyError) || attempt === ATTEMPTS) throw error;
    }
}

/** Fills a host's tables as its functions would, and signs an operator in; the cookie of the session. */
export async function seed({ functions, awsUrl }: LocalHost, count: number, onAdded: (done: number) => void) {
  const environment = functions.map(({ definition }) => definition.environment());
  const {
    CORE_TABLE: core = "",
    SECRETS_TABLE: secrets = "",
    SESSIONS_TABLE: sessions = "",
  } = environment.find(({ OIDC_ISSUER }) => OIDC_ISSUER !== undefined) ?? {};
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const sdk = new DynamoDBClient({ endpoint: awsUrl, region: "eu-central-1", credentials });
  const client = overDynamo(sdk);
  const domains = dynamoDomains(client, { core, secrets, sessions }, randomUUID);
  const connections = dynamoSessions(client, sessions);
  const now = Date.now();

  async function one(number: number): Promise<void> {
    const { account, owner } = domainOf(number);
    const added = add(undefined, { account, owner, actor: "operator bench" }, { now, bytes: randomBytes(32) });
    if (!added.ok) throw new Error(added.error);
    const claim = { claimant: "rival@example.org", madeAt: now, objectUntil: now + HOUR_MS };
    const after = {
      ...added.value.after,
      ...(number % 7 === 0 && { state: "suspended" as const }),
      ...(number % 11 === 0 && { claim }),
      ...(number % 3 !== 0 && { firstLoginAt: now }),
    };
    await domains.commit({ ...added.value, after, notices: [] });
    if (number % 3 === 0) return;
    const id = randomUUID();
    await connections.open(id, { source: "192.0.2.1", connectedAt: now });
    const login = { account, domain: account, secretId: after.secrets.current.id, spelling: account };
    await connections.logIn(id, { ...login, at: now, sip: "", dn: "" });
  }

  const numbers = Array.from({ length: count }, (_, number) => number).values();
  let done = 0;
  const worker = async () => {
    for (const number of numbers) {
      await patiently(() => one(number));
      onAdded((done += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const token = newToken(randomBytes(TOKEN_BYTES));
  const person = { name: "Bench", subject: "bench", role: "operator" } as const;
  await dynamoConsoleSessions(client, sessions).add(hashToken(token), { person, until: now + HOUR_MS });
  sdk.destroy();
  return `push-admin=${token}`;
}
