import type { EmailAddress } from "../../core/shared/email.ts";
import type { Language } from "../../core/shared/language.ts";
import { hashToken, isToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { CODE_BYTES, hashCode, newCode } from "../../core/shared/code.ts";
import { progressOf, REGISTRATION_LIFE_MS } from "../../core/registration/registration.ts";
import type { Random } from "../../ports/clock.ts";
import type { SecretsReader } from "../../ports/domains.ts";
import type { MailQueue } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import { countRequest, type Limited, type RequestLimitPorts } from "../shared/request-limit.ts";

export interface ConnectWindowPorts extends RequestLimitPorts {
  readonly registrations: Registrations;
  readonly secrets: SecretsReader;
  readonly mailQueue: MailQueue;
  readonly random: Random;
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
   * the queue.
   */
  request(domain: string, email: EmailAddress, source: string, language: Language): Promise<Requested | Limited>;
  /** Undefined: nobody's ticket. */
  poll(ticket: string): Promise<Polled | undefined>;
  /**
   * Asks for the mail once more; whether one goes out is decided as the first time, and counts as another. Undefined:
   * nobody's ticket, or it is over.
   */
  resend(ticket: string, source: string): Promise<"queued" | Limited | undefined>;
  /** The ticket's holder has the secret, or gives up. False: nobody's ticket. */
  acknowledge(ticket: string): Promise<boolean>;
}

export function connectWindow(ports: ConnectWindowPorts): ConnectWindow {
  const { registrations, secrets, mailQueue, clock, random, telemetry, limits } = ports;

  const find = async (ticket: string) => (isToken(ticket) ? registrations.find(hashToken(ticket)) : undefined);

  async function count(source: string): Promise<Limited | undefined> {
    const limited = await countRequest(ports, source);
    if (limited !== undefined) telemetry.metric("Registration", 1, { outcome: "limited" });
    return limited;
  }

  return {
    async request(domain, email, source, language) {
      const limited = await count(source);
      if (limited !== undefined) return limited;
      const now = clock.now();
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
      const limited = await count(source);
      if (limited !== undefined) return limited;
      const again = isToken(ticket) ? await registrations.queueAgain(hashToken(ticket), clock.now()) : undefined;
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
