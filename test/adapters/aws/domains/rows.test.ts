import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { domainWrites, relistWrites, toDomain } from "../../../../lambdas/adapters/aws/domains/domain-rows.ts";
import { dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import type { Change } from "../../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../../lambdas/core/domains/domain.ts";
import { add, remove, transfer } from "../../../../lambdas/core/domains/domains.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";

const TABLES = { core: "core", secrets: "secrets", sessions: "sessions" };
const A = "a.example";
const HASH = /^[0-9a-f]{64}$/u;

/** A used domain that is in no list. */
const plain: Domain = {
  account: A,
  state: "active",
  origin: "operator",
  secrets: { current: { id: "s1", issuedAt: NOON } },
  createdAt: NOON,
  changedAt: NOON,
  firstLoginAt: NOON,
  version: 1,
} as never;
const claim = { claimant: "x@b.example", madeAt: NOON, objectUntil: NOON + 1 };
const withMore = (more: object): Domain => ({ ...plain, ...more });

const rowOf = ({ Put }: TransactWriteItem): Readonly<Record<string, unknown>> => unmarshall(Put?.Item ?? {});

/** `put` or `delete`, then kind and key of the row: what one write of a transaction does. */
function written({ Put, Delete, Update }: TransactWriteItem): string {
  const row = unmarshall(Put?.Item ?? Delete?.Key ?? Update?.Key ?? {}) as Readonly<Record<string, string>>;
  const what = Put ? "put" : Delete ? "delete" : "update";
  const { pk = row["account"], sk = "", kind = "" } = row;
  return [what, kind, pk, HASH.test(sk) ? "HASH" : sk].filter((part) => part !== "").join(" ");
}
/** Writes other than the domain's own row, which comes first. */
const lists = (before: Domain | undefined, after: Domain | undefined) =>
  domainWrites("core", { account: A, before, after }).slice(1).map(written);

// docs/architecture.md, Tables: a domain in a list.
describe("a domain's copies in lists", () => {
  const munich = "xn--mnchen-3ya.example";
  it.each<readonly [string, Domain | undefined, Domain | undefined, readonly string[]]>([
    ["none without a reason to be listed", undefined, plain, []],
    [
      "one that has never connected",
      undefined,
      withMore({ firstLoginAt: undefined }),
      [`put unused DOMAIN#${A} LIST#unused`],
    ],
    ["one that has connected since", withMore({ firstLoginAt: undefined }), plain, [`delete DOMAIN#${A} LIST#unused`]],
    ["a suspended one", plain, withMore({ state: "suspended" }), [`put suspended DOMAIN#${A} LIST#suspended`]],
    ["one that is resumed", withMore({ state: "suspended" }), plain, [`delete DOMAIN#${A} LIST#suspended`]],
    ["a claimed one", plain, withMore({ claim }), [`put claimed DOMAIN#${A} LIST#claimed`]],
    ["one that is no longer claimed", withMore({ claim }), plain, [`delete DOMAIN#${A} LIST#claimed`]],
    ["one with an owner", plain, withMore({ owner: "o@b.example" }), ["put owner OWNER#o@b.example HASH"]],
    [
      "one with another owner",
      withMore({ owner: "o@b.example" }),
      withMore({ owner: "p@b.example" }),
      ["delete OWNER#o@b.example HASH", "put owner OWNER#p@b.example HASH"],
    ],
    [
      "one that stays in its list: its copy follows, in the same place",
      withMore({ owner: "o@b.example" }),
      withMore({ owner: "o@b.example", version: 2 }),
      ["put owner OWNER#o@b.example HASH"],
    ],
    ["one with a Unicode form", undefined, withMore({ account: munich }), ["put name NAME#münchen.example LIST#name"]],
    [
      "one that is deleted",
      withMore({ account: munich, owner: "o@b.example", state: "suspended", claim, firstLoginAt: undefined }),
      undefined,
      [
        "delete NAME#münchen.example LIST#name",
        "delete OWNER#o@b.example HASH",
        `delete DOMAIN#${munich} LIST#suspended`,
        `delete DOMAIN#${munich} LIST#claimed`,
        `delete DOMAIN#${munich} LIST#unused`,
      ],
    ],
  ])("%s", (_, before, after, rows) => expect(lists(before, after)).toEqual(rows));

  it("contain the domain with the list as their kind, and can be read as the domain", () => {
    const suspended = withMore({ state: "suspended", owner: "o@b.example" });
    const items = domainWrites("core", { account: A, before: undefined, after: suspended });
    const rows = items.map(rowOf);
    expect(rows.map(({ kind, listed }) => [kind, listed])).toEqual([
      ["domain", 1],
      ["owner", undefined],
      ["suspended", undefined],
    ]);
    for (const row of rows) expect(toDomain(row)).toEqual(suspended);
  });

  it("distinguish an owner's domains", () => {
    const keys = [A, "b.example"].map((account) => {
      const [, copy] = domainWrites("core", { account, after: withMore({ account, owner: "o@b.example" }) });
      return copy && rowOf(copy);
    });
    expect(new Set(keys.map((row) => row?.["pk"])).size).toBe(1);
    expect(new Set(keys.map((row) => row?.["sk"])).size).toBe(2);
  });

  it("are all written again for a domain stored by an early version, and wrong ones deleted", () => {
    expect(
      relistWrites("core", withMore({ account: "xn--mnchen-3ya.example", owner: "o@b.example" })).map(written),
    ).toEqual([
      "put domain DOMAIN#xn--mnchen-3ya.example DOMAIN",
      "put name NAME#münchen.example LIST#name",
      "put owner OWNER#o@b.example HASH",
      "delete DOMAIN#xn--mnchen-3ya.example LIST#suspended",
      "delete DOMAIN#xn--mnchen-3ya.example LIST#claimed",
      "delete DOMAIN#xn--mnchen-3ya.example LIST#unused",
    ]);
    expect(relistWrites("core", withMore({ state: "suspended", claim, firstLoginAt: undefined })).map(written)).toEqual(
      [
        `put domain DOMAIN#${A} DOMAIN`,
        `put suspended DOMAIN#${A} LIST#suspended`,
        `put claimed DOMAIN#${A} LIST#claimed`,
        `put unused DOMAIN#${A} LIST#unused`,
      ],
    );
  });

  it("are written with the domain's row only if that is as it was read, or missing", () => {
    const unchanged = "version = :version AND secrets.#current.id = :secretId";
    for (const [item, condition, values] of [
      [domainWrites("core", { account: A, after: plain })[0]?.Put, "attribute_not_exists(pk)", {}],
      [
        domainWrites("core", { account: A, before: plain, after: plain })[0]?.Put,
        unchanged,
        { ":version": 1, ":secretId": "s1" },
      ],
      [domainWrites("core", { account: A, before: plain })[0]?.Delete, unchanged, { ":version": 1, ":secretId": "s1" }],
      [relistWrites("core", plain)[0]?.Put, unchanged, { ":version": 1, ":secretId": "s1" }],
    ] as const) {
      expect(item).toMatchObject({ TableName: "core", ConditionExpression: condition });
      expect(unmarshall(item?.ExpressionAttributeValues ?? {})).toEqual(values);
    }
  });
});

describe("one transaction stores", () => {
  const moment = { now: NOON, bytes: Buffer.alloc(32, 7) };
  const valueOf = (result: { readonly ok: boolean; readonly value?: Change; readonly error?: string }): Change => {
    if (result.value === undefined) throw new Error(result.error);
    return result.value;
  };
  async function storing(change: Change, confirmation?: Parameters<ReturnType<typeof dynamoDomains>["commit"]>[1]) {
    const { client, asked } = scriptedDynamo({});
    expect(await dynamoDomains(client, TABLES, () => "id").commit(change, confirmation)).toBe("stored");
    expect(asked.map(({ operation }) => operation)).toEqual(["TransactWriteItems"]);
    return (asked[0]?.input as { TransactItems: readonly TransactWriteItem[] }).TransactItems;
  }
  const tableOf = ({ Put, Delete, Update }: TransactWriteItem) => (Put ?? Delete ?? Update)?.TableName;
  const entry = `put DOMAIN#${A} AUDIT#00${NOON}#id`;
  const addition = valueOf(add(undefined, { account: A, actor: "operator x" }, moment));

  it("an addition with its entry in the history and its secret", async () => {
    const items = await storing(addition);
    expect(items.map(written)).toEqual([
      `put domain DOMAIN#${A} DOMAIN`,
      `put unused DOMAIN#${A} LIST#unused`,
      entry,
      `put ${A}`,
    ]);
    expect(items.map(tableOf)).toEqual(["core", "core", "core", "secrets"]);
    const [, , audit, secret] = items.map(rowOf);
    expect(audit).toMatchObject({ at: NOON, action: "added", actor: "operator x" });
    expect(secret).toEqual({ account: A, ...addition.secrets });
  });

  it("a deletion that removes the secrets", async () => {
    const items = await storing(valueOf(remove(plain, "operator x", NOON)));
    expect(items.map(written)).toEqual([`delete DOMAIN#${A} DOMAIN`, entry, `delete ${A}`]);
    expect(items.map(tableOf)).toEqual(["core", "core", "secrets"]);
  });

  it("an end of old secrets that leaves only the current one", async () => {
    const { current } = plain.secrets;
    const before = withMore({ secrets: { current, previous: { ...current, id: "s0", until: NOON + 9 } } });
    const change: Change = {
      account: A,
      before,
      after: withMore({ version: 2 }),
      secrets: undefined,
      action: "old-secret-ended",
      actor: "owner",
      at: NOON,
      notices: [],
    };
    const items = await storing(change);
    expect(items.map(written)).toEqual([`put domain DOMAIN#${A} DOMAIN`, entry, `update ${A}`]);
    expect(items.at(-1)?.Update).toMatchObject({ TableName: "secrets", UpdateExpression: "REMOVE previous, earlier" });
  });

  it("a transfer with a notice to each side", async () => {
    const owned = withMore({ owner: "o@b.example" });
    const items = await storing(valueOf(transfer(owned, { to: "p@b.example", actor: "operator x" }, moment)));
    const notices = items.map(rowOf).filter((row) => row["sk"] === "NOTICE");
    expect(notices.map(({ to, mail, ttl }) => [to, mail, ttl])).toEqual([
      ["o@b.example", "queued", NOON / 1_000 + 30 * 86_400],
      ["p@b.example", "queued", NOON / 1_000 + 30 * 86_400],
    ]);
    for (const { pk, id } of notices) expect(pk).toBe(`NOTICE#${String(id)}`);
    expect(new Set(notices.map(({ pk }) => pk)).size).toBe(2);
  });

  it("a confirmed registration only while it waits, in time and without too many wrong codes", async () => {
    const items = await storing(addition, { registration: "t", secretId: "s1", wrongCodes: 5 });
    const { TableName, Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues } =
      items.at(-1)?.Update ?? {};
    expect([TableName, unmarshall(Key ?? {})]).toEqual(["sessions", { pk: "TICKET#t" }]);
    expect(UpdateExpression).toBe("SET #state = :confirmed, confirmedAt = :at, secretId = :secretId");
    expect(ConditionExpression).toBe("#state = :waiting AND wrongCodes < :wrongCodes AND expiresAt > :at");
    expect(unmarshall(ExpressionAttributeValues ?? {})).toEqual({
      ":confirmed": "confirmed",
      ":waiting": "waiting",
      ":at": NOON,
      ":secretId": "s1",
      ":wrongCodes": 5,
    });
  });

  it.each(["ConditionalCheckFailed", "TransactionConflict"])("nothing if another was faster: %s", async (Code) => {
    const cancelled = awsError("TransactionCanceledException", { CancellationReasons: [{ Code }] });
    const { client } = scriptedDynamo(cancelled);
    const domains = dynamoDomains(client, TABLES, () => "id");
    expect(await domains.commit(addition)).toBe("conflict");
    expect(await domains.saveUse(plain, withMore({ version: 2 }))).toBe("conflict");
  });
});
