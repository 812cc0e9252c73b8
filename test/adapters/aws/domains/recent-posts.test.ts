import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pack, unpack } from "../../../../lambdas/adapters/aws/domains/packed-posts.ts";
import type { FullDynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { dynamoRecentPosts } from "../../../../lambdas/adapters/aws/domains/recent-posts.ts";
import { addPosts, type RecentPost } from "../../../../lambdas/core/domains/recent-posts.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";

const DOMAIN = "pbx.example.com";
const key = (letter: string) => letter.repeat(42) + "A"; // the 43 characters of 32 bytes

const post = fc.record(
  {
    id: fc.stringMatching(/^[0-9a-f]{12}$/u),
    at: fc.integer({ min: NOON - 90_000_000, max: NOON }),
    account: fc.constantFrom(DOMAIN, `${DOMAIN}/master`, `${DOMAIN}/standby`),
    app: fc.constantFrom("ios", "ios-call", "android"),
    kind: fc.constantFrom("call" as const, "notification" as const),
    outcome: fc.constantFrom("accepted", "Uninstalled", "GcmServerError"),
    ms: fc.integer({ min: 0, max: 65_535 }),
    device: fc.constantFrom(...["a", "b", "c", "d", "e"].map(key)),
  },
  { requiredKeys: ["id", "at", "account", "outcome", "ms"], noNullPrototype: true },
);

describe("packed posts", () => {
  it("unpack to the original", () => {
    fc.assert(
      fc.property(fc.array(post, { maxLength: 40 }), (posts) => {
        const { posts: all, hours, lastPostAt } = addPosts(undefined, DOMAIN, posts, 0, NOON);
        expect(unpack(DOMAIN, pack(DOMAIN, { posts: all, hours, lastPostAt }))).toStrictEqual({
          posts: all,
          hours,
          lastPostAt,
        });
      }),
    );
  });

  it("keep the devices of the newest posts, five of them", () => {
    const posts = ["a", "b", "c", "d", "e", "f"].map((letter, n): RecentPost => {
      return { id: `00000000000${n}`, at: NOON - n, account: DOMAIN, outcome: "accepted", ms: 1, device: key(letter) };
    });
    const { posts: shown } = unpack(DOMAIN, pack(DOMAIN, { posts, hours: [], lastPostAt: {} }));
    expect(shown.map(({ device }) => device)).toEqual([...["a", "b", "c", "d", "e"].map(key), undefined]);
  });

  it("contain each text once, and no number above three bytes", () => {
    const post = (id: string): RecentPost => ({ id, at: NOON, account: `${DOMAIN}/a`, outcome: "accepted", ms: 1 });
    const most = 2 ** 24 - 1;
    const packed = pack(DOMAIN, {
      posts: [post("00000000000a"), post("00000000000b")],
      hours: [
        { hour: 5, accepted: most + 1, failed: most + 1 },
        { hour: 6, accepted: most, failed: 0 },
      ],
      lastPostAt: { [`${DOMAIN}/a`]: NOON },
    });
    expect(packed.names).toEqual(["/a", "accepted"]);
    expect(unpack(DOMAIN, packed).hours).toEqual([
      { hour: 5, accepted: 16_777_215, failed: 16_777_215 },
      { hour: 6, accepted: 16_777_215, failed: 0 },
    ]);
  });

  it("of a row that lacks its texts are read without them", () => {
    const post = { id: "00000000000a", at: NOON, account: `${DOMAIN}/a`, app: "ios", outcome: "accepted", ms: 1 };
    const packed = pack(DOMAIN, { posts: [post], hours: [], lastPostAt: { [DOMAIN]: NOON } });
    const { posts, lastPostAt } = unpack(DOMAIN, { ...packed, names: [] });
    const { app: _, ...rest } = post;
    expect([posts, lastPostAt]).toEqual([[{ ...rest, account: DOMAIN, outcome: "" }], { [DOMAIN]: NOON }]);
  });

  it("take less than the 1 KB of one write request unit for a busy domain with three PBXes", () => {
    const names = ["/master", "/slave", "/standby"];
    const posts = Array.from({ length: 1_000 }, (_, n): RecentPost => {
      return {
        id: n.toString(16).padStart(12, "0"),
        at: NOON - n * 90_000,
        account: `${DOMAIN}${names[n % 3]}`,
        app: ["ios-call", "ios", "android"][n % 3] ?? "",
        kind: "call",
        outcome: n % 9 === 0 ? "Uninstalled" : "accepted",
        ms: 30,
        device: key("abcdefgh"[n % 8] ?? ""),
      };
    });
    const { names: texts, ...bytes } = pack(DOMAIN, addPosts(undefined, DOMAIN, posts, 0, NOON));
    const packed = Object.values(bytes).reduce((sum, each) => sum + each.length, 0) + texts.join("").length;
    // A list costs 3 bytes and 1 for each element; names of attributes, key, numbers and ttl come to about 150.
    expect(packed + 3 + texts.length + 150).toBeLessThan(1_024);
  });
});

describe("recent posts in DynamoDB", () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  const some = (domain: string, n: number) =>
    addPosts(
      undefined,
      domain,
      [{ id: "00000000000a", at: NOON, account: `${domain}/master`, outcome: "accepted", ms: n, device: key("a") }],
      NOON + 5,
      NOON + n,
    );

  it("returns what was written, and nothing of another domain", async () => {
    const store = dynamoRecentPosts(dynamo.clients.sdk, dynamo.tables.core);
    const domain = `${randomUUID()}.example.com`;
    expect(await store.find(domain)).toBeUndefined();
    expect(await store.replace(some(domain, 1), undefined)).toBe(true);
    expect(await store.find(domain)).toEqual(some(domain, 1));
  });

  it("returns those of many domains with one read", async () => {
    const calls: string[] = [];
    const noting: FullDynamo = {
      request(operation, input, options) {
        calls.push(operation);
        return dynamo.clients.sdk.request(operation, input, options);
      },
    };
    const store = dynamoRecentPosts(noting, dynamo.tables.core);
    const domains = Array.from({ length: 3 }, () => `${randomUUID()}.example.com`);
    for (const domain of domains.slice(0, 2)) await store.replace(some(domain, 1), undefined);
    calls.length = 0;
    const found = await store.findAll(domains);
    expect(found.toSorted((one, other) => domains.indexOf(one.domain) - domains.indexOf(other.domain))).toEqual(
      domains.slice(0, 2).map((domain) => some(domain, 1)),
    );
    expect(await store.findAll([])).toEqual([]);
    expect(calls).toEqual(["BatchGetItem"]);
  });

  it("overwrites only the row version it was given", async () => {
    const store = dynamoRecentPosts(dynamo.clients.sdk, dynamo.tables.core);
    const domain = `${randomUUID()}.example.com`;
    expect(await store.replace(some(domain, 2), some(domain, 1))).toBe(false); // swept in the meantime
    await store.replace(some(domain, 1), undefined);
    expect(await store.replace(some(domain, 2), undefined)).toBe(false);
    expect(await store.replace(some(domain, 2), some(domain, 1))).toBe(true);
    expect(await store.replace(some(domain, 3), some(domain, 1))).toBe(false);
    expect((await store.find(domain))?.posts[0]?.ms).toBe(2);
  });

  it("are not treated as lost if DynamoDB is only throttled", async () => {
    const { client } = scriptedDynamo(awsError("ThrottlingException"));
    await expect(dynamoRecentPosts(client, "core").replace(some(DOMAIN, 1), undefined)).rejects.toMatchObject({
      operation: "dynamodb.PutItem",
      kind: "throttled",
    });
  });
});
