import { describe, expect, it } from "vitest";
import { add, setState } from "../../../lambdas/core/domains/domains.ts";
import { hashToken } from "../../../lambdas/core/shared/token.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { MailBusy } from "../../../lambdas/usecases/mail/send-mail.ts";
import { registrationServices } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "Owner@example.com";
const HOUR = 3_600_000;

describe("the email", () => {
  it("goes to the address as typed", async () => {
    const { ask, mails } = registrationServices();
    await ask(DOMAIN, OWNER);
    expect(mails.map(({ to }) => to)).toEqual([OWNER]);
  });

  it("goes to the owner again, in any spelling of the address", async () => {
    const { ask, register } = registrationServices();
    await register(DOMAIN, OWNER);
    expect((await ask(DOMAIN, "oWNER@EXAMPLE.com")).link).toBeDefined();
  });

  it("does not go to another address once the domain is registered", async () => {
    const { ask, register, telemetry } = registrationServices();
    await register(DOMAIN, OWNER);
    expect((await ask(DOMAIN, "stranger@example.com")).link).toBeUndefined();
    expect(telemetry.count("Mail", "silent")).toBe(1);
  });

  it.each([undefined, "owner@example.com"])(
    "for a domain that an operator set up with the address %s",
    async (owner) => {
      const { ask, domains, clock, random } = registrationServices();
      const request = { account: DOMAIN, actor: "operator test", ...(owner && { owner }) } as const;
      const added = add(undefined, request, { now: clock.now(), bytes: random.bytes(32) });
      if (added.ok) await domains.commit(added.value);
      expect((await ask(DOMAIN, OWNER)).link === undefined).toBe(owner === undefined);
    },
  );

  it("does not go out for a suspended domain", async () => {
    const { ask, register, domains, clock } = registrationServices();
    await register(DOMAIN, OWNER);
    const suspended = setState(await domains.find(DOMAIN), "suspended", "operator test", clock.now());
    if (suspended.ok) await domains.commit(suspended.value);
    expect((await ask(DOMAIN, OWNER)).link).toBeUndefined();
  });

  it("goes to one address for many domains", async () => {
    const { ask } = registrationServices();
    expect((await ask("a.example.com", OWNER)).link).toBeDefined();
    expect((await ask("b.example.com", OWNER)).link).toBeDefined();
  });

  it("is limited by address, per hour and day", async () => {
    const { ask, clock, telemetry } = registrationServices();
    // From many sources, as the email is delayed for one that requests several.
    let source = 0;
    const send = async (name: string) =>
      (await ask(`${name}.example.org`, OWNER, `192.0.2.${(source += 1)}`)).link !== undefined;
    expect([await send("a"), await send("b"), await send("c"), await send("d")]).toEqual([true, true, true, false]);
    expect(telemetry.count("Limited", "mails-address-hour")).toBe(1);
    let sent = 3;
    for (let hour = 1; hour <= 4; hour += 1) {
      clock.advance(HOUR);
      for (const name of ["e", "f", "g"]) sent += Number(await send(`${name}${hour}`));
    }
    expect(sent).toBe(10);
    expect(telemetry.count("Limited", "mails-address-day")).toBe(5);
  });

  it("is limited by domain", async () => {
    const { ask } = registrationServices();
    const sent = [];
    for (const name of ["a", "b", "c", "d"]) sent.push((await ask(DOMAIN, `${name}@example.com`)).link !== undefined);
    expect(sent).toEqual([true, true, true, false]);
  });

  /** Number of emails that leave for requests from many subnets for as many domains and mailboxes. */
  async function sentOf(
    { ask }: ReturnType<typeof registrationServices>,
    count: number,
    sourceOf: (number: number) => string,
    emailOf = (number: number, source: string) => `n${number}@of-${source.replaceAll(/[^0-9a-f]/gu, "-")}.example`,
  ): Promise<number> {
    let sent = 0;
    for (let number = 0; number < count; number += 1) {
      const source = sourceOf(number);
      const email = emailOf(number, source);
      const asked = await ask(`pbx${number}.${source.replaceAll(/[^0-9a-f]/gu, "-")}.example`, email, source);
      sent += Number(asked.link !== undefined);
    }
    return sent;
  }

  it("is limited in total to half a day's limit, of which one network gets a hundredth", async () => {
    const services = registrationServices({ mailsPerDay: 2_000 });
    const { telemetry, clock } = services;
    expect(await sentOf(services, 80, (n) => `2001:db8:1:${n.toString(16)}::1`), "one /48").toBe(10);
    expect(telemetry.count("Limited", "mails-strangers-network-day")).toBe(70);
    expect(await sentOf(services, 20, () => "192.0.2.1"), "one IPv4 address").toBe(10);
    expect(await sentOf(services, 1, () => "192.0.2.2"), "an honest one").toBe(1);
    expect(await sentOf(services, 1_200, (n) => `198.51.${n >> 8}.${n & 255}`), "a flood of many").toBe(979);
    clock.advance(24 * HOUR);
    expect(await sentOf(services, 1, () => "192.0.2.1"), "the next day").toBe(1);
  });

  it("goes to people with a part in a domain, however many others request one", async () => {
    const services = registrationServices({ mailsPerDay: 200 });
    await services.register(DOMAIN, OWNER);
    await sentOf(services, 150, (n) => `198.51.100.${n}`);
    expect(await sentOf(services, 1, () => "192.0.2.2"), "a stranger").toBe(0);
    expect((await services.ask(DOMAIN, OWNER)).link, "the owner").toBeDefined();
  });

  it("leaves some of their half even if one network knows owners", async () => {
    const services = registrationServices({ mailsPerDay: 200, requestsPerSourcePerHour: 1_000 });
    const { register, telemetry } = services;
    for (let n = 0; n < 40; n += 1) await services.ask(`pbx${n}.example`, `o${n}@example.org`, `198.51.100.${n}`);
    for (let n = 0; n < 10; n += 1) {
      const { code, link } = await services.ask(`d${n}.example`, `o@d${n}.example`, `203.0.113.${n}`);
      await services.page.confirm(link ?? "", code, false);
    }
    let sent = 0;
    for (let n = 0; n < 10; n += 1) {
      for (let round = 0; round < 3; round += 1)
        sent += Number((await services.ask(`d${n}.example`, `o@d${n}.example`, "192.0.2.66")).link !== undefined);
    }
    expect(sent).toBe(10);
    expect(telemetry.count("Limited", "mails-members-network-day")).toBe(20);
    expect((await register("d1.example", "o@d1.example")).password).toBeDefined();
  });

  it.each([
    [1_000, (n: number) => `victim+${n}@example.org`],
    [7, (n: number) => `${["v.ictim", "vi.ctim", "victi.m"][n % 3]}${"+x".repeat(n)}@gmail.com`],
  ])("counts %i addresses of one mailbox as one", async (count, emailOf) => {
    const services = registrationServices();
    expect(await sentOf(services, count, (n) => `198.51.${n >> 8}.${n & 255}`, emailOf)).toBe(3);
  });

  it("leaves once, however often its message comes", async () => {
    const { ask, deliver, mails } = registrationServices();
    const { ticket } = await ask(DOMAIN, OWNER);
    await deliver(hashToken(ticket));
    await deliver(hashToken(ticket));
    expect(mails).toHaveLength(1);
  });

  it("leaves once when two deliveries of its message run at once", async () => {
    const { window, deliver, queued, mails } = registrationServices();
    await window.request(
      DOMAIN,
      { address: OWNER, key: OWNER.toLowerCase(), domain: "example.com" },
      "192.0.2.1",
      "en",
    );
    const outcomes = await Promise.allSettled([deliver(queued[0] ?? ""), deliver(queued[0] ?? "")]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    expect(mails).toHaveLength(1);
    for (const reason of refused) expect(reason).toBeInstanceOf(MailBusy);
  });

  it("is tried again if it could not be sent, and its tries count as one email", async () => {
    const { window, deliver, queued, mails, failing } = registrationServices({ mailsPerAddressPerHour: 1 });
    await window.request(
      DOMAIN,
      { address: OWNER, key: OWNER.toLowerCase(), domain: "example.com" },
      "192.0.2.1",
      "en",
    );
    const id = queued[0] ?? "";
    failing.mailer = new DependencyError("ses.SendRawEmail", "throttled");
    await expect(deliver(id)).rejects.toBe(failing.mailer);
    await expect(deliver(id)).rejects.toBe(failing.mailer);
    failing.mailer = undefined;
    await deliver(id);
    expect(mails).toHaveLength(1);
  });

  it("is taken over from a function that ended while sending it", async () => {
    const { window, deliver, queued, mails, registrations, clock } = registrationServices();
    await window.request(
      DOMAIN,
      { address: OWNER, key: OWNER.toLowerCase(), domain: "example.com" },
      "192.0.2.1",
      "en",
    );
    const id = queued[0] ?? "";
    await registrations.leaseMail(id, clock.now(), clock.now() + 60_000);
    await expect(deliver(id)).rejects.toBeInstanceOf(MailBusy);
    clock.advance(60_000);
    await deliver(id);
    expect(mails).toHaveLength(1);
  });

  it("is not sent if its registration is over or unknown", async () => {
    const { window, deliver, queued, mails, clock } = registrationServices();
    await window.request(
      DOMAIN,
      { address: OWNER, key: OWNER.toLowerCase(), domain: "example.com" },
      "192.0.2.1",
      "en",
    );
    clock.advance(30 * 60_000);
    await deliver(queued[0] ?? "");
    await deliver("unknown");
    expect(mails).toEqual([]);
  });

  it.each(["bounced", "complained"] as const)("does not go to an address that %s", async (reason) => {
    const { ask, suppressions, clock, telemetry } = registrationServices();
    await suppressions.add({ address: OWNER.toLowerCase(), reason, at: clock.now() });
    expect((await ask(DOMAIN, OWNER)).link).toBeUndefined();
    expect(telemetry.count("Mail", "suppressed")).toBe(1);
    clock.advance(7 * 24 * HOUR);
    expect((await ask(DOMAIN, OWNER)).link === undefined, "a week later").toBe(reason === "complained");
    await suppressions.remove(OWNER.toLowerCase());
    expect((await ask(DOMAIN, OWNER)).link).toBeDefined();
  });

  it("leaves no address in the logs", async () => {
    const { ask, register, telemetry } = registrationServices();
    await register(DOMAIN, OWNER);
    await ask(DOMAIN, "stranger@example.org");
    expect(telemetry.lines.join("\n")).not.toMatch(/@|owner|stranger/iu);
    expect(telemetry.lines.join("\n")).toContain("registration mail");
  });
});
