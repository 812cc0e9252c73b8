import { entryOf, type AuditEntry } from "../../../lambdas/core/domains/audit.ts";
import { endsOldSecrets, named } from "../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import type { Registration } from "../../../lambdas/core/registration/registration.ts";
import type { Suppression } from "../../../lambdas/core/mail/suppression.ts";
import type { AccountSecrets } from "../../../lambdas/core/pbx/secret.ts";
import type { Counters } from "../../../lambdas/ports/counters.ts";
import type {
  Domains,
  SecretsReader,
  Notices,
  PendingNotice,
  TxtValue,
  TxtValues,
} from "../../../lambdas/ports/domains.ts";
import type { Registrations } from "../../../lambdas/ports/registration.ts";
import { networkOf } from "../../../lambdas/core/shared/network.ts";
import { later } from "./later.ts";
import type { KnownNetworks, Suppressions } from "../../../lambdas/ports/mail.ts";

/** The stores of registrations and domains as the use cases see them; one suite checks memory and DynamoDB alike. */
export interface Store {
  readonly domains: Domains;
  readonly secrets: SecretsReader;
  readonly registrations: Registrations;
  readonly counters: Counters;
  readonly notices: Notices;
  readonly suppressions: Suppressions;
  readonly knownNetworks: KnownNetworks;
  readonly txtValues: TxtValues;
}

interface Held {
  registration: Registration;
  claimedUntil: number;
}

