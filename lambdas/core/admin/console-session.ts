import type { Person } from "./person.ts";

/** How long someone may take to sign in at their identity provider, and how long they are signed in after that, in ms. */
export const SIGN_IN_LIFE_MS = 10 * 60_000; // 10 minutes
export const CONSOLE_SESSION_LIFE_MS = 60 * 60_000; // 1 hour

/** What the identity provider's answer is checked against; each is used once, by the browser that began. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** Code verifier of PKCE (RFC 7636). */
  readonly verifier: string;
}

export interface ConsoleSession {
  readonly person: Person;
  /** Unix ms. */
  readonly until: number;
  /** Tells the identity provider whose session to end with this one; absent if it was too long to keep. */
  readonly idToken?: string | undefined;
}
