import { describe, expect, it } from "vitest";
import { add, setState } from "../../../lambdas/core/domains/domains.ts";
import { hashToken } from "../../../lambdas/core/shared/token.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { MailBusy } from "../../../lambdas/usecases/mail/send-mail.ts";
import { registrationServices } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "Owner@example.com";
const HOUR = 3_600_000;

describe("the mail", () => {
  it("goes to the address as it was typed", async () => {
    const { ask, mails } = registrationServices();
    await ask(DOMAIN, OWNER);
    expect(mails.map(({ to }) => to)).toEqual([OWNER]);
  });

  it("goes to the owner again, however the address is written", async () => {
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

  it("is limited for an address, by hour and day", async () => {
    const { ask, clock, telemetry } = registrationServices();
    const send = async (name: string) => (await ask(`${name}.example.com`, OWNER)).link !== undefined;
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

  it("is limited for a domain", async () => {
    const { ask } = registrationServices();
    const sent = [];
    for (const name of ["a", "b", "c", "d"]) sent.push((await ask(DOMAIN, `${name}@example.com`)).link !== undefined);
    expect(sent).toEqual([true, true, true, false]);
  });

  it("is limited in all", async () => {
    const { ask } = registrationServices({ mailsPerDay: 1 });
    expect((await ask("a.example.com", "a@example.com")).link).toBeDefined();
    expect((await ask("b.example.com", "b@example.com")).link).toBeUndefined();
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

  it("is tried again when it could not be sent, and its tries count as one mail", async () => {
    const { window, deliver, queued, mails, failing } = registrationServices({ mailsPerAddressPerHour: 1 });
    await window.request(
      DOMAIN,
      { address: OWNER, key: OWNER.toLowerCase(), domain: "example.com" },
      "192.0.2.1",
      "en",
    );
    const id = queued[0] ?? "";
    failing.mailer = new DependencyError("ses.SendEmail", "throttled");
    await expect(deliver(id)).rejects.toBe(failing.mailer);
    await expect(deliver(id)).rejects.toBe(failing.mailer);
    failing.mailer = undefined;
    await deliver(id);
    expect(mails).toHaveLength(1);
  });

  it("is taken over from a function that died with it", async () => {
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

  it("does not go out when its registration is over or unknown", async () => {
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
