import { describe, expect, it } from "vitest";
import { add } from "../../../lambdas/core/domains/domains.ts";
import type { Notice, NoticeKind } from "../../../lambdas/core/domains/notice.ts";
import { hashToken } from "../../../lambdas/core/shared/token.ts";
import { noticeMail } from "../../../lambdas/usecases/mail/notice-mail.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { memoryVisits } from "../../support/memory/memory-web-sessions.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";
import { limits } from "../../support/values/values.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@elsewhere.example";
const SOURCE = "192.0.2.1";
const HOUR = 3_600_000;

/** A domain whose owner has an unrelated address, and the limits that each email was counted against. */
async function services() {
  const [clock, random, store, visits, telemetry] = [
    testClock(),
    testRandom(),
    memoryStore(),
    memoryVisits(),
    rememberingTelemetry(),
  ];
  const sent: { readonly notice: Notice; readonly link: string | undefined }[] = [];
  const counted: string[][] = [];
  const deliver = noticeMail({
    ...store,
    counters: {
      take(allowances, now) {
        counted.push(allowances.map(({ name }) => name));
        return store.counters.take(allowances, now);
      },
    },
    links: visits,
    mailer: { send: () => Promise.resolve() },
    clock,
    random,
    telemetry,
    limits,
    compose(notice, link) {
      sent.push({ notice, link });
      return { to: notice.to, subject: "", html: "", text: "" };
    },
  });
  const moment = { now: clock.now(), bytes: random.bytes(40) };
  const added = add(undefined, { account: DOMAIN, owner: OWNER, actor: "operator test" }, moment);
  if (!added.ok) throw new Error(added.error);
  await store.domains.commit(added.value);

  let number = 0;
  /** Delivers an email; returns the limits it counted against, its link's purpose and lifetime. */
  async function mail(kind: NoticeKind, more: Partial<Notice> = {}) {
    number += 1;
    const id = `notice ${number}`;
    await store.notices.add(id, { kind, account: DOMAIN, to: OWNER, at: clock.now(), ...more });
    await deliver(id);
    const { link } = sent.at(-1) ?? {};
    const found = async (after: number) =>
      link === undefined ? undefined : visits.findLink(hashToken(link), clock.now() + after);
    return { id, names: counted.at(-1), link, found };
  }
  return { ...store, clock, telemetry, sent, mail };
}

describe("an email's link", () => {
  it.each([
    ["claimed", "object", 7 * 24 * HOUR],
    ["address-asked", "confirm", 24 * HOUR],
  ] as const)("of `%s` is only for %s, without a code, for %i ms", async (kind, scope, life) => {
    const { mail } = await services();
    const { found } = await mail(kind, { other: "other@example.org", source: SOURCE, language: "de" });
    const visitor = { account: DOMAIN, emailKey: OWNER, language: "de", scope };
    expect(await found(life - 1)).toStrictEqual({ visitor, wrongCodes: 0 });
    expect(await found(life)).toBeUndefined();
  });

  it("to the whole page requires the code of its window", async () => {
    const { mail } = await services();
    const { id, found } = await mail("access", { codeHash: "hash" });
    expect(await found(HOUR - 1)).toStrictEqual({
      visitor: { account: DOMAIN, emailKey: OWNER },
      lock: { id, codeHash: "hash" },
      wrongCodes: 0,
    });
    expect(await found(HOUR)).toBeUndefined();
  });

  it("is missing if there is nothing to do", async () => {
    const { mail, sent } = await services();
    await mail("suspended");
    expect(sent).toMatchObject([{ notice: { kind: "suspended", to: OWNER }, link: undefined }]);
  });
});

it("an email about a lost account goes to its former owner, who no longer has a part in it", async () => {
  const { mail, sent } = await services();
  await mail("deleted", { account: `${DOMAIN}/own`, to: "former@example.org" });
  expect(sent).toMatchObject([{ notice: { kind: "deleted", to: "former@example.org" } }]);
});

describe("the limits of an email", () => {
  const NOTICE = ["notices-address-day"];
  const OWNERS = ["mails-address-hour", "mails-member-day"];
  const MAILBOX = ["mails-address-hour", "mails-address-day"];
  const DOMAINS = ["mails-domain-hour", "mails-domain-day"];
  const STRANGERS = ["mails-strangers-network-day", "mails-strangers-day", "mails-day"];

  it.each<readonly [string, NoticeKind, Partial<Notice>, readonly string[]]>([
    ["about a lost domain are only its reader's", "released", {}, NOTICE],
    ["about a claim are only its reader's", "claimed", { other: "rival@example.org" }, NOTICE],
    [
      "to a new address are those of members, for the requesting owner",
      "address-asked",
      { to: "next@example.org", other: OWNER },
      [...MAILBOX, ...DOMAINS, "mails-members-network-day", "mails-day"],
    ],
    ["with the owner's link are the owner's", "access", { source: SOURCE }, OWNERS],
    [
      "with the link of an address of the domain are a member's, of the strangers' share of the day",
      "access",
      { to: "admin@example.com", source: SOURCE },
      [...MAILBOX, "mails-member-day", ...DOMAINS, ...STRANGERS],
    ],
    [
      "with an unrelated address's link are an unrelated one's",
      "access",
      { to: "stranger@example.org", source: SOURCE },
      [...MAILBOX, ...DOMAINS, ...STRANGERS],
    ],
  ])("%s", async (_, kind, more, expected) => {
    const { mail } = await services();
    expect((await mail(kind, more)).names).toEqual(expected);
  });

  it("are only hourly for an owner in a network from which a code was entered", async () => {
    const { mail, knownNetworks, clock } = await services();
    await knownNetworks.note(OWNER, SOURCE, clock.now() + 1);
    expect((await mail("access", { source: SOURCE })).names).toEqual(["mails-address-hour"]);
    clock.advance(1);
    expect((await mail("access", { source: SOURCE })).names).toEqual(OWNERS);
  });

  it("of two owners' changes to one new address are counted separately", async () => {
    const { mail, sent } = await services();
    for (let asked = 0; asked < 5; asked += 1)
      await mail("address-asked", { to: `next${asked}@example.org`, other: OWNER });
    await mail("address-asked", { to: "one-more@example.org", other: OWNER });
    expect(sent).toHaveLength(5);
    await mail("address-asked", { to: "one-more@example.org", other: "second@example.org" });
    expect(sent).toHaveLength(6);
  });
});

it("an email is logged as a notice without its address, and stored with the time it left", async () => {
  const { mail, notices, clock, telemetry } = await services();
  clock.advance(5_000);
  const { id } = await mail("expiring", { until: 1 });
  expect(await notices.find(id)).toMatchObject({ mail: "sent", mailAt: clock.now() });
  expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
    {
      level: "info",
      message: "notice mail",
      account: DOMAIN,
      to: expect.not.stringContaining("@") as string,
      outcome: "sent",
    },
  ]);
});
