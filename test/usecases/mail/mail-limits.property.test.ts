import fc from "fast-check";
import { expect, it } from "vitest";
import { noticeMail } from "../../../lambdas/usecases/mail/notice-mail.ts";
import { accessLinks } from "../../../lambdas/usecases/web/access-links.ts";
import { memoryVisits } from "../../support/memory/memory-web-sessions.ts";
import { address } from "../../support/services/ownership.ts";
import { limits, registrationServices } from "../../support/services/registration.ts";

const HOUR = 3_600_000;
const [OWNED, FREE] = ["pbx.example.com", "free.example.com"];
const [OWNER, KIN, VICTIM] = ["owner@elsewhere.example", "admin@example.com", "victim@third.example"];
/** Only its owner knows this address. */
const UNKNOWN = "dns@one.example";
const HOME = "192.0.2.1";
const SOURCES = ["198.51.100.1", "198.51.100.2"];

/** Real limits, a domain with an owner of an unrelated address, and mailboxes. */
async function services() {
  const registration = registrationServices({ requestsPerSourcePerHour: 1_000_000 });
  const { clock, window, work, noticed, mails } = registration;
  const visits = memoryVisits();
  const sent: { readonly to: string; readonly at: number; readonly about: string }[] = [];
  const story = accessLinks({ ...registration, sessions: visits });
  const deliver = noticeMail({
    ...registration,
    links: visits,
    mailer: { send: ({ to, subject }) => Promise.resolve(void sent.push({ to, at: clock.now(), about: subject })) },
    compose: ({ to, account }) => ({ to, subject: account, html: "", text: "" }),
  });
  await registration.register(OWNED, OWNER);
  clock.advance(24 * HOUR);

  /** Requests a link; returns whether one is sent. */
  async function link(domain: string, to: string, source: string): Promise<boolean> {
    await story.ask(domain, address(to), source, "en");
    const before = sent.length;
    for (const id of noticed.splice(0)) await deliver(id);
    return sent.length > before;
  }
  /** Requests a registration; returns whether its email is sent. */
  async function register(domain: string, to: string, source: string): Promise<boolean> {
    await window.request(domain, address(to), source, "en");
    const before = mails.length;
    await work();
    if (mails.length > before) sent.push({ to, at: clock.now(), about: domain });
    return mails.length > before;
  }
  return { clock, link, register, sent };
}

const request = fc.record({
  kind: fc.constantFrom("link" as const, "register" as const),
  domain: fc.constantFrom(OWNED, FREE, "x.example.com", "x.evil.example", "elsewhere.example"),
  to: fc.constantFrom(OWNER, KIN, VICTIM, "stranger@evil.example"),
  source: fc.constantFrom(...SOURCES),
  times: fc.integer({ min: 1, max: 12 }),
  pause: fc.constantFrom(0, 0, 60_000, HOUR / 2, HOUR),
});

it("unrelated requests flood no mailbox, and use up no email of those with a right to a domain", async () => {
  let held = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 25 }), async (requests) => {
      const { clock, link, register, sent } = await services();
      for (const { kind, domain, to, source, times, pause } of requests) {
        for (let made = 0; made < times; made += 1)
          held += Number(!(await (kind === "link" ? link : register)(domain, to, source)));
        clock.advance(pause);
      }
      expect(await link(OWNED, OWNER, HOME), "the owner gets to the page").toBe(true);
      expect(await register(OWNED, OWNER, HOME), "another PBX of the owner").toBe(true);
      expect(await register(OWNED, KIN, HOME), "an address of the domain takes a provisional one").toBe(true);
      expect(await register(FREE, KIN, HOME), "an address of the domain registers").toBe(true);
      expect(await link(OWNED, UNKNOWN, HOME), "the one who controls DNS gets to the proof").toBe(true);

      const most = (to: string, window: number) => {
        const counts = new Map<number, number>();
        for (const { at } of sent.filter((mail) => mail.to === to)) {
          const index = Math.floor(at / window);
          counts.set(index, (counts.get(index) ?? 0) + 1);
        }
        return Math.max(0, ...counts.values());
      };
      expect(most(VICTIM, HOUR)).toBeLessThanOrEqual(limits.mailsPerAddressPerHour);
      expect(most(VICTIM, 24 * HOUR)).toBeLessThanOrEqual(limits.mailsPerAddressPerDay);
      expect(most(KIN, 24 * HOUR)).toBeLessThanOrEqual(
        limits.memberMailsPerAddressPerDay + limits.mailsPerAddressPerDay,
      );
    }),
    { seed: 20261125, numRuns: 150 },
  );
  expect(held, "requests that went too far").toBeGreaterThan(1_000);
});

it("a flood from many sources is limited", async () => {
  const { register, sent } = await services();
  for (let number = 0; number < 20; number += 1) {
    for (let made = 0; made < 3; made += 1) await register(FREE, KIN, `203.0.113.${number}`);
  }
  expect(sent).toHaveLength(limits.memberMailsPerAddressPerDay);
});
