import type { MailProgress } from "../core/shared/email.ts";
import type { Registration } from "../core/registration/registration.ts";

/** Registrations under way, found by the hash of their ticket (the id) or of their link. All throw DependencyError. */
export interface Registrations {
  create(registration: Registration): Promise<void>;
  find(id: string): Promise<Registration | undefined>;
  findByLink(linkHash: string): Promise<Registration | undefined>;
  /** A registration may have several links: an email that may have been lost is sent again with another one. */
  addLink(linkHash: string, registration: Registration): Promise<void>;
  /** Counts a wrong code; returns the new count. */
  countWrongCode(id: string): Promise<number>;
  /** Ends a registration that was acknowledged or given up, or whose domain is taken. */
  end(id: string, why?: "taken"): Promise<void>;
  /**
   * Leases an email that is still to be sent, until `until` (Unix ms): "busy" if someone else has leased it, undefined
   * if there is none to send.
   */
  leaseMail(id: string, now: number, until: number): Promise<Registration | "busy" | undefined>;
  /** Requests the email again, unless one is still to be sent. Undefined: no registration, or it no longer waits. */
  queueAgain(id: string, now: number): Promise<Registration | undefined>;
  /** Those of a domain that wait to be confirmed; a new one may be missing for a moment. */
  waiting(domain: string, now: number): Promise<readonly Registration[]>;
  /** Stores how far the email has come; `release` also ends the lease. */
  setMail(id: string, mail: MailProgress, release: boolean): Promise<void>;
}
