import { expect, it } from "vitest";
import type { RecentPost } from "../../../lambdas/core/domains/recent-posts.ts";
import { nextStepOf, type NextStep } from "../../../lambdas/views/domains/next-step.ts";
import type { OwnerView } from "../../../lambdas/core/domains/visitor.ts";

type Seen = Parameters<typeof nextStepOf>[0];

const secrets = { current: { id: "present1", issuedAt: 1 } };
const used = { current: { ...secrets.current, usedAt: 2 } };
const previous = { id: "former01", issuedAt: 0, validUntil: 9e12 };
const connected = (secretId: string): Seen["connections"] => [
  {
    connectionId: "c1",
    source: "192.0.2.1",
    connectedAt: 1,
    login: { account: "pbx.example.com", domain: "pbx.example.com", secretId, at: 1 },
  },
];
const posted = (outcome: string): OwnerView["posts"] => {
  const post: RecentPost = { id: "1", at: 50, account: "pbx.example.com", outcome, ms: 1 };
  return { posts: [post], lastPostAt: {}, writtenAt: 1 };
};
const refused = (reason: "wrong-password" | "unknown", at: number) => [
  { account: "pbx.example.com", source: "192.0.2.1", at, reason, refusals: 1 },
];
const claim = { claimant: "r@example.org", madeAt: 1, objectUntil: 2 };
const fresh: Seen = { state: "active", standing: "proven", secrets, connections: [], posts: "none", refusedLogins: [] };
const there: Seen = { ...fresh, secrets: used, connections: connected("present1") };

it.each<readonly [string, Seen, NextStep | undefined]>([
  ["nothing has ever connected", fresh, "connect"],
  ["nothing has ever connected, and no posts are kept", { ...fresh, posts: "off" }, "connect"],
  ["a PBX was connected", { ...fresh, secrets: used }, "reconnect"],
  ["no PBX has used the password since it was replaced", { ...fresh, secrets: { ...secrets, previous } }, "reconnect"],
  ["a PBX has posted and is no longer connected", { ...fresh, posts: posted("accepted") }, "reconnect"],
  ["a login was refused for its password", { ...fresh, refusedLogins: refused("wrong-password", 9) }, "refused"],
  ["a login was refused for another reason", { ...fresh, refusedLogins: refused("unknown", 9) }, "connect"],
  [
    "a login was refused before the last push",
    { ...fresh, posts: posted("accepted"), refusedLogins: refused("wrong-password", 9) },
    "reconnect",
  ],
  [
    "an old password is in use",
    { ...there, secrets: { ...used, previous }, connections: connected("former01") },
    "password",
  ],
  ["the last push failed", { ...there, posts: posted("Uninstalled") }, "failed"],
  ["the domain is provisional", { ...there, posts: posted("accepted"), standing: "provisional" }, "prove"],
  ["nothing has been pushed yet", there, "push"],
  ["no posts are kept", { ...there, posts: "off" }, undefined],
  ["all is well", { ...there, posts: posted("accepted") }, "nothing"],
  ["the domain is suspended", { ...fresh, state: "suspended" }, undefined],
  ["someone claims the domain", { ...fresh, claim }, undefined],
])("when %s", (_, seen, step) => expect(nextStepOf(seen)).toBe(step));
