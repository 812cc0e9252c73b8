import type { NameState } from "../../core/domains/domain.ts";
import { mayRegister, register } from "../../core/domains/domains.ts";
import { KNOWN_NETWORK_MS } from "../../core/mail/known-network.ts";
import { WATCH_LINE } from "../../core/domains/recent-posts.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { isCode, pastedCode } from "../../core/shared/code.ts";
import { hashToken, pastedToken } from "../../core/shared/token.ts";
import { isOpen, referenceOf, type Registration } from "../../core/registration/registration.ts";
import { SECRET_BYTES } from "../../core/domains/secrets.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Domains, SecretsReader, NoticeQueue } from "../../ports/domains.ts";
import type { KnownNetworks } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import type { Sweeps } from "../../ports/pbx.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { ATTEMPTS, commitChange } from "../domains/commit-change.ts";
import { findName } from "../domains/find-name.ts";

export interface ConfirmPorts {
  readonly registrations: Registrations;
  readonly domains: Domains;
  readonly secrets: SecretsReader;
  readonly knownNetworks: Pick<KnownNetworks, "note">;
  readonly noticeQueue: NoticeQueue;
  readonly sweeps: Sweeps;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly limits: Limits;
}

/** A registration that can be confirmed, and whether its reader already has a secret that could be replaced. */
interface Open {
  readonly registration: Registration;
  readonly registered: boolean;
}

/** Expired, given up, too many wrong codes, taken by another address, or no such link. */
interface Over {
  readonly kind: "over";
  /** Reference of a newer request by the same mailbox for the same domain, which is still waiting. */
  readonly newer?: string;
}

/** What the page behind the link shows. */
export type LinkState = ({ readonly kind: "open" } & Open) | { readonly kind: "done"; readonly domain: string } | Over;

export type Confirmed =
  | { readonly kind: "confirmed"; readonly domain: string; readonly replaced: boolean }
  /** `of`: the code belongs to another email, that of the request with this reference. */
  | ({ readonly kind: "wrong-code"; readonly left: number; readonly of?: string; readonly newer?: boolean } & Open)
  /** What was typed cannot be a code, and costs no attempt. */
  | ({ readonly kind: "no-code" } & Open)
  | { readonly kind: "done"; readonly domain: string }
  | Over
  | { readonly kind: "busy" };

/** The side of the email's reader (docs/protocol.md, Registration 3 and 5). All throw DependencyError. */
export interface RegistrationLink {
  /** Changes nothing, as mail scanners open every link. */
  read(link: string): Promise<LinkState>;
  /** @param replace the reader asked for a new secret in place of the existing one */
  confirm(link: string, code: string, replace: boolean): Promise<Confirmed>;
}

/** False if the address is about to take over someone else's provisional registration. */
const isOwners = ({ emailKey }: Registration, { domain }: NameState): boolean => domain?.owner === emailKey;

export function registrationLink(ports: ConfirmPorts): RegistrationLink {
  const { registrations, domains, secrets, knownNetworks, clock, random, telemetry, limits } = ports;
  const store = commitChange(ports);
  const wrongCodes = limits.wrongCodesPerRegistration;

  /** Requests by the same mailbox for the same domain that can still be confirmed, newest first. */
  async function openRequests({ domain, emailKey }: Registration): Promise<readonly Registration[]> {
    const now = clock.now();
    const waiting = await registrations.waiting(domain, now);
    const own = waiting.filter((each) => each.emailKey === emailKey && isOpen(each, now, wrongCodes));
    return own.toSorted((a, b) => b.requestedAt - a.requestedAt);
  }

  async function over(registration: Registration): Promise<Over> {
    const [newest] = await openRequests(registration);
    return newest !== undefined && newest.requestedAt > registration.requestedAt
      ? { kind: "over", newer: referenceOf(newest) }
      : { kind: "over" };
  }

  async function read(link: string) {
    const token = pastedToken(link);
    const registration = token === undefined ? undefined : await registrations.findByLink(hashToken(token));
    if (registration?.state === "confirmed") return { kind: "done", domain: registration.domain } as const;
    if (registration === undefined) return { kind: "over" } as const;
    if (!isOpen(registration, clock.now(), wrongCodes)) return over(registration);
    return { kind: "open", registration, stored: await findName(domains, registration.domain) } as const;
  }

  /** A code from another window of the same reader counts as wrong too: only the answers differ. */
  async function countWrong({ registration, registered }: Open, code: string): Promise<Confirmed> {
    const [count, waiting] = await Promise.all([
      registrations.countWrongCode(registration.id),
      openRequests(registration),
    ]);
    telemetry.metric("Registration", 1, { outcome: "refused" });
    const left = wrongCodes - count;
    if (left <= 0) return over(registration);
    const meant = waiting.find((other) => isCode(code, other));
    const newer = meant !== undefined && meant.requestedAt > registration.requestedAt;
    const other = meant && { of: referenceOf(meant), newer };
    return { kind: "wrong-code", registration, registered, left, ...other };
  }

  /** One attempt with the right code; undefined if the domain or the registration has changed in the meantime. */
  async function commit(registration: Registration, stored: NameState, replace: boolean) {
    const { id, domain, emailKey, language, source } = registration;
    await knownNetworks.note(emailKey, source, clock.now() + KNOWN_NETWORK_MS);
    const moment = { now: clock.now(), bytes: random.bytes(SECRET_BYTES) };
    const before = { ...stored, secrets: await secrets.find(domain) };
    const change = register(before, { account: domain, emailKey, language, source, replace }, moment);
    if (!change.ok) {
      await registrations.end(id, "taken");
      return { kind: "over" } as const;
    }
    const { action, after } = change.value;
    const outcome = await store(change.value, { registration: id, secretId: after.secrets.current.id, wrongCodes });
    if (outcome === "conflict") return undefined;
    telemetry.metric("Registration", 1, { outcome: "confirmed" });
    telemetry.log("info", "registration confirmed", { account: domain, action });
    // The Connect window shows what arrives from now on.
    telemetry.log("info", WATCH_LINE, { account: domain });
    return { kind: "confirmed", domain, replaced: action === "replaced" } as const;
  }

  return {
    async read(link) {
      const found = await read(link);
      if (found.kind !== "open") return found;
      const { registration, stored } = found;
      if (!mayRegister(stored, registration.emailKey).ok) return { kind: "over" };
      return { kind: "open", registration, registered: isOwners(registration, stored) };
    },

    async confirm(link, typed, replace) {
      const code = pastedCode(typed);
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const found = await read(link);
        if (found.kind !== "open") return found;
        const { registration, stored } = found;
        const shown = { registration, registered: isOwners(registration, stored) };
        if (code === undefined) return { kind: "no-code", ...shown };
        if (!isCode(code, registration)) return countWrong(shown, code);
        const outcome = await commit(registration, stored, replace);
        if (outcome !== undefined) return outcome;
      }
      return { kind: "busy" };
    },
  };
}
