import { describe, expect, it } from "vitest";
import { parseEmail } from "../../../lambdas/core/shared/email.ts";
import { address } from "../../support/services/ownership.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { accountKey } from "../../../lambdas/core/shared/names.ts";
import {
  connectWindow,
  type ConnectWindowPorts,
  type Waiting,
} from "../../../lambdas/usecases/registration/connect-window.ts";
import { registrationServices } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
const HOUR = 3_600_000;

describe("the Connect window", () => {
  it("gets the password once the email's reader has confirmed", async () => {
    const { window, page, ask, secrets } = registrationServices();
    const { ticket, code, link, expiresIn } = await ask(DOMAIN, OWNER);
    expect(code).toMatch(/^\d{6}$/u);
    expect(expiresIn).toBe(1800);
    expect(await window.poll(ticket)).toEqual({ state: "waiting", expiresIn: 1800 });
    await page.confirm(link ?? "", code, false);
    const password = (await secrets.find(DOMAIN))?.current.secret;
    expect(password).toMatch(/^[A-Za-z0-9]{15}$/u);
    expect(await window.poll(ticket)).toEqual({ state: "confirmed", domain: DOMAIN, password });
  });

  it("gets the password until it acknowledges", async () => {
    const { window, register } = registrationServices();
    const { ticket } = await register(DOMAIN, OWNER);
    expect(await window.acknowledge(ticket)).toBe(true);
    expect(await window.poll(ticket)).not.toHaveProperty("password");
  });

  describe("once it has the password", () => {
    async function taken(without: Partial<ConnectWindowPorts> = {}, registeredBefore = false) {
      const services = registrationServices();
      const { clock, sockets, recentPosts, register } = services;
      if (registeredBefore) await register(DOMAIN, OWNER);
      clock.advance(60_000);
      const { ticket } = await register(DOMAIN, OWNER);
      await services.window.acknowledge(ticket);
      const window = connectWindow({ ...services, mailQueue: { registration: () => Promise.resolve() }, ...without });
      const own = (await services.secrets.find(DOMAIN))?.current.id ?? "";
      const connect = (secretId = own) =>
        sockets.open.set("c1", {
          connectionId: "c1",
          connectedAt: clock.now(),
          source: "192.0.2.1",
          login: { ...accountKey(`${DOMAIN}/master`), secretId, at: clock.now() },
        });
      const post = (outcome: string, at = clock.now(), app: { readonly app?: string } = { app: "ios" }) => {
        const posted = { id: `${at}${outcome}`, at, account: DOMAIN, ...app, outcome, ms: 1 };
        recentPosts.kept.set(DOMAIN, addPosts(recentPosts.kept.get(DOMAIN), DOMAIN, [posted], 0, clock.now()));
      };
      return { ...services, poll: () => window.poll(ticket), connect, post };
    }

    it("shows for an hour whether a PBX is connected, and its posts", async () => {
      const { poll, connect, post, clock } = await taken();
      expect(await poll()).toEqual({ state: "watching", domain: DOMAIN, connected: false, posts: [] });
      connect();
      post("accepted");
      const [at] = [clock.now()];
      clock.advance(1_000);
      post("UnknownApp");
      expect(await poll()).toEqual({
        state: "watching",
        domain: DOMAIN,
        connected: true,
        posts: [
          { at: at + 1_000, app: "ios", outcome: "UnknownApp" },
          { at, app: "ios", outcome: "accepted" },
        ],
      });
      clock.advance(60 * 60_000 - 1_000);
      // The hour is over, and nothing has failed.
      expect(await poll()).toEqual({ state: "expired", domain: DOMAIN });
    });

    it("shows the newest five posts, without an app if that could not be read", async () => {
      const { poll, post, clock } = await taken();
      const from = clock.now();
      for (let nth = 0; nth < 6; nth += 1) post("accepted", from + nth);
      post("Malformed", from + 6, {});
      const polled = await poll();
      expect(polled?.state === "watching" && polled.posts).toStrictEqual([
        { at: from + 6, outcome: "Malformed" },
        ...[5, 4, 3, 2].map((nth) => ({ at: from + nth, app: "ios", outcome: "accepted" })),
      ]);
    });

    it("shows no connection of an operator's account", async () => {
      const { poll, connect } = await taken();
      connect("another1");
      expect(await poll()).toMatchObject({ connected: false });
    });

    it.each([false, true])("shows no post from before its confirmation; registered before: %j", async (before) => {
      const { poll, post, clock } = await taken({}, before);
      const confirmedAt = clock.now();
      post("accepted", confirmedAt - 1);
      expect(await poll()).toMatchObject({ posts: [] });
      post("accepted", confirmedAt);
      expect(await poll()).toMatchObject({ posts: [{ at: confirmedAt }] });
    });

    it("shows nothing of a domain that someone else has got meanwhile", async () => {
      const other = { current: { id: "another1", secret: "s", issuedAt: 0 } };
      const { poll, clock } = await taken({ secrets: { find: () => Promise.resolve(other) } });
      expect(await poll()).toEqual({ state: "expired", reason: "lost" });
      clock.advance(HOUR);
      expect(await poll()).toEqual({ state: "expired", reason: "lost" });
    });

    it("shows no posts if none are kept", async () => {
      const { poll } = await taken({ recentPosts: undefined });
      expect(await poll()).toEqual({ state: "watching", domain: DOMAIN, connected: false });
    });
  });

  it("gets the password for 15 minutes", async () => {
    const { window, register, clock } = registrationServices();
    const { ticket } = await register(DOMAIN, OWNER);
    clock.advance(15 * 60_000 - 1);
    expect(await window.poll(ticket)).toMatchObject({ state: "confirmed" });
    clock.advance(1);
    // Not reported as a failed registration.
    expect(await window.poll(ticket)).toEqual({ state: "expired", domain: DOMAIN });
  });

  it("reports the end after 30 minutes", async () => {
    const { window, ask, clock } = registrationServices();
    const { ticket } = await ask(DOMAIN, OWNER);
    clock.advance(30 * 60_000 - 1);
    expect(await window.poll(ticket)).toEqual({ state: "waiting", expiresIn: 1 });
    clock.advance(1);
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "time" });
  });

  it("reports that the domain was taken before the confirmation", async () => {
    const { window, page, ask, register } = registrationServices();
    const { ticket, code, link } = await ask(DOMAIN, "slow@elsewhere.example");
    await register(DOMAIN, OWNER);
    expect(await page.confirm(link ?? "", code, false)).toEqual({ kind: "over" });
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "taken" });
  });

  it("reports too many wrong codes, and its own end", async () => {
    const { window, page, ask } = registrationServices();
    const { ticket, code, link } = await ask(DOMAIN, OWNER);
    const wrong = code === "111111" ? "222222" : "111111";
    for (let attempt = 0; attempt < 5; attempt += 1) await page.confirm(link ?? "", wrong, false);
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "codes" });
    const given = await ask(DOMAIN, OWNER);
    await window.acknowledge(given.ticket);
    expect(await window.poll(given.ticket)).toEqual({ state: "expired", reason: "ended" });
  });

  it("gets no password that has been replaced since", async () => {
    const { window, register } = registrationServices();
    const first = await register(DOMAIN, OWNER);
    await register(DOMAIN, OWNER, true);
    expect(await window.poll(first.ticket)).toEqual({ state: "expired", domain: DOMAIN });
  });

  it.each(["", "nobody's", "A".repeat(43), "A".repeat(44), "TICKET#x"])("rejects the ticket %j", async (ticket) => {
    const { window, register } = registrationServices();
    await register(DOMAIN, OWNER);
    expect(await window.poll(ticket)).toBeUndefined();
    expect(await window.acknowledge(ticket)).toBe(false);
  });

  it("can give up, after which nothing can be confirmed", async () => {
    const { window, page, ask, domains } = registrationServices();
    const { ticket, code, link } = await ask(DOMAIN, OWNER);
    await window.acknowledge(ticket);
    expect(await page.confirm(link ?? "", code, false)).toEqual({ kind: "over" });
    expect(await domains.find(DOMAIN)).toBeUndefined();
  });

  it("is limited only by its source", async () => {
    const { ask, clock } = registrationServices({ requestsPerSourcePerHour: 2 });
    await ask("a.example.com", OWNER);
    await ask("b.example.com", OWNER);
    await expect(ask("c.example.com", OWNER)).rejects.toThrow("limited");
    await expect(ask("c.example.com", OWNER, "192.0.2.2")).resolves.toBeDefined();
    clock.advance(3_600_000);
    await expect(ask("c.example.com", OWNER)).resolves.toBeDefined();
  });

  it("is limited by its subnet, and more loosely by the network around it, not by its address", async () => {
    const { window, telemetry } = registrationServices();
    const allowed = async (sources: readonly string[]) => {
      let count = 0;
      for (const source of sources)
        count += Number(!("limitedFor" in (await window.request(DOMAIN, address(OWNER), source, "en"))));
      return count;
    };
    const of = (count: number, source: (number: number) => string) =>
      Array.from({ length: count }, (_, n) => source(n));
    expect(await allowed(of(500, (n) => `2001:db8:1:2::${n.toString(16)}`))).toBe(30);
    expect(telemetry.count("Limited", "requests-source")).toBe(470);
    expect(await allowed(of(500, (n) => `2001:db8:1:${(n + 3).toString(16)}::1`)), "the rest of the /48").toBe(60);
    expect(await allowed(["2001:db8:2::1", "192.0.2.7", "::ffff:192.0.2.7"])).toBe(3);
    expect(await allowed(of(40, (n) => (n % 2 === 0 ? "192.0.2.7" : "::ffff:192.0.2.7")))).toBe(28);
  });

  it("reports when it may try again", async () => {
    const { window, clock } = registrationServices({ requestsPerSourcePerHour: 1 });
    clock.advance(3_600_000 - (clock.now() % 3_600_000) + 90_500);
    const ask = () => window.request(DOMAIN, address(OWNER), "192.0.2.1", "en");
    await ask();
    const limited = await ask();
    expect(limited).toEqual({ limitedFor: 3_510 });
    clock.advance(3_510_000);
    expect(await ask()).toHaveProperty("ticket");
  });
});

