import { afterAll, beforeAll, expect, it } from "vitest";
import { mailboxOf } from "../../../lambdas/core/shared/mailbox.ts";
import type { Waiting } from "../../../lambdas/usecases/registration/connect-window.ts";
import { storeIn } from "../../support/aws/dynamo-store.ts";
import { startDynamo, type TestDynamo } from "../../support/aws/dynamo.ts";
import { address, ownershipServices } from "../../support/services/ownership.ts";
import { limits } from "../../support/services/registration.ts";
import { holdTimeLimits } from "../../support/values/time-limits.ts";

holdTimeLimits();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ATTEMPTS_PER_HOUR = 120;
const VICTIM = "victim@third.example";
const INSTALLER = { email: "me@installer.example", source: "2001:db8:77:1::5" };

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

/** The default limits over the real store, from midnight (UTC). */
function services() {
  const all = ownershipServices(storeIn(dynamo), limits);
  const { window, page, mails, visit, notices, work, clock } = all;
  clock.advance(DAY - (clock.now() % DAY));

  /** The window's side of a registration; the email may leave later. */
  async function request(domain: string, email: string, source: string) {
    const asked = await window.request(domain, address(email), source, "en");
    if ("limitedFor" in asked) return undefined;
    const before = mails.length;
    await work();
    return { ...asked, domain, link: mails[before]?.link };
  }

  /** Enters the code on the page behind the link, and copies the password. */
  async function confirm({ ticket, code }: { ticket: string; code: string }, link = ""): Promise<string> {
    const { kind } = await page.confirm(link, code, false);
    const polled = await window.poll(ticket);
    return `${kind} ${polled?.state}`;
  }

  /** Requests a link to a domain's page; returns whether one is sent. */
  async function ask(domain: string, email: string, source: string): Promise<boolean> {
    const before = notices.length;
    await visit.ask(domain, address(email), source, "en");
    await work();
    return notices.slice(before).some(({ kind, to }) => kind === "access" && to === email);
  }

  return { ...all, request, confirm, ask };
}

/** An attacker with a /48 and 1,000 sub-addresses: each request from another subnet, to flood a mailbox and use up the daily limit. */
function attacker({ request, ask }: ReturnType<typeof services>) {
  let number = 0;
  return async () => {
    number += 1;
    const source = `2001:db8:bad:${((number * 7_919) % 65_536).toString(16)}::1`;
    switch (number % 4) {
      case 0:
        return void (await ask(`d${number}.evil.example`, `victim+${number % 1_000}@third.example`, source));
      case 1:
        return void (await request(`d${number}.evil.example`, `victim+${number % 1_000}@third.example`, source));
      default:
        return void (await request(`d${number}.example`, `box${number}@evil.example`, source));
    }
  };
}

it("a day under attack: 50 honest registrations, an installer's six and an owner all get their emails", async () => {
  const all = services();
  const { request, confirm, ask, window, work, mails, notices, clock, telemetry } = all;
  const attack = attacker(all);
  const start = clock.now();
  // An earlier owner, whose address is unrelated to the domain.
  const before = await request("owned.example.org", "owner@elsewhere.example", "192.0.2.200");
  expect(await confirm(before ?? { ticket: "", code: "" }, before?.link)).toBe("confirmed confirmed");

  const honest: string[] = [];
  const owners: boolean[] = [];
  const installed: string[] = [];
  let delayed: { ticket: string; code: string; domain: string }[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    // A window asks every few seconds.
    if (hour === 10) {
      for (const each of delayed) {
        expect(((await window.poll(each.ticket)) as Waiting).emailIn, "its hour has come").toBeUndefined();
        const sent = mails.length;
        await work();
        installed.push(await confirm(each, mails[sent]?.link));
      }
      delayed = [];
    }
    for (let attempt = 0; attempt < ATTEMPTS_PER_HOUR; attempt += 1) {
      await attack();
      clock.advance(20_000);
      if (attempt % 40 === 39 && honest.length < 50) {
        const number = honest.length;
        const asked = await request(
          `pbx${number}.example.net`,
          `it${number}@firm${number}.example`,
          `198.51.100.${number}`,
        );
        honest.push(await confirm(asked ?? { ticket: "", code: "" }, asked?.link));
      }
    }
    if (hour === 9) {
      for (let customer = 0; customer < 6; customer += 1) {
        const asked = await request(`customer${customer}.example`, INSTALLER.email, INSTALLER.source);
        if (asked?.link !== undefined) installed.push(await confirm(asked, asked.link));
        else if (asked !== undefined) delayed.push(asked);
      }
      expect(installed, "at once").toHaveLength(3);
      for (const { ticket } of delayed) expect(await window.poll(ticket)).toHaveProperty("emailIn");
    }
    if (hour % 6 === 5) owners.push(await ask("owned.example.org", "owner@elsewhere.example", "192.0.2.201"));
    clock.advance(HOUR - ((clock.now() - start) % HOUR));
  }

  expect(honest).toEqual(Array.from({ length: 50 }, () => "confirmed confirmed"));
  expect(installed).toEqual(Array.from({ length: 6 }, () => "confirmed confirmed"));
  expect(owners).toEqual([true, true, true, true]);
  const received = [...mails, ...notices].map(({ to }) => mailboxOf(to.toLowerCase()));
  const toVictim = received.filter((to) => to === VICTIM).length;
  const toEvil = received.filter((to) => to.endsWith("@evil.example")).length;
  expect(toVictim + toEvil, "a hundredth of the half for unrelated addresses").toBe(limits.mailsPerDay / 200);
  expect(toVictim).toBeLessThanOrEqual(limits.mailsPerAddressPerDay);
  expect(telemetry.count("Limited", "requests-source-network")).toBeGreaterThan(500);
}, 900_000);
