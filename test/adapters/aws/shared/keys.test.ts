import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect, it } from "vitest";
import { dynamoConsoleSessions } from "../../../../lambdas/adapters/aws/admin/console-sessions.ts";
import type { FullDynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoNotices } from "../../../../lambdas/adapters/aws/domains/notices.ts";
import { dynamoRecentPosts } from "../../../../lambdas/adapters/aws/domains/recent-posts.ts";
import { dynamoSecrets } from "../../../../lambdas/adapters/aws/domains/secrets.ts";
import { dynamoTxtValues } from "../../../../lambdas/adapters/aws/domains/txt-values.ts";
import { dynamoKnownNetworks } from "../../../../lambdas/adapters/aws/mail/known-networks.ts";
import { dynamoSuppressions } from "../../../../lambdas/adapters/aws/mail/suppressions.ts";
import { dynamoCanaryAccount } from "../../../../lambdas/adapters/aws/monitoring/canary-account.ts";
import { dynamoNetworks } from "../../../../lambdas/adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { dynamoDevices } from "../../../../lambdas/adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../../../../lambdas/adapters/aws/push/new-tokens.ts";
import { dynamoOutcomes } from "../../../../lambdas/adapters/aws/push/outcomes.ts";
import { dynamoRegistrations } from "../../../../lambdas/adapters/aws/registration/registrations.ts";
import { dynamoCounters } from "../../../../lambdas/adapters/aws/shared/counters.ts";
import { isTenant, tenantAttribute } from "../../../../lambdas/adapters/aws/shared/dynamo-keys.ts";
import { dynamoWebSessions } from "../../../../lambdas/adapters/aws/web/web-sessions.ts";
import { scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";

const TABLES = { core: "core", secrets: "secrets", sessions: "sessions" };
const MINUTE = 60_000;
const HASH = expect.stringMatching(/^(?:MAIL|TXT|KNOWN)#[\w-]{20,}$/u) as string;
const DOMAIN = "pbx.example.com";

type Row = Readonly<Record<string, AttributeValue>>;
interface Input {
  readonly TableName: string;
  readonly Key?: Row;
  readonly Item?: Row;
}

/** Table and key of the first row that an operation touches. */
async function touched(work: (client: FullDynamo) => Promise<unknown>): Promise<readonly string[]> {
  const { client, asked } = scriptedDynamo({ Attributes: {} });
  await work(client);
  const { TableName, Key, Item } = asked[0]?.input as Input;
  const { pk, sk, account }: Readonly<Record<string, string>> = unmarshall(Key ?? Item ?? {});
  return [TableName, ...[pk ?? account, sk].filter((part) => part !== undefined)];
}

// Rows outlive versions of the service, so their keys stay as in docs/architecture.md, Tables.
it.each<readonly [string, readonly string[], (client: FullDynamo) => Promise<unknown>]>([
  ["a secret", ["secrets", DOMAIN], (c) => dynamoSecrets(c, "secrets").find(DOMAIN)],
  ["the canary's secret", ["secrets", "canary"], (c) => dynamoCanaryAccount(c, TABLES).secret()],
  ["a domain", ["core", `DOMAIN#${DOMAIN}`, "DOMAIN"], (c) => dynamoDomains(c, TABLES, () => "id").find(DOMAIN)],
  [
    "an entry of a history",
    ["core", `DOMAIN#${DOMAIN}`, `AUDIT#00${NOON}#id`],
    (c) => dynamoDomains(c, TABLES, () => "id").note(DOMAIN, { at: NOON, action: "added", actor: "operator x" }),
  ],
  ["a notice", ["core", "NOTICE#n", "NOTICE"], (c) => dynamoNotices(c, "core").find("n")],
  ["a suppressed address", ["core", HASH, "SUPPRESSION"], (c) => dynamoSuppressions(c, "core").find("a@example.com")],
  ["a phone", ["core", "DEVICE#d", "DEVICE"], (c) => dynamoDevices(c, "core").forgetGone("d", NOON, 600)],
  ["new tokens", ["core", `TOKENS#${DOMAIN}`, "TOKENS"], (c) => dynamoNewTokens(c, "core").add(DOMAIN, NOON, 600)],
  ["recent posts", ["core", `POSTS#${DOMAIN}`, "POSTS"], (c) => dynamoRecentPosts(c, "core").find(DOMAIN)],
  ["a breaker", ["core", "BREAKER#ios", "BREAKER"], (c) => dynamoOutcomes(c, "core").breakerOf("ios")],
  [
    "disabled tokens",
    ["core", "BREAKER#ios", `MINUTE#${NOON / MINUTE}`],
    (c) => dynamoOutcomes(c, "core").countDisabled("ios", NOON + MINUTE - 1),
  ],
  ["a connection", ["sessions", "CONN#c"], (c) => dynamoSockets(c, "sessions").find("c")],
  ["the same when it opens", ["sessions", "CONN#c"], (c) => dynamoSessions(c, "sessions").close("c")],
  [
    "a network",
    ["sessions", "NETWORK#2001:db8:0:1"],
    (c) => dynamoNetworks(c, "sessions").loggedIn("2001:db8:0:1::5", NOON),
  ],
  [
    "a network's closings",
    ["sessions", `NETWORK#192.0.2.1#${NOON / MINUTE}`],
    (c) => dynamoNetworks(c, "sessions").closed("192.0.2.1", NOON + MINUTE - 1),
  ],
  [
    "a refused login",
    ["sessions", expect.stringMatching(/^LOGIN#pbx\.example\.com#./u) as string],
    (c) =>
      dynamoSessions(c, "sessions").keepRefusedLogin({
        account: `${DOMAIN}/master`,
        source: "192.0.2.1",
        at: NOON,
        reason: "wrong-password",
      }),
  ],
  ["a registration", ["sessions", "TICKET#t"], (c) => dynamoRegistrations(c, "sessions").find("t")],
  ["its link", ["sessions", "LINK#h"], (c) => dynamoRegistrations(c, "sessions").findByLink("h")],
  ["a link to a page", ["sessions", "ACCESS#h"], (c) => dynamoWebSessions(c, "sessions").findLink("h", NOON)],
  ["a session of a page", ["sessions", "WEB#h"], (c) => dynamoWebSessions(c, "sessions").find("h", NOON)],
  ["a sign-in", ["sessions", "SIGNIN#h"], (c) => dynamoConsoleSessions(c, "sessions").takeAttempt("h", NOON)],
  ["a session of the console", ["sessions", "CONSOLE#h"], (c) => dynamoConsoleSessions(c, "sessions").find("h", NOON)],
  [
    "a count, all of its window",
    ["sessions", expect.stringMatching(new RegExp(`^LIMIT#mails#[0-9a-f]{32}#${NOON / MINUTE}$`, "u")) as string],
    (c) => {
      const allowance = { name: "mails", subject: "a@b.example", most: 1, window: MINUTE };
      return dynamoCounters(c, "sessions").take([allowance], NOON + MINUTE - 1);
    },
  ],
  [
    "a TXT value",
    ["sessions", HASH],
    (c) => dynamoTxtValues(c, "sessions").current(DOMAIN, "a@b.example", { value: "v", expiresAt: NOON }, NOON),
  ],
  [
    "a known network",
    ["sessions", HASH],
    (c) => dynamoKnownNetworks(c, "sessions").knows("a@b.example", "192.0.2.1", 1),
  ],
])("%s has the key %j", async (_, key, work) => expect(await touched(work)).toEqual(key));

it("each domain's use of a phone has a separate attribute", () => {
  const [one, other] = [tenantAttribute("a.example"), tenantAttribute("b.example")];
  expect(one).toMatch(/^t:[\w-]{12}$/u);
  expect(other).not.toBe(one);
  expect([one, "ttl", "token", "tries"].map(isTenant)).toEqual([true, false, false, false]);
});