export function memoryStore(): Store {
  const domains = new Map<string, Domain>();
  const isUnchanged = (account: string, before: Domain | undefined) => {
    const now = domains.get(account);
    return now?.version === before?.version && now?.secrets.current.id === before?.secrets.current.id;
  };
  const secrets = new Map<string, AccountSecrets>();
  const audit = new Map<string, AuditEntry[]>();
  const held = new Map<string, Held>();
  const links = new Map<string, string>();
  const used = new Map<string, number>();
  const pending = new Map<string, { notice: PendingNotice; claimedUntil: number }>();
  const suppressed = new Map<string, Suppression>();
  const known = new Map<string, number>();
  const txt = new Map<string, TxtValue>();

  const note = (key: string, entry: AuditEntry) => audit.set(key, [entry, ...(audit.get(key) ?? [])]);
  const edit = (id: string, change: (registration: Registration) => Partial<Registration>) => {
    const found = held.get(id);
    if (found !== undefined) found.registration = { ...found.registration, ...change(found.registration) };
    return found?.registration;
  };
  const find = async (id: string) => {
    await later();
    return held.get(id)?.registration;
  };

  return {
    domains: {
      async find(key) {
        await later();
        return domains.get(key);
      },
      async findAll(keys) {
        await later();
        return keys.flatMap((key) => domains.get(key) ?? []);
      },
      async list(limit, after, { text, claimed = false } = {}) {
        await later();
        const sought = [...domains.values()].filter(
          ({ account, owner, claim }) =>
            (text === undefined || account.includes(text) || owner?.includes(text)) &&
            (!claimed || claim !== undefined),
        );
        const keys = sought.map(({ account }) => account).sort();
        const rest = after === undefined ? keys : keys.slice(keys.indexOf(after) + 1);
        const items = rest.slice(0, limit).flatMap((key) => domains.get(key) ?? []);
        return { items, next: rest.length > limit ? items.at(-1)?.account : undefined };
      },
      async accountsOf(domain) {
        await later();
        return [...domains.values()].filter(({ account }) => account.startsWith(`${domain}/`));
      },
      async history(key, limit) {
        await later();
        return (audit.get(key) ?? []).slice(0, limit);
      },
      async note(key, entry) {
        await later();
        note(key, entry);
      },
      async saveUse(before, after) {
        await later();
        if (!isUnchanged(before.account, before)) return "conflict";
        domains.set(before.account, after);
        return "stored";
      },
      relist: later,
      async commit(change, confirmation) {
        await later();
        const { account, before, after, secrets: issued, at } = change;
        if (!isUnchanged(account, before)) return "conflict";
        const registration = confirmation && held.get(confirmation.registration)?.registration;
        if (confirmation !== undefined) {
          const open =
            registration?.state === "waiting" &&
            registration.wrongCodes < confirmation.wrongCodes &&
            registration.expiresAt > at;
          if (!open) return "conflict";
          edit(registration.id, () => ({ state: "confirmed", confirmedAt: at, secretId: confirmation.secretId }));
        }
        if (after === undefined) {
          domains.delete(account);
          secrets.delete(account);
        } else {
          domains.set(account, after);
          const kept = secrets.get(account);
          if (issued !== undefined) secrets.set(account, issued);
          else if (endsOldSecrets(change) && kept !== undefined) secrets.set(account, { current: kept.current });
        }
        note(account, entryOf(change));
        for (const [id, notice] of named(change))
          pending.set(id, { notice: { ...notice, id, mail: "queued" }, claimedUntil: 0 });
        return "stored";
      },
    },

    secrets: {
      async find(key) {
        await later();
        return secrets.get(key);
      },
    },

    registrations: {
      find,
      async create(registration) {
        await later();
        held.set(registration.id, { registration, claimedUntil: 0 });
      },
      findByLink: (linkHash) => find(links.get(linkHash) ?? ""),
      async addLink(linkHash, { id }) {
        await later();
        links.set(linkHash, id);
      },
      async countWrongCode(id) {
        await later();
        return edit(id, ({ wrongCodes }) => ({ wrongCodes: wrongCodes + 1 }))?.wrongCodes ?? Number.POSITIVE_INFINITY;
      },
      async end(id, why) {
        await later();
        edit(id, () => ({ state: "ended", ...(why === "taken" && { taken: true }) }));
      },
      async leaseMail(id, now, until) {
        await later();
        const found = held.get(id);
        const mail = found?.registration.mail;
        if (found === undefined || (mail !== "queued" && mail !== "allowed")) return undefined;
        if (found.claimedUntil > now) return "busy";
        found.claimedUntil = until;
        return found.registration;
      },
      async queueAgain(id, now) {
        await later();
        const found = held.get(id)?.registration;
        if (found?.state !== "waiting" || found.expiresAt <= now) return undefined;
        return edit(id, ({ mail }) => ({ mail: mail === "allowed" ? mail : "queued" }));
      },
      async waiting(domain, now) {
        await later();
        const all = [...held.values()].map(({ registration }) => registration);
        return all.filter((each) => each.domain === domain && each.state === "waiting" && each.expiresAt > now);
      },
      async setMail(id, mail, release) {
        await later();
        edit(id, () => ({ mail }));
        const found = held.get(id);
        if (found !== undefined && release) found.claimedUntil = 0;
      },
    },

    counters: {
      async take(allowances, now) {
        await later();
        const keyOf = ({ name, subject, window }: (typeof allowances)[number]) =>
          `${name} ${subject} ${Math.floor(now / window)}`;
        const exceeded = allowances.find((allowance) => (used.get(keyOf(allowance)) ?? 0) >= allowance.most);
        if (exceeded !== undefined) return { exceeded };
        for (const allowance of allowances) used.set(keyOf(allowance), (used.get(keyOf(allowance)) ?? 0) + 1);
        return { exceeded: undefined };
      },
    },

    notices: {
      async add(id, notice) {
        await later();
        pending.set(id, { notice: { ...notice, id, mail: "queued" }, claimedUntil: 0 });
      },
      async leaseMail(id, now, until) {
        await later();
        const found = pending.get(id);
        if (found === undefined || (found.notice.mail !== "queued" && found.notice.mail !== "allowed"))
          return undefined;
        if (found.claimedUntil > now) return "busy";
        found.claimedUntil = until;
        return found.notice;
      },
      async find(id) {
        await later();
        return pending.get(id)?.notice;
      },
      async setMail(id, mail, release, at) {
        await later();
        const found = pending.get(id);
        if (found === undefined) return;
        found.notice = { ...found.notice, mail, mailAt: at };
        if (release) found.claimedUntil = 0;
      },
    },

    knownNetworks: {
      async note(emailKey, source, until) {
        await later();
        known.set(`${emailKey} ${networkOf(source)}`, until);
      },
      async knows(emailKey, source, now) {
        await later();
        return (known.get(`${emailKey} ${networkOf(source)}`) ?? 0) > now;
      },
    },

    suppressions: {
      async find(address) {
        await later();
        return suppressed.get(address);
      },
      async add(suppression) {
        await later();
        if (suppressed.get(suppression.address)?.reason !== "complained")
          suppressed.set(suppression.address, suppression);
      },
      async remove(address) {
        await later();
        return suppressed.delete(address);
      },
      async list(limit, after) {
        await later();
        const keys = [...suppressed.keys()];
        const rest = after === undefined ? keys : keys.slice(keys.indexOf(after) + 1);
        const items = rest.slice(0, limit).flatMap((key) => suppressed.get(key) ?? []);
        return { items, next: rest.length > limit ? items.at(-1)?.address : undefined };
      },
    },

    txtValues: {
      async current(domain, emailKey, fresh, now) {
        await later();
        const key = `${domain} ${emailKey}`;
        const found = txt.get(key);
        if (found !== undefined && found.expiresAt > now) return found;
        txt.set(key, fresh);
        return fresh;
      },
      async end(domain, emailKey) {
        await later();
        txt.delete(`${domain} ${emailKey}`);
      },
    },
  };
}
