import type { QueryInput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoDomainLists } from "../../../../lambdas/adapters/aws/admin/domain-lists.ts";
import { partsOf } from "../../../../lambdas/core/domains/lists.ts";
import { scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";

describe("the place where the next page of a search begins", () => {
  const [NAMES, OWNERS] = ["NAME#first.place", "OWNER#first.place"];
  const DOMAINS = "DOMAIN#first.place";
  const parts = partsOf({ search: "first.place" });
  const row = (name: string) => marshall({ pk: `DOMAIN#${name}`, sk: "DOMAIN", kind: "domain", state: "active" });

  /** A page of two after a place, with the key prefix and start row of each query. */
  async function page(after: string | undefined, ...answers: readonly object[]) {
    const { client, asked } = scriptedDynamo(...answers);
    const { items, next } = await dynamoDomainLists(client, "core").page(parts, 2, after);
    const queries = asked.map(({ input }) => {
      const { ExpressionAttributeValues, ExclusiveStartKey } = input as QueryInput;
      return [
        unmarshall(ExpressionAttributeValues ?? {})[":start"] as string,
        ExclusiveStartKey && unmarshall(ExclusiveStartKey),
      ];
    });
    return { accounts: items.map(({ account }) => account), next, queries };
  }
  const none = { Items: [] };
  const startOf = async (after: string | undefined) => (await page(after, none)).queries[0];
  const place = (...lines: readonly (string | number)[]) => Buffer.from(lines.join("\n")).toString("base64url");
  const keyOf = (bytes: number) => DOMAINS + "x".repeat(bytes - DOMAINS.length);

  it.each([
    [place(0, "DOMAIN#first.place.example", "DOMAIN"), DOMAINS, "DOMAIN#first.place.example", "DOMAIN"],
    [place(0, keyOf(1_024), "s".repeat(1_024)), DOMAINS, keyOf(1_024), "s".repeat(1_024)],
    [place(1), NAMES, undefined, undefined],
    [place(2, "", ""), OWNERS, undefined, undefined],
  ])("is a row, or the beginning of a part: %.60s", async (after, start, pk, sk) => {
    expect(await startOf(after)).toEqual([start, pk && { kind: "domain", pk, sk }]);
  });

  it.each([
    undefined,
    "",
    "nonsense",
    "x".repeat(8_192),
    "x".repeat(8_193),
    place("length"),
    place("at"),
    place(-1),
    place(0.5),
    place(3),
    place(9),
    place("1e999"),
    place(0, "SECRET#", "x"),
    place(1, "DOMAIN#first.place.example", "DOMAIN"),
    place(1, "NAME#first.place"),
    place(1, "NAME#first.place", ""),
    place(0, keyOf(1_025), "DOMAIN"),
    place(0, `${DOMAINS}${"ü".repeat(600)}`, "DOMAIN"),
    place(0, "DOMAIN#first.place.example", "s".repeat(1_025)),
    // As an earlier version wrote it, with bytes that are not UTF-8.
    Buffer.from(String.raw`{"part":1,"pk":"NAME#first.place\ud800","sk":"x"}`).toString("base64url"),
  ])("is the first page's for %.60j, which is not a place", async (after) => {
    expect(await startOf(after)).toEqual([DOMAINS, undefined]);
  });

  it("is well-formed, whatever bytes a browser sent", async () => {
    const bytes = Buffer.concat([Buffer.from("0\nDOMAIN#first.place"), Buffer.from([0xed, 0xa0, 0x80, 10, 0xff])]);
    const [, row] = (await startOf(bytes.toString("base64url"))) ?? [];
    for (const key of Object.values(row as object) as string[]) expect(key.isWellFormed()).toBe(true);
  });

  it("comes with every page except the last", async () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => row(`first.place-${name}`));
    const first = await page(undefined, { Items: [a, b], LastEvaluatedKey: b });
    expect(first.accounts).toEqual(["first.place-a", "first.place-b"]);
    const second = await page(first.next, { Items: [c] }, { Items: [d] });
    expect(second.accounts).toEqual(["first.place-c"]);
    expect(second.queries).toEqual([
      [DOMAINS, { kind: "domain", pk: "DOMAIN#first.place-b", sk: "DOMAIN" }],
      [NAMES, undefined],
    ]);
    // Its last row ended a part, so the next page begins with the next part.
    const third = await page(second.next, none);
    expect(third.queries).toEqual([[OWNERS, undefined]]);
    expect(third).toMatchObject({ accounts: [], next: undefined });
    const full = await page(place(2), { Items: [a, b] });
    expect(full).toMatchObject({ next: undefined, queries: [[OWNERS, undefined]] });
  });
});
