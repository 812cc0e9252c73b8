import { describe, expect, it } from "vitest";
import { WATCH_LINE } from "../../../lambdas/core/domains/recent-posts.ts";
import type { Limits } from "../../../lambdas/core/shared/limits.ts";
import { connectWindow } from "../../../lambdas/usecases/registration/connect-window.ts";
import { reserveMailSlot } from "../../../lambdas/usecases/registration/mail-slot.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { address } from "../../support/services/ownership.ts";
import { registrationServices } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
const SOURCE = "192.0.2.1";

/** Registration, with the limits that each request counted against, and the rows that it stored. */
function setting(changed: Partial<Limits> = {}) {
  const store = memoryStore();
  const taken: string[][] = [];
  const rows: object[] = [];
  const services = registrationServices(changed, {
    ...store,
    counters: {
      take(allowances, now) {
        taken.push(allowances.map(({ name }) => name));
        return store.counters.take(allowances, now);
      },
    },
    registrations: {
      ...store.registrations,
      create(registration) {
        rows.push(registration);
        return store.registrations.create(registration);
      },
    },
  });
  const request = () => services.window.request(DOMAIN, address(OWNER), SOURCE, "en");
  return { ...services, taken, rows, request };
}
type Setting = ReturnType<typeof setting>;
const outcomes = ({ telemetry }: Setting) => telemetry.metrics.filter((line) => line.startsWith("Registration"));

describe("a registration counts", () => {
  it("each request by the outcome of its email", async () => {
    const at = setting({ requestsPerSourcePerHour: 30, mailsPerAddressPerHour: 1, mailsPerAddressPerDay: 2 });
    await at.request();
    expect(at.rows[0]).not.toHaveProperty("mailAt");
    expect(at.queued).toHaveLength(1);
    await at.request();
    expect(at.rows[1]).toHaveProperty("mailAt");
    await at.request();
    expect(at.queued).toHaveLength(1);
    expect(outcomes(at)).toEqual([
      "Registration 1 outcome=requested",
      "Registration 1 outcome=delayed",
      "Registration 1 outcome=limited",
    ]);
  });

  it("a source with too many requests", async () => {
    const at = setting({ requestsPerSourcePerHour: 1 });
    await at.request();
    expect(await at.request()).toHaveProperty("limitedFor");
    expect(outcomes(at).at(-1)).toBe("Registration 1 outcome=limited");
    expect(at.rows).toHaveLength(1);
  });

  it("its end, and an email that was requested again", async () => {
    const at = setting();
    const requested = await at.request();
    if ("limitedFor" in requested) throw new Error("limited");
    await at.window.resend(requested.ticket, SOURCE);
    await at.work();
    await at.window.resend(requested.ticket, SOURCE);
    await at.window.acknowledge(requested.ticket);
    expect(outcomes(at)).toEqual([
      "Registration 1 outcome=requested",
      "Registration 1 outcome=resent",
      "Registration 1 outcome=resent",
      "Registration 1 outcome=acknowledged",
    ]);
  });
});

describe("a confirmation", () => {
  it("is counted and logged, and the domain's posts from then on appear without delay", async () => {
    const at = setting();
    await at.register(DOMAIN, OWNER);
    expect(outcomes(at)).toEqual(["Registration 1 outcome=requested", "Registration 1 outcome=confirmed"]);
    expect(at.telemetry.lines.slice(-2).map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: "info", message: "registration confirmed", account: DOMAIN, action: expect.any(String) as string },
      { level: "info", message: WATCH_LINE, account: DOMAIN },
    ]);
  });

  it("with a wrong code counts as refused", async () => {
    const at = setting();
    const { code, link } = await at.ask(DOMAIN, OWNER);
    const wrong = code === "000000" ? "000001" : "000000";
    expect(await at.page.confirm(link ?? "", wrong, false)).toMatchObject({ kind: "wrong-code" });
    expect(outcomes(at).at(-1)).toBe("Registration 1 outcome=refused");
  });
});

describe("an email that is requested again", () => {
  it("counts against the mailbox's limit like the first, and with an unknown ticket only against its source", async () => {
    const at = setting();
    const { ticket } = await at.ask(DOMAIN, OWNER);
    at.taken.length = 0;
    await at.window.resend(ticket, SOURCE);
    await at.window.resend("A".repeat(43), SOURCE);
    expect(at.taken).toEqual([["requests-source", "slots-hour", "slots-day"], ["requests-source"]]);
  });
});

describe("the limits of a registration's email", () => {
  const MEMBER = [
    "mails-address-hour",
    "mails-address-day",
    "mails-member-day",
    "mails-domain-hour",
    "mails-domain-day",
  ];
  const STRANGERS = ["mails-strangers-network-day", "mails-strangers-day", "mails-day"];
  const limitsFor = async (at: Setting, email: string) => {
    await at.ask(DOMAIN, email);
    return at.taken.at(-1);
  };

  it("are those for unrelated addresses if the address has nothing to do with the domain", async () =>
    expect(await limitsFor(setting(), "a@elsewhere.org")).toEqual([
      ...MEMBER.filter((name) => name !== "mails-member-day"),
      ...STRANGERS,
    ]));

  it("are by source for an address of the domain, in the unrelated addresses' share of the day", async () =>
    expect(await limitsFor(setting(), OWNER)).toEqual([...MEMBER, ...STRANGERS]));

  it("are in the owners' share of the day for the owner, whatever the address", async () => {
    const at = setting();
    await at.register(DOMAIN, "a@elsewhere.org");
    at.clock.advance(3_600_000);
    expect(await limitsFor(at, "a@elsewhere.org")).toEqual([
      ...MEMBER.filter((name) => name !== "mails-member-day"),
      "mails-members-network-day",
      "mails-day",
    ]);
  });
});

describe("a domain that was deleted meanwhile", () => {
  it.each([false, true])("is reported as lost in its window, with the password fetched: %j", async (hasTaken) => {
    const at = setting();
    const { ticket } = await at.register(DOMAIN, OWNER);
    if (hasTaken) await at.window.acknowledge(ticket);
    const gone = { ...at, secrets: { ...at.secrets, find: () => Promise.resolve(undefined) } };
    const window = connectWindow({ ...gone, mailQueue: { registration: () => Promise.resolve() } });
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "lost" });
  });
});

it("an email within its limits leaves immediately", async () => {
  const at = setting();
  expect(await reserveMailSlot(at, OWNER, SOURCE)).toEqual({ mailAt: at.clock.now() });
});
