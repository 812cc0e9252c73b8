import type { EmailAddress } from "../../core/shared/email.ts";
import type { Language } from "../../core/shared/language.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { hashToken, isToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { CODE_BYTES, hashCode, newCode } from "../../core/shared/code.ts";
import { progressOf, REGISTRATION_LIFE_MS } from "../../core/registration/registration.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Counters } from "../../ports/counters.ts";
import type { SecretsReader } from "../../ports/domains.ts";
import type { MailQueue } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface ConnectWindowPorts {
  readonly registrations: Registrations;
  readonly secrets: SecretsReader;
  readonly counters: Counters;
  readonly mailQueue: MailQueue;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly limits: Limits;
}

/** What the Connect window gets at once. `expiresIn` in s. */
export interface Requested {
  readonly ticket: string;
  readonly code: string;
  readonly expiresIn: number;
}

/** What the Connect window hears when it asks. `expiresIn` in s. */
export type Polled =
  | { readonly state: "waiting"; readonly expiresIn: number }
  | { readonly state: "expired" }
  | { readonly state: "confirmed"; readonly domain: string; readonly password: string };

/** The Connect window's side of a registration (docs/protocol.md, Registration 1 and 4). All throw DependencyError. */
export interface ConnectWindow {
  /**
   * The same three calls and the same answer for every domain and address: whether a mail goes out is decided behind
   * the queue. Undefined: this source has asked too often.
   */
  request(domain: string, email: EmailAddress, source: string, language: Language): Promise<Requested | undefined>;
  /** Undefined: nobody's ticket. */
  poll(ticket: string): Promise<Polled | undefined>;
  /**
   * Asks for the mail once more; whether one goes out is decided as the first time, and counts as another. "limited":
   * this source has asked too often; undefined: nobody's ticket, or it is over.
   */
  resend(ticket: string, source: string): Promise<"queued" | "limited" | undefined>;
  /** The ticket's holder has the secret, or gives up. False: nobody's ticket. */
  acknowledge(ticket: string): Promise<boolean>;
}

export function connectWindow(ports: ConnectWindowPorts): ConnectWindow {
  const { registrations, secrets, counters, mailQueue, clock, random, telemetry, limits } = ports;

  const find = async (ticket: string) => (isToken(ticket) ? registrations.find(hashToken(ticket)) : undefined);

  /** Counts a request of this source. */
  async function maySend(source: string, now: number): Promise<boolean> {
    const most = limits.requestsPerSourcePerHour;
    const { exceeded } = await counters.take(
      [{ name: "requests-source", subject: source, most, window: 3_600_000 }],
      now,
    );
    if (exceeded === undefined) return true;
    telemetry.metric("Registration", 1, { outcome: "limited" });
    telemetry.metric("Limited", 1, { outcome: exceeded });
    return false;
  }

  return {
    async request(domain, email, source, language) {
      const now = clock.now();
      if (!(await maySend(source, now))) return undefined;
      const ticket = newToken(random.bytes(TOKEN_BYTES));
      const code = newCode(random.bytes(CODE_BYTES));
      const id = hashToken(ticket);
      await registrations.create({
        id,
        domain,
        email: email.address,
        emailKey: email.key,
        language,
        codeHash: hashCode(id, code),
        source,
        requestedAt: now,
        expiresAt: now + REGISTRATION_LIFE_MS,
        state: "waiting",
        wrongCodes: 0,
        mail: "queued",
      });
      await mailQueue.registration(id);
      telemetry.metric("Registration", 1, { outcome: "requested" });
      return { ticket, code, expiresIn: REGISTRATION_LIFE_MS / 1000 };
    },

    async poll(ticket) {
      const registration = await find(ticket);
      if (registration === undefined) return undefined;
      const now = clock.now();
      const progress = progressOf(registration, now, limits.wrongCodesPerRegistration);
      if (progress === "waiting") {
        return { state: "waiting", expiresIn: Math.ceil((registration.expiresAt - now) / 1000) };
      }
      if (progress === "expired") return { state: "expired" };
      const found = await secrets.find(registration.domain);
      // Re-keyed or deleted since: what this ticket was promised is no more.
      if (found === undefined || found.current.id !== registration.secretId) return { state: "expired" };
      return { state: "confirmed", domain: registration.domain, password: found.current.secret };
    },

    async resend(ticket, source) {
      const now = clock.now();
      if (!(await maySend(source, now))) return "limited";
      const again = isToken(ticket) ? await registrations.queueAgain(hashToken(ticket), now) : undefined;
      if (again === undefined) return undefined;
      await mailQueue.registration(again.id);
      telemetry.metric("Registration", 1, { outcome: "resent" });
      return "queued";
    },

    async acknowledge(ticket) {
      const registration = await find(ticket);
      if (registration === undefined) return false;
      await registrations.end(registration.id);
      telemetry.metric("Registration", 1, { outcome: "acknowledged" });
      return true;
    },
  };
}
