import type { MailProgress } from "../core/shared/email.ts";
import type { Registration } from "../core/registration/registration.ts";

/** Registrations under way, found by the hash of their ticket (the id) or of their link. All throw DependencyError. */
export interface Registrations {
  create(registration: Registration): Promise<void>;
  find(id: string): Promise<Registration | undefined>;
  findByLink(linkHash: string): Promise<Registration | undefined>;
  /** A registration may have several links: a mail that may have been lost is sent again with another one. */
  addLink(linkHash: string, registration: Registration): Promise<void>;
  /** Counts a wrong code; the count after it. */
  countWrongCode(id: string): Promise<number>;
  /** Acknowledged, given up, or the domain is taken: nothing more comes of it. */
  end(id: string, why?: "taken"): Promise<void>;
  /**
   * Takes a mail that is still to go out in hand until `until` (Unix ms): "busy" if someone else has it in hand,
   * undefined if there is none to send.
   */
  leaseMail(id: string, now: number, until: number): Promise<Registration | "busy" | undefined>;
  /**
   * Asks for the mail once more, unless one is still to go out. Undefined: there is no such registration, or it does
   * not wait any more.
   */
  queueAgain(id: string, now: number): Promise<Registration | undefined>;
  /** Those of a domain that wait for their confirmation; one that has just begun may be missing for a moment. */
  waiting(domain: string, now: number): Promise<readonly Registration[]>;
  /** Notes how far the mail has come; `release` lets go of it as well. */
  setMail(id: string, mail: MailProgress, release: boolean): Promise<void>;
}