describe("an email that its limit delays", () => {
  /** An installer: new address, new network, one customer after another, from the start of an hour. */
  function installer(changed = {}) {
    const services = registrationServices(changed);
    services.clock.advance(HOUR - (services.clock.now() % HOUR));
    const ask = async (number: number) => {
      const asked = await services.ask(`customer${number}.example`, "me@installer.example", "192.0.2.77");
      return { ...asked, ...((await services.window.poll(asked.ticket)) as Waiting) };
    };
    return { ...services, ask };
  }

  it("leaves at the time its window showed, and the registration lasts longer", async () => {
    const { ask, window, work, page, mails, clock } = installer();
    const asked = [];
    for (let number = 0; number < 6; number += 1) asked.push(await ask(number));
    expect(mails).toHaveLength(3);
    expect(asked.map(({ expiresIn, emailIn }) => [expiresIn, emailIn])).toEqual([
      ...Array.from({ length: 3 }, () => [1_800, undefined]),
      ...Array.from({ length: 3 }, () => [5_400, 3_600]),
    ]);
    clock.advance(HOUR - 1_000);
    const late = asked.slice(3);
    for (const { ticket } of late)
      expect(await window.poll(ticket)).toEqual({ state: "waiting", expiresIn: 1_801, emailIn: 1 });
    await work();
    expect(mails).toHaveLength(3);
    clock.advance(1_000);
    for (const { ticket } of late) expect(await window.poll(ticket)).toEqual({ state: "waiting", expiresIn: 1_800 });
    await work();
    expect(mails).toHaveLength(6);
    for (const [index, { code }] of late.entries())
      expect(await page.confirm(mails[3 + index]?.link ?? "", code, false)).toMatchObject({ kind: "confirmed" });
  });

  it("waits up to three hours for room; after that its window says when to start again", async () => {
    const { ask } = installer({ mailsPerAddressPerDay: 100, mailsPerDomainPerDay: 100 });
    const waits = [];
    for (let number = 0; number < 13; number += 1) waits.push(await ask(number));
    const hours = waits.map(({ emailIn = 0 }) => emailIn / 3_600);
    expect(hours).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]);
    expect(waits.map(({ tryAgainIn }) => tryAgainIn)).toEqual([...Array.from({ length: 12 }), 3_600]);
  });

  it("does not leave while its window says when to start again", async () => {
    const { ask, queued, window } = installer({ mailsPerAddressPerDay: 100, mailsPerDomainPerDay: 100 });
    for (let number = 0; number < 12; number += 1) await ask(number);
    const asked = await window.request("one-more.example", address("me@installer.example"), "192.0.2.77", "en");
    expect(await window.poll("ticket" in asked ? asked.ticket : "")).toHaveProperty("tryAgainIn");
    expect(queued).toEqual([]);
  });

  it("waits until midnight if the day's limit is used up", async () => {
    const { ask, clock } = installer();
    for (let number = 0; number < 10; number += 1) {
      await ask(number);
      clock.advance(HOUR / 3);
    }
    const seconds = Math.ceil((24 * HOUR - (clock.now() % (24 * HOUR))) / 1_000);
    expect(seconds, "the test begins early enough in the day").toBeGreaterThan(4 * 3_600);
    expect((await ask(10)).tryAgainIn).toBe(seconds);
  });

  it("is queued again by the next poll if the queue failed", async () => {
    const services = installer();
    for (let number = 0; number < 3; number += 1) await services.ask(number);
    const { ticket } = await services.ask(3);
    services.clock.advance(HOUR);
    const failed = new DependencyError("sqs.SendMessage", "timeout");
    const broken = connectWindow({ ...services, mailQueue: { registration: () => Promise.reject(failed) } });
    await expect(broken.poll(ticket)).rejects.toBe(failed);
    await services.window.poll(ticket);
    await services.work();
    expect(services.mails).toHaveLength(4);
  });

  it("is sent once by the function that got it, even if the queue's answer was lost", async () => {
    const services = installer();
    for (let number = 0; number < 3; number += 1) await services.ask(number);
    const { ticket } = await services.ask(3);
    services.clock.advance(HOUR);
    const now = services.clock.now();
    const lost = connectWindow({
      ...services,
      mailQueue: {
        async registration(id) {
          await services.registrations.leaseMail(id, now, now + 60_000);
          throw new DependencyError("sqs.SendMessage", "timeout");
        },
      },
    });
    await expect(lost.poll(ticket)).rejects.toThrow(DependencyError);
    await services.window.poll(ticket);
    await services.work();
    expect(services.mails).toHaveLength(3);
  });

  it("reveals nothing about the domain or others' requests", async () => {
    const services = installer();
    await services.register(DOMAIN, OWNER);
    for (let number = 0; number < 9; number += 1)
      await services
        .ask(number)
        .then(() => services.window.request(DOMAIN, address(OWNER), `198.51.100.${number}`, "en"));
    const asked = async (domain: string) => {
      const answer = await services.window.request(domain, address(OWNER), "203.0.113.5", "en");
      return services.window.poll("ticket" in answer ? answer.ticket : "");
    };
    expect(await asked(DOMAIN)).toEqual({ state: "waiting", expiresIn: 1_800 });
    expect(await asked("free.example.com")).toEqual({ state: "waiting", expiresIn: 1_800 });
  });
});

