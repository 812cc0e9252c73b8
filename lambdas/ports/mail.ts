import type { Suppression } from "../core/mail/suppression.ts";
import type { Page } from "./domains.ts";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Throws DependencyError; kinds `timeout` and `reset` mean that the email may have been sent anyway. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Hands work over to the mail function. Throws DependencyError. */
export interface MailQueue {
  registration(id: string): Promise<void>;
}

/** Addresses that get no email, or got none until recently (core/mail/suppression.ts). All throw DependencyError. */
export interface Suppressions {
  find(address: string): Promise<Suppression | undefined>;
  /** Replaces a bounce; a complaint stays. */
  add(suppression: Suppression): Promise<void>;
  /** False if there was none. */
  remove(address: string): Promise<boolean>;
  list(limit: number, after?: string): Promise<Page<Suppression>>;
}

/**
 * Networks from which a mailbox's reader has requested a code and entered it: requests from elsewhere do not use up
 * their emails. Throws DependencyError.
 */
export interface KnownNetworks {
  /** @param source an address in it @param until Unix ms */
  note(emailKey: string, source: string, until: number): Promise<void>;
  knows(emailKey: string, source: string, now: number): Promise<boolean>;
}
