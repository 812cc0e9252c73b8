import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { named, type Change } from "../../../../lambdas/core/domains/change.ts";
import { add, register, rekey, remove, setState } from "../../../../lambdas/core/domains/domains.ts";
import { usedBy } from "../../../../lambdas/core/domains/domain.ts";
import { endOldSecret } from "../../../../lambdas/core/domains/ownership.ts";
import { REGISTRATION_LIFE_MS, type Registration } from "../../../../lambdas/core/registration/registration.ts";
import type { Result } from "../../../../lambdas/core/shared/result.ts";
import { issueSecret, marksOf } from "../../../../lambdas/core/domains/secrets.ts";
import type { ListFilter } from "../../../../lambdas/ports/domains.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { storeIn } from "../../../support/aws/dynamo-store.ts";
import { memoryStore, type Store } from "../../../support/memory/memory-store.ts";
import { testRandom } from "../../../support/values/time-and-chance.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
const NOW = Date.UTC(2026, 10, 23, 12);
const random = testRandom();
const moment = (now = NOW) => ({ now, bytes: random.bytes(32) });
/** Separate names for every test, so that the tests can share a store. */
const newKey = () => `${randomUUID()}.example.com`;

function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${String(result.error)}`);
  return result.value;
}

const added = (key: string) =>
  value(add(undefined, { account: key, actor: "operator test", owner: "a@example.com" }, moment()));

const registrationOf = (key: string): Registration => ({
  id: randomUUID(),
  domain: key,
  email: "A@example.com",
  emailKey: "a@example.com",
  codeHash: "00",
  source: "192.0.2.1",
  requestedAt: NOW,
  expiresAt: NOW + REGISTRATION_LIFE_MS,
  state: "waiting",
  wrongCodes: 0,
  language: "de",
  mail: "queued",
});

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const dynamoStore = (): Store => storeIn(dynamo);

describe.each([
  ["memory", memoryStore],
  ["DynamoDB", dynamoStore],
])("stores in %s", (_name, create) => {
  const confirmation = ({ id }: Registration, change: Change) => ({
    registration: id,
    secretId: change.after?.secrets.current.id ?? "",
    wrongCodes: 5,
  });

  describe("domains", () => {
    it("returns what was committed, with its secret and history", async () => {
      const { domains, secrets } = create();
      const change = added(newKey());
      expect(await domains.commit(change)).toBe("stored");
      expect(await domains.find(change.account)).toEqual(change.after);
      expect(await secrets.find(change.account)).toEqual(change.secrets);
      expect(await domains.history(change.account, 10)).toEqual([
        { at: NOW, action: "added", actor: "operator test", to: "a@example.com" },
      ]);
    });

    it("returns nothing that was not committed", async () => {
      const { domains, secrets } = create();
      expect(await domains.find(newKey())).toBeUndefined();
      expect(await secrets.find(newKey())).toBeUndefined();
      expect(await domains.history(newKey(), 10)).toEqual([]);
    });

    it("keeps the secret across a change without one", async () => {
      const { domains, secrets } = create();
      const change = added(newKey());
      await domains.commit(change);
      const suspended = value(setState(change.after, "suspended", "operator test", NOW + 1));
      expect(await domains.commit(suspended)).toBe("stored");
      expect(await domains.find(change.account)).toMatchObject({ state: "suspended" });
      expect(await secrets.find(change.account)).toEqual(change.secrets);
    });

    it("deletes domain and secret, and keeps the history", async () => {
      const { domains, secrets } = create();
      const change = added(newKey());
      await domains.commit(change);
      expect(await domains.commit(value(remove(change.after, "operator test", NOW + 1)))).toBe("stored");
      expect(await domains.find(change.account)).toBeUndefined();
      expect(await secrets.find(change.account)).toBeUndefined();
      const actions = (await domains.history(change.account, 10)).map(({ action }) => action);
      expect(actions).toEqual(["deleted", "added"]);
    });

    it("refuses a change if the domain has changed meanwhile, and stores nothing of it", async () => {
      const { domains, secrets } = create();
      const change = added(newKey());
      await domains.commit(change);
      const first = value(rekey(change.after, "operator test", moment(NOW + 1)));
      const second = value(rekey(change.after, "operator test", moment(NOW + 2)));
      expect(await domains.commit(first)).toBe("stored");
      expect(await domains.commit(second)).toBe("conflict");
      expect(await secrets.find(change.account)).toEqual(first.secrets);
      expect(await domains.history(change.account, 10)).toHaveLength(2);
    });

    it.each([
      ["later", NOW + 2],
      ["in the same millisecond, with the same version", NOW],
    ])("refuses a change if the domain was deleted and set up again %s", async (_when, at) => {
      const { domains, secrets } = create();
      const change = added(newKey());
      await domains.commit(change);
      const stale = value(rekey(change.after, "operator test", moment(NOW + 9)));
      await domains.commit(value(remove(change.after, "operator test", at)));
      const again = value(add(undefined, { account: change.account, actor: "operator test" }, moment(at)));
      await domains.commit(again);
      expect(await domains.commit(stale)).toBe("conflict");
      expect(await domains.saveUse(change.after, change.after)).toBe("conflict");
      expect((await secrets.find(change.account))?.current.id).toBe(again.after.secrets.current.id);
    });

    it("lets one of two additions win", async () => {
      const { domains } = create();
      const key = newKey();
      const outcomes = await Promise.all([domains.commit(added(key)), domains.commit(added(key))]);
      expect(outcomes.sort()).toEqual(["conflict", "stored"]);
    });

    it("returns all domains of several keys", async () => {
      const { domains } = create();
      const changes = [added(newKey()), added(newKey())];
      for (const change of changes) await domains.commit(change);
      const keys = [...changes.map(({ account }) => account), newKey()];
      const found = (await domains.findAll(keys)).map(({ account }) => account);
      expect(found.sort()).toEqual(changes.map(({ account }) => account).sort());
      expect(await domains.findAll([])).toEqual([]);
    });

    it("lists all, page by page", async () => {
      const { domains } = create();
      const keys = [newKey(), newKey(), newKey(), newKey(), newKey()];
      for (const key of keys) await domains.commit(added(key));
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await domains.list(2, after);
        expect(page.items.length).toBeLessThanOrEqual(2);
        listed.push(...page.items.map(({ account }) => account));
        after = page.next;
      } while (after !== undefined);
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed).toEqual(expect.arrayContaining(keys));
    });

    it("adds an entry without a change to a history", async () => {
      const { domains } = create();
      const address = `${randomUUID()}@example.com`;
      const entry = { at: NOW, action: "mail-allowed", actor: "operator test", detail: "x" };
      await domains.note(address, entry);
      expect(await domains.history(address, 10)).toEqual([entry]);
      expect(await domains.find(address)).toBeUndefined();
    });

    it("finds the accounts under a domain, and no others", async () => {
      const { domains } = create();
      const key = newKey();
      for (const name of [key, `${key}/a`, `${key}/b`, `${key}x/c`, `x.${key}/d`]) await domains.commit(added(name));
      expect((await domains.accountsOf(key)).map(({ account: found }) => found).sort()).toEqual([
        `${key}/a`,
        `${key}/b`,
      ]);
      expect(await domains.accountsOf(`${key}/a`)).toEqual([]);
    });

    it("returns a history from the newest entry", async () => {
      const { domains } = create();
      const change = added(newKey());
      await domains.commit(change);
      const suspended = value(setState(change.after, "suspended", "operator x", NOW + 1));
      await domains.commit(suspended);
      await domains.commit(value(setState(suspended.after, "active", "operator x", NOW + 2)));
      expect((await domains.history(change.account, 2)).map(({ at }) => at)).toEqual([NOW + 2, NOW + 1]);
    });
  });

  describe("confirmations", () => {
    const owned = (key: string) =>
      value(
        register(
          { domain: undefined, secrets: undefined },
          { account: key, emailKey: "a@example.com", source: "192.0.2.1", replace: false },
          moment(),
        ),
      );

    it("confirm the registration and create the domain together", async () => {
      const { domains, registrations } = create();
      const registration = registrationOf(newKey());
      await registrations.create(registration);
      const change = owned(registration.domain);
      expect(await domains.commit(change, confirmation(registration, change))).toBe("stored");
      expect(await registrations.find(registration.id)).toEqual({
        ...registration,
        state: "confirmed",
        confirmedAt: NOW,
        secretId: change.after.secrets.current.id,
      });
    });

    it.each<[string, Partial<Registration>]>([
      ["is confirmed", { state: "confirmed" }],
      ["has ended", { state: "ended" }],
      ["has expired", { expiresAt: NOW }],
      ["has too many wrong codes", { wrongCodes: 5 }],
    ])("store nothing when the registration %s", async (_why, difference) => {
      const { domains, registrations, secrets } = create();
      const registration = { ...registrationOf(newKey()), ...difference };
      await registrations.create(registration);
      const change = owned(registration.domain);
      expect(await domains.commit(change, confirmation(registration, change))).toBe("conflict");
      expect(await domains.find(registration.domain)).toBeUndefined();
      expect(await secrets.find(registration.domain)).toBeUndefined();
    });

    it("store nothing when another address has got the domain", async () => {
      const { domains, registrations } = create();
      const registration = registrationOf(newKey());
      await registrations.create(registration);
      await domains.commit(added(registration.domain));
      const change = owned(registration.domain);
      expect(await domains.commit(change, confirmation(registration, change))).toBe("conflict");
      expect(await registrations.find(registration.id)).toEqual(registration);
    });
  });

  describe("registrations", () => {
    it("are found by ticket and by link", async () => {
      const { registrations } = create();
      const registration = registrationOf(newKey());
      const link = randomUUID();
      expect(await registrations.findByLink(link)).toBeUndefined();
      await registrations.create(registration);
      await registrations.addLink(link, registration);
      expect(await registrations.find(registration.id)).toEqual(registration);
      expect(await registrations.findByLink(link)).toEqual(registration);
    });

    it("count every wrong code, even simultaneous ones", async () => {
      const { registrations } = create();
      const { id, ...rest } = registrationOf(newKey());
      await registrations.create({ id, ...rest });
      const counts = await Promise.all([1, 2, 3].map(() => registrations.countWrongCode(id)));
      expect(counts.sort()).toEqual([1, 2, 3]);
      expect(await registrations.countWrongCode(randomUUID())).toBe(Number.POSITIVE_INFINITY);
    });

    it("can be ended, and unknown ones stay unknown", async () => {
      const { registrations } = create();
      const { id, ...rest } = registrationOf(newKey());
      await registrations.create({ id, ...rest });
      await registrations.end(id);
      expect(await registrations.find(id)).toEqual({ id, ...rest, state: "ended" });
      await registrations.end(id, "taken");
      expect(await registrations.find(id)).toEqual({ id, ...rest, state: "ended", taken: true });
      const unknown = randomUUID();
      await registrations.end(unknown);
      expect(await registrations.find(unknown)).toBeUndefined();
    });

    it("lease their email to one sender at a time", async () => {
      const { registrations } = create();
      const registration = registrationOf(newKey());
      const { id } = registration;
      expect(await registrations.leaseMail(id, NOW, NOW + 60)).toBeUndefined();
      await registrations.create(registration);
      const claims = await Promise.all([1, 2].map(() => registrations.leaseMail(id, NOW, NOW + 60)));
      expect(claims).toContain("busy");
      expect(claims).toContainEqual(registration);
      expect(await registrations.leaseMail(id, NOW + 60, NOW + 120)).toEqual(registration);
      await registrations.setMail(id, "allowed", false);
      expect(await registrations.leaseMail(id, NOW + 61, NOW + 120)).toBe("busy");
      await registrations.setMail(id, "allowed", true);
      expect(await registrations.leaseMail(id, NOW + 62, NOW + 120)).toEqual({ ...registration, mail: "allowed" });
    });

    it.each(["sent", "silent", "limited"] as const)("lease no email that is %s", async (mail) => {
      const { registrations } = create();
      const registration = registrationOf(newKey());
      await registrations.create({ ...registration, mail });
      expect(await registrations.leaseMail(registration.id, NOW, NOW + 60)).toBeUndefined();
    });
  });

  describe("counters", () => {
    const HOUR = 3_600_000;
    const allowance = (subject: string, most: number) => ({ name: `n${most}`, subject, most, window: HOUR });

    it("count up to the limit, one window at a time", async () => {
      const { counters } = create();
      const mine = [allowance(randomUUID(), 2)];
      const taken = [];
      for (const at of [NOW, NOW, NOW, NOW + HOUR]) taken.push((await counters.take(mine, at)).exceeded?.name);
      expect(taken).toEqual([undefined, undefined, "n2", undefined]);
    });

    it("count against all or none", async () => {
      const { counters } = create();
      const [wide, narrow] = [allowance(randomUUID(), 3), allowance(randomUUID(), 1)];
      expect(await counters.take([wide, narrow], NOW)).toEqual({ exceeded: undefined });
      expect(await counters.take([wide, narrow], NOW)).toEqual({ exceeded: narrow });
      expect(await counters.take([wide], NOW)).toEqual({ exceeded: undefined });
      expect(await counters.take([wide], NOW)).toEqual({ exceeded: undefined });
      expect(await counters.take([wide], NOW)).toEqual({ exceeded: wide });
      expect(await counters.take([], NOW)).toEqual({ exceeded: undefined });
    });

    it("allow no more if many come at once", async () => {
      const { counters } = create();
      const mine = [allowance(randomUUID(), 5)];
      const taken = await Promise.all(Array.from({ length: 20 }, () => counters.take(mine, NOW)));
      expect(taken.filter(({ exceeded }) => exceeded === undefined)).toHaveLength(5);
    });
  });

  describe("changes", () => {
    const owned = (key: string) =>
      value(add(undefined, { account: key, actor: "operator test", owner: "a@example.com" }, moment()));

    it("are stored together with their notices, each leased to one sender at a time", async () => {
      const { domains, notices } = create();
      const change = owned(newKey());
      await domains.commit(change);
      const suspended = value(setState(change.after, "suspended", "operator test", NOW + 1));
      const lost = value(remove(change.after, "operator test", NOW + 2));
      expect([await domains.commit(suspended), await domains.commit(lost)]).toEqual(["stored", "conflict"]);
      const [[id = "", notice]] = named(suspended) as [[string, object]];
      expect(await notices.leaseMail(id, NOW, NOW + 60)).toEqual({ ...notice, id, mail: "queued" });
      expect(await notices.leaseMail(id, NOW, NOW + 60)).toBe("busy");
      expect(await notices.find(id)).toEqual({ ...notice, id, mail: "queued" });
      await notices.setMail(id, "sent", true, NOW + 5);
      expect(await notices.find(id)).toEqual({ ...notice, id, mail: "sent", mailAt: NOW + 5 });
      expect(await notices.find(`${id}0`)).toBeUndefined();
      expect(await notices.leaseMail(id, NOW, NOW + 60)).toBeUndefined();
      expect(await notices.leaseMail(named(lost)[0]?.[0] ?? "", NOW, NOW + 60)).toBeUndefined();
    });

    it("end only the old secret", async () => {
      const { domains, secrets } = create();
      const change = owned(newKey());
      await domains.commit(change);
      const next = {
        current: issueSecret(random.bytes(32), NOW),
        previous: { ...change.secrets.current, validUntil: NOW + 1 },
        earlier: { ...change.secrets.current, id: "earlier1", validUntil: NOW + 1 },
      };
      const both = { ...value(rekey(change.after, "operator test", moment(NOW + 1))), secrets: next };
      const replaced = { ...both, after: { ...both.after, secrets: marksOf(next) } };
      expect(await domains.commit(replaced)).toBe("stored");
      expect(await domains.commit(value(endOldSecret(replaced.after, { actor: "operator test" }, NOW + 2)))).toBe(
        "stored",
      );
      expect(await secrets.find(change.account)).toEqual({ current: next.current });
    });

    it("based on a read before the first login are not stored after it", async () => {
      const { domains } = create();
      const change = owned(newKey());
      await domains.commit(change);
      const gone = value(remove(change.after, "time", NOW + 1));
      const used = [1, 2, 3].flatMap((at) => usedBy(change.after, change.after.secrets.current.id, NOW + at) ?? []);
      const saved = await Promise.all(used.map((after) => domains.saveUse(change.after, after)));
      expect(saved.toSorted()).toEqual(["conflict", "conflict", "stored"]);
      expect(await domains.commit(gone)).toBe("conflict");
      expect(await domains.find(change.account)).toEqual(used[saved.indexOf("stored")]);
      const nobodys = { ...change.after, account: newKey(), firstLoginAt: NOW };
      expect(await domains.saveUse(nobodys, nobodys)).toBe("conflict");
    });
  });

  describe("a filtered list", () => {
    it("contains domains whose name or owner contains a text, or claimed ones", async () => {
      const { domains } = create();
      const [one, other] = [added(newKey()), added(newKey())];
      for (const change of [one, other]) await domains.commit(change);
      const claim = { claimant: "b@example.com", madeAt: NOW, objectUntil: NOW + 1 };
      const claimed = value(setState(other.after, "active", "operator test", NOW + 1));
      await domains.commit({ ...claimed, after: { ...claimed.after, claim } });
      const all = async (only: ListFilter) => {
        const keys: string[] = [];
        for (let after: string | undefined; ; ) {
          const page = await domains.list(3, after, only);
          keys.push(...page.items.map(({ account }) => account));
          if (page.next === undefined) return keys;
          after = page.next;
        }
      };
      expect(await all({ text: one.account.slice(4, 20) })).toEqual([one.account]);
      expect(await all({ text: "a@example" })).toEqual(expect.arrayContaining([one.account, other.account]));
      expect(await all({ claimed: true })).toContain(other.account);
      expect(await all({ claimed: true })).not.toContain(one.account);
      expect(await all({ text: "nothing like that" })).toEqual([]);
    });
  });

  describe("emails of a registration", () => {
    it("can be requested again while it waits", async () => {
      const { registrations } = create();
      const registration = registrationOf(newKey());
      await registrations.create({ ...registration, mail: "sent" });
      await registrations.setMail(registration.id, "delayed", false);
      expect(await registrations.leaseMail(registration.id, NOW, NOW + 1)).toBeUndefined();
      expect(await registrations.queueAgain(registration.id, NOW)).toEqual(registration);
      expect(await registrations.queueAgain(registration.id, NOW)).toEqual(registration);
      await registrations.setMail(registration.id, "allowed", false);
      const allowed = { ...registration, mail: "allowed" } as const;
      expect(await registrations.queueAgain(registration.id, NOW)).toEqual(allowed);
      expect(await registrations.find(registration.id)).toEqual(allowed);
      expect((await registrations.waiting(registration.domain, NOW)).map(({ id }) => id)).toEqual([registration.id]);
      expect(await registrations.queueAgain(registration.id, registration.expiresAt)).toBeUndefined();
      expect(await registrations.waiting(registration.domain, registration.expiresAt)).toEqual([]);
      await registrations.end(registration.id);
      expect(await registrations.queueAgain(registration.id, NOW)).toBeUndefined();
      expect(await registrations.queueAgain(randomUUID(), NOW)).toBeUndefined();
    });
  });

  describe("suppressions", () => {
    it("keep a complaint, otherwise the last bounce, until they are lifted", async () => {
      const { suppressions } = create();
      const address = `${randomUUID()}@example.com`;
      expect(await suppressions.find(address)).toBeUndefined();
      const bounced = (at: number) => ({ address, reason: "bounced", at }) as const;
      await suppressions.add(bounced(NOW));
      await suppressions.add(bounced(NOW + 1));
      expect(await suppressions.find(address)).toEqual(bounced(NOW + 1));
      expect((await suppressions.list(100)).items).toContainEqual(bounced(NOW + 1));
      const complained = { address, reason: "complained", at: NOW + 2 } as const;
      await suppressions.add(complained);
      await suppressions.add(bounced(NOW + 3));
      expect(await suppressions.find(address)).toEqual(complained);
      expect([await suppressions.remove(address), await suppressions.remove(address)]).toEqual([true, false]);
      expect(await suppressions.find(address)).toBeUndefined();
    });
  });

  describe("values for TXT records", () => {
    it("are unique for domain and address until used or expired", async () => {
      const { txtValues } = create();
      const key = newKey();
      const fresh = (value: string, expiresAt = NOW + 100) => ({ value, expiresAt });
      expect(await txtValues.current(key, "a@example.com", fresh("one"), NOW)).toEqual(fresh("one"));
      expect(await txtValues.current(key, "a@example.com", fresh("two"), NOW + 99)).toEqual(fresh("one"));
      expect(await txtValues.current(key, "b@example.com", fresh("three"), NOW)).toEqual(fresh("three"));
      expect(await txtValues.current(key, "a@example.com", fresh("four", NOW + 200), NOW + 100)).toEqual(
        fresh("four", NOW + 200),
      );
      await txtValues.end(key, "a@example.com");
      expect(await txtValues.current(key, "a@example.com", fresh("five"), NOW)).toEqual(fresh("five"));
    });
  });
});