describe("an outsider", () => {
  /** Counts every call of every store and queue that a request makes. */
  async function callsOf(
    domain: string,
    prepare: (services: ReturnType<typeof registrationServices>) => Promise<void>,
  ) {
    const services = registrationServices();
    await prepare(services);
    const calls: string[] = [];
    for (const [name, part] of Object.entries({
      counters: services.counters,
      registrations: services.registrations,
      domains: services.domains,
      secrets: services.secrets,
    })) {
      for (const [method, call] of Object.entries(part) as [string, (...values: unknown[]) => unknown][]) {
        Object.assign(part, {
          [method]: (...values: unknown[]) => {
            calls.push(`${name}.${method}`);
            return call.apply(part, values);
          },
        });
      }
    }
    const email = parseEmail("stranger@elsewhere.example");
    if (!email.ok) throw new Error("not an address");
    const answer = await services.window.request(domain, email.value, "192.0.2.9", "en");
    const shape = Object.entries(answer ?? {}).map(([key, value]) => [key, typeof value, String(value).length]);
    return { calls, shape, queued: services.queued.length };
  }

  it("learns nothing from the calls made or the answer", async () => {
    const cases = await Promise.all([
      callsOf("free.example.com", () => Promise.resolve()),
      callsOf(DOMAIN, async (services) => void (await services.register(DOMAIN, OWNER))),
      callsOf(DOMAIN, async (services) => void (await services.register(DOMAIN, "stranger@elsewhere.example"))),
    ]);
    expect(cases[0]).toEqual({
      calls: ["counters.take", "registrations.create"],
      shape: [
        ["ticket", "string", 43],
        ["code", "string", 6],
        ["reference", "string", 4],
        ["expiresIn", "number", 4],
      ],
      queued: 1,
    });
    expect(cases[1]).toEqual(cases[0]);
    expect(cases[2]).toEqual(cases[0]);
  });
});

