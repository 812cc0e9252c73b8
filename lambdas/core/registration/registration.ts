import type { Language } from "../shared/language.ts";
import type { MailProgress } from "../shared/email.ts";
import { randomText, sha256 } from "../shared/random-text.ts";

/** One registration under way (docs/protocol.md, Registration). Times in Unix ms. */
export interface Registration {
  /** Hash of the ticket that the Connect window holds. */
  readonly id: string;
  /** Lookup key of the domain. */
  readonly domain: string;
  /** Where the email goes; compared by `emailKey`. */
  readonly email: string;
  readonly emailKey: string;
  /** Language of the request, and so of the email. */
  readonly language: Language;
  readonly codeHash: string;
  /** Address that the request came from. */
  readonly source: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly state: "waiting" | "confirmed" | "ended";
  readonly wrongCodes: number;
  readonly mail: MailProgress;
  /** When a delayed email may leave. */
  readonly mailAt?: number;
  /** Too many emails were requested: none leaves before then. */
  readonly againAt?: number;
  readonly confirmedAt?: number;
  /** Which secret the ticket's holder may fetch. */
  readonly secretId?: string;
  /** When it was to be confirmed, the domain already belonged to another address. */
  readonly taken?: boolean;
}

/** Letters and digits that cannot be mistaken for one another. */
const [CLEAR_LETTERS, CLEAR_DIGITS] = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"];

/**
 * What the Connect window, its email and the page behind the link all show, so that people know which belong together:
 * `K7Q2`, never all digits, unlike a code. It proves nothing.
 */
export function referenceOf({ id }: Pick<Registration, "id">): string {
  const bytes = Buffer.from(sha256(`reference ${id}`), "hex");
  const letters = randomText(bytes.subarray(0, 16), CLEAR_LETTERS, 2);
  const digits = randomText(bytes.subarray(16), CLEAR_DIGITS, 2);
  return [...letters].map((letter, index) => `${letter}${digits.charAt(index)}`).join("");
}

/** How long code and link are valid, from when the email may be sent, in ms. */
export const REGISTRATION_LIFE_MS = 30 * 60_000; // 30 minutes
/** How long the secret waits for the ticket's holder, in ms. */
export const HANDOVER_LIFE_MS = 15 * 60_000; // 15 minutes

/** How long after the confirmation the ticket's holder sees what arrives from the domain, in ms. */
export const WATCH_LIFE_MS = 60 * 60_000; // 1 hour

/** Confirmed, and its secret acknowledged. */
export const isWatched = ({ state, confirmedAt = 0 }: Registration, now: number): boolean =>
  state === "ended" && confirmedAt + WATCH_LIFE_MS > now;

/** @param wrongCodes limit: this many wrong codes end a registration */
export function isOpen(registration: Registration, now: number, wrongCodes: number): boolean {
  return registration.state === "waiting" && registration.expiresAt > now && registration.wrongCodes < wrongCodes;
}

/** Why a registration failed: someone else's domain, too many wrong codes, given up, or not confirmed in time. */
export type Failure = "taken" | "codes" | "ended" | "time";

export function failureOf({ taken, wrongCodes, state }: Registration, most: number): Failure {
  if (taken === true) return "taken";
  if (wrongCodes >= most) return "codes";
  return state === "ended" ? "ended" : "time";
}

export type Progress = "waiting" | "confirmed" | "expired";

/** What the Connect window gets: `confirmed` until it is acknowledged or 15 minutes have passed. */
export function progressOf(registration: Registration, now: number, wrongCodes: number): Progress {
  if (isOpen(registration, now, wrongCodes)) return "waiting";
  const { state, confirmedAt } = registration;
  return state === "confirmed" && (confirmedAt ?? 0) + HANDOVER_LIFE_MS > now ? "confirmed" : "expired";
}
