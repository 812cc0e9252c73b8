import type { EmailAddress } from "../../core/shared/email.ts";
import type { Language } from "../../core/shared/language.ts";
import { slotAllowances } from "../../core/mail/allowances.ts";
import { hashToken, isToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { CODE_BYTES, hashCode, newCode } from "../../core/shared/code.ts";
import {
  failureOf,
  isWatched,
  progressOf,
  referenceOf,
  REGISTRATION_LIFE_MS,
  type Failure,
  type Registration,
} from "../../core/registration/registration.ts";
import { viewPosts, type RecentPost } from "../../core/domains/recent-posts.ts";
import { type AccountSecrets, marksIn } from "../../core/pbx/secret.ts";
import type { Random } from "../../ports/clock.ts";
import type { RecentPostsReader, SecretsReader } from "../../ports/domains.ts";
import type { Sockets } from "../../ports/pbx.ts";
import type { MailQueue } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import { reserveMailSlot } from "./mail-slot.ts";
import { countRequest, type Limited, type RequestLimitPorts } from "../shared/request-limit.ts";

export interface ConnectWindowPorts extends RequestLimitPorts {
  readonly registrations: Registrations;
  readonly secrets: SecretsReader;
  readonly mailQueue: MailQueue;
  readonly sockets: Pick<Sockets, "ofDomain">;
  /** Undefined if the stage keeps none. */
  readonly recentPosts: RecentPostsReader | undefined;
  readonly random: Random;
}

/** What the Connect window gets immediately, the same for everybody. `expiresIn` in s. */
interface Requested {
  readonly ticket: string;
  readonly code: string;
  /** Shown in the email too. */
  readonly reference: string;
  readonly expiresIn: number;
}

/** What the Connect window gets while it waits. Times in s. */
export interface Waiting {
  readonly state: "waiting";
  readonly expiresIn: number;
  /** This source has reached the hourly limit of emails to this mailbox: an email, if any, is sent this much later. */
  readonly emailIn?: number;
  /** It has requested even more: no email is sent before then. */
  readonly tryAgainIn?: number;
}

/** Answers to the Connect window's polls. */
export type Polled =
  | Waiting
  /** Confirmed and still registered, but the password is no longer shown here. */
  | { readonly state: "expired"; readonly domain: string }
  /** `lost`: confirmed, but the password is no longer valid: replaced, deleted, or the domain has another owner. */
  | { readonly state: "expired"; readonly reason: Failure | "lost" }
  | { readonly state: "confirmed"; readonly domain: string; readonly password: string }
  /** The password has been acknowledged: for an hour, what has arrived from the domain since. */
  | ({ readonly state: "watching"; readonly domain: string } & Arrived);

/** What has arrived from a domain since it was confirmed. Times in Unix ms. */
interface Arrived {
  readonly connected: boolean;
  /** Newest first; undefined if no recent posts are kept. */
  readonly posts?: readonly Pick<RecentPost, "at" | "app" | "outcome">[];
}

/** The Connect window's side of a registration (docs/protocol.md, Registration 1 and 4). All throw DependencyError. */
export interface ConnectWindow {
  /**
   * Makes the same calls and gives the same answer for every domain: whether an email is sent is decided behind the
   * queue; when it may be sent depends only on what this source has requested before.
   */
  request(domain: string, email: EmailAddress, source: string, language: Language): Promise<Requested | Limited>;
  /** Undefined: unknown ticket. A delayed email is sent when its window polls: only that window shows the code. */
  poll(ticket: string): Promise<Polled | undefined>;
  /**
   * Requests the email again, which is decided on and counted like the first. Undefined: unknown ticket, or the
   * registration is over.
   */
  resend(ticket: string, source: string): Promise<"queued" | Limited | undefined>;
  /** The ticket's holder has the secret, or gives up. False: unknown ticket. */
  acknowledge(ticket: string): Promise<boolean>;
}

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

const knows = (secrets: AccountSecrets, secretId: string | undefined): boolean =>
  marksIn(secrets).some(({ id }) => id === secretId);

/** Posts that the window shows. */
const SHOWN = 5;

export function connectWindow(ports: ConnectWindowPorts): ConnectWindow {
  const { registrations, secrets, sockets, recentPosts, mailQueue, clock, random, telemetry, limits } = ports;

  const find = async (ticket: string) => (isToken(ticket) ? registrations.find(hashToken(ticket)) : undefined);

  const tooOften = (limited: Limited): Limited => {
    telemetry.metric("Registration", 1, { outcome: "limited" });
    return limited;
  };

  async function orderDelayed(id: string): Promise<void> {
    try {
      await mailQueue.registration(id);
    } catch (error) {
      // The next poll tries again.
      await registrations.setMail(id, "delayed", false);
      throw error;
    }
  }

  async function waiting(registration: Registration, now: number): Promise<Waiting> {
    const { id, mail, mailAt = now, againAt = now, expiresAt } = registration;
    if (mail === "delayed" && mailAt <= now && (await registrations.queueAgain(id, now)) !== undefined)
      await orderDelayed(id);
    return {
      state: "waiting",
      expiresIn: seconds(expiresAt - now),
      ...(mailAt > now && { emailIn: seconds(mailAt - now) }),
      ...(againAt > now && { tryAgainIn: seconds(againAt - now) }),
    };
  }

  /** What has arrived since the confirmation, until the secret is no longer valid. */
  async function watch({ domain, secretId, confirmedAt = 0 }: Registration, found: AccountSecrets, now: number) {
    if (!knows(found, secretId)) return { state: "expired", reason: "lost" } as const;
    const [connections, kept] = await Promise.all([sockets.ofDomain(domain), recentPosts?.find(domain)]);
    const connected = connections.some(({ login }) => knows(found, login.secretId));
    if (recentPosts === undefined) return { state: "watching", domain, connected } as const;
    const seen = kept && viewPosts(kept, domain, found, now).posts.filter(({ at }) => at >= confirmedAt);
    const shown = seen
      ?.slice(0, SHOWN)
      .map(({ at, app, outcome }) => ({ at, outcome, ...(app !== undefined && { app }) }));
    return { state: "watching", domain, connected, posts: shown ?? [] } as const;
  }

  return {
    async request(domain, email, source, language) {
      const slot = await reserveMailSlot(ports, email.key, source);
      if ("limitedFor" in slot) return tooOften(slot);
      const now = clock.now();
      const mailAt = "mailAt" in slot && slot.mailAt > now ? slot.mailAt : undefined;
      const mail = "againAt" in slot ? "limited" : mailAt === undefined ? "queued" : "delayed";
      const ticket = newToken(random.bytes(TOKEN_BYTES));
      const code = newCode(random.bytes(CODE_BYTES));
      const id = hashToken(ticket);
      const expiresAt = (mailAt ?? now) + REGISTRATION_LIFE_MS;
      await registrations.create({
        id,
        domain,
        email: email.address,
        emailKey: email.key,
        language,
        codeHash: hashCode(id, code),
        source,
        requestedAt: now,
        expiresAt,
        state: "waiting",
        wrongCodes: 0,
        mail,
        ...(mailAt !== undefined && { mailAt }),
        ...("againAt" in slot && { againAt: slot.againAt }),
      });
      if (mail === "queued") await mailQueue.registration(id);
      telemetry.metric("Registration", 1, { outcome: mail === "queued" ? "requested" : mail });
      return { ticket, code, reference: referenceOf({ id }), expiresIn: seconds(expiresAt - now) };
    },

    async poll(ticket) {
      const registration = await find(ticket);
      if (registration === undefined) return undefined;
      const now = clock.now();
      const progress = progressOf(registration, now, limits.wrongCodesPerRegistration);
      if (progress === "waiting") return waiting(registration, now);
      if (isWatched(registration, now)) {
        const taken = await secrets.find(registration.domain);
        return taken === undefined ? { state: "expired", reason: "lost" } : watch(registration, taken, now);
      }
      const { domain, secretId } = registration;
      if (secretId === undefined)
        return { state: "expired", reason: failureOf(registration, limits.wrongCodesPerRegistration) };
      const found = await secrets.find(domain);
      if (progress === "confirmed" && found?.current.id === secretId)
        return { state: "confirmed", domain, password: found.current.secret };
      return found !== undefined && knows(found, secretId)
        ? { state: "expired", domain }
        : { state: "expired", reason: "lost" };
    },

    async resend(ticket, source) {
      const registration = await find(ticket);
      const slots = registration === undefined ? [] : slotAllowances(limits, registration.emailKey, source);
      const limited = await countRequest(ports, source, slots);
      if (limited !== undefined) return tooOften(limited);
      const again = registration && (await registrations.queueAgain(registration.id, clock.now()));
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