describe("an email that is sent again", () => {
  it("leads to the same registration", async () => {
    const { ask, window, work, mails, page, telemetry } = registrationServices();
    const { ticket, code } = await ask(DOMAIN, OWNER);
    expect(await window.resend(ticket, "192.0.2.1")).toBe("queued");
    await work();
    expect(mails).toHaveLength(2);
    expect(telemetry.count("Registration", "resent")).toBe(1);
    await page.confirm(mails[1]?.link ?? "", code, false);
    expect(await window.poll(ticket)).toMatchObject({ state: "confirmed" });
  });

  it.each(["", "A".repeat(43)])(
    "is not sent for the ticket %j, nor once its registration no longer waits",
    async (unknown) => {
      const { register, window, queued } = registrationServices();
      const { ticket } = await register(DOMAIN, OWNER);
      for (const each of [unknown, ticket]) expect(await window.resend(each, "192.0.2.1")).toBeUndefined();
      expect(queued).toEqual([]);
    },
  );

  it("counts as a request of its source", async () => {
    const { ask, window, queued } = registrationServices({ requestsPerSourcePerHour: 2 });
    const { ticket } = await ask(DOMAIN, OWNER, "192.0.2.1");
    expect(await window.resend(ticket, "192.0.2.1")).toBe("queued");
    expect(await window.resend(ticket, "192.0.2.1")).toHaveProperty("limitedFor");
    expect(queued).toHaveLength(1);
  });
});
