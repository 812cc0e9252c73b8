import type { Notice, Visitor } from "../core/domains/notice.ts";
import type { MailProgress } from "../core/registration/registration.ts";

/** Hands notices over to the mail function. Throws DependencyError. */
export interface NoticeQueue {
  /** @param id of a notice that is stored together with the change it tells of, or will be within `afterSeconds` */
  notice(id: string, afterSeconds: number): Promise<void>;
}

/** A notice on its way; `mailAt` (Unix ms): since when its mail is where it is, unless it has not begun. */
export type PendingNotice = Notice & { readonly id: string; readonly mail: MailProgress; readonly mailAt?: number };

/** Notices on their way; most are stored with the change they tell of (ports/domains.ts). All throw DependencyError. */
export interface Notices {
  /** Stores one that tells of no change: a link that somebody asked for. */
  add(id: string, notice: Notice): Promise<void>;
  /**
   * Takes one that is still to go out in hand until `until` (Unix ms): "busy" if somebody else has it in hand,
   * undefined if there is none to send.
   */
  claimMail(id: string, now: number, until: number): Promise<PendingNotice | "busy" | undefined>;
  /** Notes how far the mail has come, and when (Unix ms); `release` lets go of it as well. */
  setMail(id: string, mail: MailProgress, release: boolean, at: number): Promise<void>;
  /** One as it stands; undefined where it is unknown or forgotten (after 30 days). */
  find(id: string): Promise<PendingNotice | undefined>;
}

/** Links in mails: each leads one visitor, once, to a web session. Throws DependencyError. */
export interface AccessLinks {
  /** @param hash of the link's token (core/registration.ts) @param until Unix ms */
  add(hash: string, visitor: Visitor, until: number): Promise<void>;
}
