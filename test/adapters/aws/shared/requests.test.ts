import { unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoConsoleSessions } from "../../../../lambdas/adapters/aws/admin/console-sessions.ts";
import { dynamoDomainReader, dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoNotices } from "../../../../lambdas/adapters/aws/domains/notices.ts";
import { dynamoRecentPosts } from "../../../../lambdas/adapters/aws/domains/recent-posts.ts";
import { dynamoSecrets } from "../../../../lambdas/adapters/aws/domains/secrets.ts";
import { dynamoTxtValues } from "../../../../lambdas/adapters/aws/domains/txt-values.ts";
import { dynamoKnownNetworks } from "../../../../lambdas/adapters/aws/mail/known-networks.ts";
import { dynamoSuppressions } from "../../../../lambdas/adapters/aws/mail/suppressions.ts";
import { dynamoNetworks } from "../../../../lambdas/adapters/aws/pbx/networks.ts";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { dynamoDevices } from "../../../../lambdas/adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../../../../lambdas/adapters/aws/push/new-tokens.ts";
import { dynamoOutcomes } from "../../../../lambdas/adapters/aws/push/outcomes.ts";
import { dynamoPostContext } from "../../../../lambdas/adapters/aws/push/post-context.ts";
import { dynamoRegistrations } from "../../../../lambdas/adapters/aws/registration/registrations.ts";
import { dynamoCounters } from "../../../../lambdas/adapters/aws/shared/counters.ts";
import { dynamoWebSessions } from "../../../../lambdas/adapters/aws/web/web-sessions.ts";
import type { FullDynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import type { Notice } from "../../../../lambdas/core/domains/notice.ts";
import type { Domain } from "../../../../lambdas/core/domains/domain.ts";
import type { Registration } from "../../../../lambdas/core/registration/registration.ts";
import { DependencyError } from "../../../../lambdas/ports/errors.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000] as const;
const ME = "owner@one.example";
const TABLES = { core: "core", secrets: "secrets", sessions: "sessions" };
const domains = (client: FullDynamo) => dynamoDomains(client, TABLES, () => "id");
const visitor = { account: "pbx.example.com", emailKey: ME };
const notice: Notice = { kind: "joined", account: "pbx.example.com", to: ME, at: NOON };
const registration: Registration = {
  id: "ticket",
  domain: "pbx.example.com",
  email: ME,
  emailKey: ME,
  language: "en",
  codeHash: "hash",
  source: "192.0.2.1",
  requestedAt: NOON,
  expiresAt: NOON + 30 * MINUTE,
  state: "waiting",
  wrongCodes: 0,
  mail: "queued",
};
const domain: Domain = {
  account: "pbx.example.com",
  state: "active",
  origin: "mail",
  owner: ME,
  secrets: { current: { id: "s1", issuedAt: NOON } },
  createdAt: NOON,
  changedAt: NOON,
  version: 1,
};
const used: Domain = { ...domain, firstLoginAt: NOON, version: 2 };

type Work = (client: FullDynamo) => Promise<unknown>;

describe("a read that follows a write is consistent", () => {
  it.each<readonly [string, Work]>([
    ["a domain", (client) => domains(client).find("pbx.example.com")],
    ["a domain's history", (client) => domains(client).history("pbx.example.com", 5)],
    ["a secret", (client) => dynamoSecrets(client, "secrets").find("pbx.example.com")],
    ["a notice", (client) => dynamoNotices(client, "core").find("n")],
    ["recent posts", (client) => dynamoRecentPosts(client, "core").find("pbx.example.com")],
    ["a suppressed address", (client) => dynamoSuppressions(client, "core").find(ME)],
    ["a known network", (client) => dynamoKnownNetworks(client, "sessions").knows(ME, "192.0.2.1", NOON)],
    ["a connection", (client) => dynamoSockets(client, "sessions").find("c")],
    ["a registration", (client) => dynamoRegistrations(client, "sessions").find("ticket")],
    ["a registration's link", (client) => dynamoRegistrations(client, "sessions").findByLink("hash")],
    ["a link", (client) => dynamoWebSessions(client, "sessions").findLink("hash", NOON)],
    ["a session of a page", (client) => dynamoWebSessions(client, "sessions").find("hash", NOON)],
    ["a session of the console", (client) => dynamoConsoleSessions(client, "sessions").find("hash", NOON)],
    ["a breaker", (client) => dynamoOutcomes(client, "core").breakerOf("ios")],
  ])("%s", async (_, work) => {
    const { client, asked } = scriptedDynamo({ Items: [] });
    await work(client);
    expect(asked.map(({ input }) => (input as { ConsistentRead?: boolean }).ConsistentRead)).toEqual([true]);
  });

  const batch = { Responses: { core: [], sessions: [], secrets: [] } };
  const batches: readonly (readonly [string, readonly string[], Work])[] = [
    ["domains", ["core"], (client) => dynamoDomainReader(client, "core").findAll(["a.example", "b.example"])],
    [
      "secrets at a login",
      ["secrets", "core"],
      (client) => dynamoPbxSecrets(client, TABLES).find({ account: "a.example/b", domain: "a.example" }),
    ],
    ["a network", ["sessions"], (client) => dynamoNetworks(client, "sessions").recordOf("192.0.2.1", NOON)],
    [
      "connection, phone and breaker of a post",
      ["sessions", "core"],
      (client) => dynamoPostContext(client, TABLES).read({ connectionId: "c", deviceKey: "d", app: "ios" }, 600),
    ],
  ];
  it.each(batches)("%s, of every table", async (_, tables, work) => {
    const { client, asked } = scriptedDynamo(batch);
    await work(client);
    const [{ input } = { input: {} }] = asked;
    const { RequestItems } = input as { RequestItems: Record<string, { ConsistentRead?: boolean }> };
    expect(Object.entries(RequestItems).map(([table, each]) => [table, each.ConsistentRead])).toEqual(
      tables.map((table) => [table, true]),
    );
  });

  it.each(batches)("%s: an unprocessed key is not a missing row", async (_, __, work) => {
    const { client } = scriptedDynamo({ ...batch, UnprocessedKeys: { core: { Keys: [] } } });
    await expect(work(client)).rejects.toMatchObject({ kind: "throttled" });
  });

  it.each(batches)("%s: an answer without tables means no rows", async (_, __, work) => {
    await expect(work(scriptedDynamo({}).client)).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("rows are swept", () => {
  /** `ttl` of the first written row, in ms. */
  async function sweptAt(work: Work): Promise<number | undefined> {
    const { client, asked } = scriptedDynamo({ Attributes: {} });
    await work(client);
    type Write = {
      Item?: object;
      ExpressionAttributeValues?: object;
      TransactItems?: readonly { Put?: Write; Update?: Write }[];
    };
    const writeOf = (input: Write): Write => {
      const [first] = input.TransactItems ?? [];
      return first?.Put ?? first?.Update ?? input;
    };
    const write = writeOf(asked.at(-1)?.input as Write);
    const row: Record<string, unknown> = unmarshall((write.Item ?? write.ExpressionAttributeValues ?? {}) as never);
    const ttl = row["ttl"] ?? row[":ttl"];
    return ttl === undefined ? undefined : Number(ttl) * 1_000;
  }
  const registrations = (client: FullDynamo) => dynamoRegistrations(client, "sessions");
  const web = (client: FullDynamo) => dynamoWebSessions(client, "sessions");
  const oneHour = { name: "mails-address-hour", subject: ME, most: 3, window: HOUR };

  // docs/security.md, What data is where. Rows with email addresses first.
  it.each<readonly [string, number | undefined, Work]>([
    ["a registration, a day after it", NOON + 30 * MINUTE + DAY, (c) => registrations(c).create(registration)],
    ["its link, with it", NOON + 30 * MINUTE + DAY, (c) => registrations(c).addLink("hash", registration)],
    ["a link to a page, a second after it", NOON + HOUR + 1_000, (c) => web(c).add("h", { visitor }, NOON + HOUR)],
    ["a notice, after 30 days", NOON + 30 * DAY, (c) => dynamoNotices(c, "core").add("n", notice)],
    [
      "a bounced address, after seven days",
      NOON + 7 * DAY,
      (c) => dynamoSuppressions(c, "core").add({ address: ME, reason: "bounced", at: NOON }),
    ],
    [
      "never one that complained",
      undefined,
      (c) => dynamoSuppressions(c, "core").add({ address: ME, reason: "complained", at: NOON }),
    ],
    ["a known network", NOON + 1_000, (c) => dynamoKnownNetworks(c, "sessions").note(ME, "192.0.2.1", NOON)],
    [
      "a TXT value",
      NOON + 1_000,
      (c) => dynamoTxtValues(c, "sessions").current("pbx.example.com", ME, { value: "v", expiresAt: NOON }, NOON),
    ],
    [
      "a session of the console",
      NOON + 1_000,
      (c) =>
        dynamoConsoleSessions(c, "sessions").add("h", {
          person: { id: "p", name: ME, role: "reader" },
          until: NOON,
        } as never),
    ],
    [
      "a sign-in",
      NOON + 1_000,
      (c) => dynamoConsoleSessions(c, "sessions").addAttempt("h", { state: "s", nonce: "n", verifier: "v" }, NOON),
    ],
    ["a count, a window after its own", NOON + 2 * HOUR, (c) => dynamoCounters(c, "sessions").take([oneHour], NOON)],
    [
      "counts of several limits too",
      NOON + 2 * HOUR,
      (c) => dynamoCounters(c, "sessions").take([oneHour, { ...oneHour, name: "other" }], NOON),
    ],
    [
      "a connection, after three hours",
      NOON + 3 * HOUR,
      (c) => dynamoSessions(c, "sessions").open("c", { source: "192.0.2.1", connectedAt: NOON }),
    ],
    [
      "a refused login, after a week",
      NOON + 7 * DAY,
      (c) =>
        dynamoSessions(c, "sessions").keepRefusedLogin({
          account: "pbx.example.com",
          source: "192.0.2.1",
          at: NOON,
          reason: "wrong-password",
        }),
    ],
    ["a network's login, after a day", NOON + DAY, (c) => dynamoNetworks(c, "sessions").loggedIn("192.0.2.1", NOON)],
    [
      "a network's closings, after an hour",
      NOON + HOUR,
      (c) => dynamoNetworks(c, "sessions").closed("192.0.2.1", NOON),
    ],
    [
      "a phone, after 180 days",
      NOON + 180 * DAY,
      (c) => dynamoDevices(c, "core").remember("d", { domain: "pbx.example.com", usedAt: NOON } as never, 600),
    ],
    [
      "new tokens, after 180 days",
      NOON + 180 * DAY,
      (c) => dynamoNewTokens(c, "core").add("pbx.example.com", NOON, 600),
    ],
    [
      "disabled tokens of a minute, after an hour",
      NOON + HOUR,
      (c) => dynamoOutcomes(c, "core").countDisabled("ios", NOON),
    ],
    [
      "a breaker, two days after it",
      NOON + 2 * DAY,
      (c) => dynamoOutcomes(c, "core").openBreaker("ios", { openedAt: NOON - HOUR, openUntil: NOON }),
    ],
    [
      "recent posts, 30 days after the last",
      NOON + 30 * DAY,
      (c) =>
        dynamoRecentPosts(c, "core").replace(
          {
            domain: "pbx.example.com",
            posts: [],
            hours: [],
            lastPostAt: {},
            since: NOON,
            writtenAt: NOON,
            watchedUntil: 0,
          },
          undefined,
        ),
    ],
  ])("%s", async (_, at, work) => expect(await sweptAt(work)).toBe(at));

  it("a session of a page, a second after it", async () => {
    const row = { account: { S: "pbx.example.com" }, emailKey: { S: ME }, until: { N: String(NOON + HOUR) } };
    const { client, asked } = scriptedDynamo({ Item: row }, {});
    await web(client).exchange("link", "session", NOON, NOON + 15 * MINUTE, 5);
    expect(unmarshall((asked[1]?.input as { Item: never }).Item)).toMatchObject({
      pk: "WEB#session",
      ttl: (NOON + 15 * MINUTE) / 1_000 + 1,
    });
  });
});

describe("an error", () => {
  const throttled = awsError("ProvisionedThroughputExceededException");
  const refused = awsError("ConditionalCheckFailedException");
  const cancelled = (...codes: readonly string[]) =>
    awsError("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });
  const sessions = (client: FullDynamo) => dynamoSessions(client, "sessions");
  const login = {
    account: "pbx.example.com",
    domain: "pbx.example.com",
    secretId: "s1",
    spelling: "pbx.example.com",
    at: NOON,
    sip: "",
    dn: "",
  };

  /** Results if the condition fails, and if DynamoDB throttles. */
  const writes: readonly (readonly [string, unknown, Work])[] = [
    ["a challenge", false, (c) => sessions(c).setChallenge("c", "00", NOON)],
    ["taking a challenge", undefined, (c) => sessions(c).takeChallenge("c")],
    ["a login", false, (c) => sessions(c).logIn("c", login)],
    ["a flooding socket", false, (c) => sessions(c).markFlooding("c")],
    ["the end of a login", undefined, (c) => sessions(c).logOut("c", "s1")],
    [
      "a count of one limit",
      { exceeded: { name: "n", subject: "s", most: 1, window: HOUR } },
      (c) => dynamoCounters(c, "sessions").take([{ name: "n", subject: "s", most: 1, window: HOUR }], NOON),
    ],
    ["a wrong code of a link", Infinity, (c) => dynamoWebSessions(c, "sessions").countWrongCode("h")],
    ["a wrong code of a registration", Infinity, (c) => dynamoRegistrations(c, "sessions").countWrongCode("t")],
    ["a phone marked gone", false, (c) => dynamoOutcomes(c, "core").markGone("d", NOON)],
    ["a mark lifted", false, (c) => dynamoDevices(c, "core").forgetGone("d", NOON, 600)],
  ];
  it.each(writes)("of a condition: %s returns %j", async (_, answer, work) =>
    expect(await work(scriptedDynamo(refused).client)).toEqual(answer),
  );
  it.each(writes)("other than a failed condition is not treated as one: %s", async (_, __, work) => {
    await expect(work(scriptedDynamo(throttled).client)).rejects.toMatchObject({
      kind: "throttled",
      code: "ProvisionedThroughputExceededException",
    });
  });

  it("of a put counts as a failed condition by its name, not by a row that comes with it", async () => {
    const texts = (error: Error) =>
      dynamoTxtValues(scriptedDynamo(error).client, "sessions").current(
        "d.example",
        ME,
        { value: "v", expiresAt: NOON },
        NOON,
      );
    const Item = { value: { S: "standing" }, expiresAt: { N: "1" } };
    expect(await texts(awsError("ConditionalCheckFailedException", { Item }))).toEqual({
      value: "standing",
      expiresAt: 1,
    });
    await expect(texts(awsError("ThrottlingException", { Item }))).rejects.toMatchObject({ kind: "throttled" });
    await expect(texts(refused)).rejects.toMatchObject({ operation: "dynamodb.PutItem", kind: "conflict" });
  });

  const commit: Work = (client) => domains(client).saveUse(domain, used);
  it.each([
    ["a condition", cancelled("None", "ConditionalCheckFailed")],
    ["another transaction", cancelled("TransactionConflict", "None")],
  ])("of a transaction by %s is a conflict", async (_, error) => {
    expect(await commit(scriptedDynamo(error).client)).toBe("conflict");
  });
  it.each([
    ["throttled rows", cancelled("None", "ThrottlingError")],
    ["an invalid row", cancelled("ValidationError")],
    ["no reasons", awsError("TransactionCanceledException")],
    ["throttling", awsError("ThrottlingException")],
    ["a refusal", awsError("AccessDeniedException")],
  ])("of a transaction by %s is not a conflict", async (_, error) => {
    await expect(commit(scriptedDynamo(error).client)).rejects.toBeInstanceOf(DependencyError);
  });

  it("of a count because of another one is tried again, five times in all", async () => {
    const two = ["a", "b"].map((name) => ({ name, subject: "s", most: 1, window: HOUR }));
    const busy = cancelled("TransactionConflict", "None");
    const lost = scriptedDynamo(busy);
    await expect(dynamoCounters(lost.client, "sessions").take(two, NOON)).rejects.toMatchObject({
      operation: "dynamodb.TransactWriteItems",
      kind: "conflict",
      code: "TransactionConflict",
    });
    expect(lost.asked).toHaveLength(5);
    const won = scriptedDynamo(busy, busy, {});
    expect(await dynamoCounters(won.client, "sessions").take(two, NOON)).toEqual({ exceeded: undefined });
    for (const [nth, codes] of [
      ["ConditionalCheckFailed", "None"],
      ["None", "ConditionalCheckFailed"],
    ].entries()) {
      const beyond = scriptedDynamo(cancelled(...codes));
      expect(await dynamoCounters(beyond.client, "sessions").take(two, NOON)).toEqual({ exceeded: two[nth] });
    }
  });
});
