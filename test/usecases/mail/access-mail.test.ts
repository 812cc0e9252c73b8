import { describe, expect, it } from "vitest";
import { hashToken } from "../../../lambdas/core/shared/token.ts";
import type { Notice } from "../../../lambdas/core/domains/notice.ts";
import { add } from "../../../lambdas/core/domains/domains.ts";
import { askMove, prove } from "../../../lambdas/core/domains/ownership.ts";
import type { Change } from "../../../lambdas/core/domains/change.ts";
import { noticeMail } from "../../../lambdas/usecases/mail/notice-mail.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { memoryVisits } from "../../support/memory/memory-web-sessions.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";
import { limits } from "../../support/values/values.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";

/** A proven domain with an owner, and the mail function's part in sending a link to its page. */
async function services(account = DOMAIN) {
  const [clock, random, store, visits] = [testClock(), testRandom(), memoryStore(), memoryVisits()];
  const links = new Map<string, string>();
  const deliver = noticeMail({
    ...store,
    links: visits,
    mailer: { send: ({ to, text }) => Promise.resolve(void links.set(to, text)) },
    clock,
    random,
    telemetry: rememberingTelemetry(),
    limits: { ...limits, mailsPerAddressPerHour: 2, mailsPerDomainPerHour: 2 },
    compose: ({ to }, link) => ({ to, subject: "", html: "", text: link ?? "" }),
  });
  const moment = () => ({ now: clock.now(), bytes: random.bytes(40) });
  const commit = async (change: Change) => expect(await store.domains.commit(change)).toBe("stored");
  const added = add(undefined, { account, owner: OWNER, actor: "operator test" }, moment());
  if (added.ok) await commit(added.value);

  let number = 0;
  /** The token in the resulting email; undefined if there is none. */
  async function ask(to: string, about = account, source = "192.0.2.1"): Promise<string | undefined> {
    number += 1;
    const common = { account: about, to, at: clock.now(), language: "de" } as const;
    const notice: Notice = { kind: "access", ...common, source, codeHash: `hash ${number}` };
    links.delete(to);
    await store.notices.add(String(number), notice);
    await deliver(String(number));
    return links.get(to);
  }
  const find = () => store.domains.find(account);
  return { ask, clock, visits, find, moment, commit };
}

describe("the email with a link to a domain's page", () => {
  it("goes to the owner and to anyone else, each with a separate link for an hour", async () => {
    const { ask, visits, clock } = await services();
    for (const to of [OWNER, "rival@example.org"]) {
      const token = (await ask(to)) ?? "";
      expect(await visits.findLink(hashToken(token), clock.now())).toEqual({
        visitor: { account: DOMAIN, emailKey: to, language: "de" },
        lock: {
          id: expect.any(String) as string,
          codeHash: expect.stringMatching(/^hash \d$/u) as string,
          source: "192.0.2.1",
        },
        wrongCodes: 0,
      });
      expect(await visits.findLink(hashToken(token), clock.now() + 3_600_000)).toBeUndefined();
    }
  });

  it("is also sent for a domain that is not registered", async () => {
    const { ask } = await services();
    expect(await ask("rival@example.org", "free.example.com")).toBeDefined();
  });

  it("is limited by address, and by domain and source for all unrelated addresses", async () => {
    const { ask } = await services();
    const sent = [];
    for (const name of ["a", "b", "c"]) sent.push((await ask(`${name}@example.org`)) !== undefined);
    expect(sent).toEqual([true, true, false]);
    expect(await ask("c@example.org", DOMAIN, "192.0.2.2")).toBeDefined();
    const again = [];
    for (const domain of ["x.example.com", "y.example.com"])
      again.push((await ask("a@example.org", domain)) !== undefined);
    expect(again).toEqual([true, false]);
  });

  it("reaches everyone with a part in the domain, however many others have requested it", async () => {
    const { ask, find, moment, commit, clock } = await services();
    for (const name of ["a", "b", "c"]) await ask(`${name}@example.org`);
    const moved = askMove(await find(), { account: DOMAIN, emailKey: OWNER }, "next@example.com", clock.now());
    if (moved.ok) await commit(moved.value);
    const claimed = prove(
      { domain: await find() },
      { account: DOMAIN, emailKey: "rival@example.org" },
      "text",
      moment(),
    );
    if (claimed.ok && claimed.value.change) await commit(claimed.value.change);
    expect((await find())?.claim?.objectUntil).toBe(clock.now() + 7 * 86_400_000);
    for (const party of [OWNER, "next@example.com", "rival@example.org"]) expect(await ask(party)).toBeDefined();
  });

  it("about an account with a slash goes only to people with a part in it", async () => {
    const { ask } = await services(`${DOMAIN}/master`);
    expect(await ask(OWNER)).toBeDefined();
    expect(await ask("rival@example.org")).toBeUndefined();
    expect(await ask(OWNER, `${DOMAIN}/buy at evil.example`)).toBeUndefined();
  });
});
