import type { AuditEntry } from "../core/domains/audit.ts";
import type { Change } from "../core/domains/change.ts";
import type { Domain } from "../core/domains/domain.ts";
import type { AccountSecrets } from "../core/pbx/secret.ts";
import type { AccessLink } from "../core/domains/visitor.ts";
import type { Notice } from "../core/domains/notice.ts";
import type { RecentPosts } from "../core/domains/recent-posts.ts";
import type { MailProgress } from "../core/shared/email.ts";

/** Of one registration, what has to be true and becomes true together with a change of its domain. */
export interface Confirmation {
  /** Id of the registration. */
  readonly registration: string;
  /** Which secret its ticket may fetch from now on. */
  readonly secretId: string;
  /** It must still have fewer wrong codes than this. */
  readonly wrongCodes: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back for what follows; undefined at the end. */
  readonly next?: string | undefined;
}

/** What a list is narrowed to. */
export interface ListFilter {
  /** Part of the account's key or of its owner's address, in lower case. */
  readonly text?: string;
  /** Only those that someone claims. */
  readonly claimed?: boolean;
}

/** Domains and accounts as they are now. Throws DependencyError. */
export interface DomainReader {
  find(account: string): Promise<Domain | undefined>;
  /** Of some keys, those that exist. */
  findAll(keys: readonly string[]): Promise<readonly Domain[]>;
  /** Accounts with a secret of their own under a domain; one that has just been set up may be missing for a moment. */
  accountsOf(domain: string): Promise<readonly Domain[]>;
}

/** Domains and accounts with their history, to be changed. All throw DependencyError. */
export interface Domains extends DomainReader {
  /** In no particular order; new ones may be missing for a moment. A page may hold fewer than there are, even none. */
  list(limit: number, after?: string, only?: ListFilter): Promise<Page<Domain>>;
  /** Newest first. */
  history(account: string, limit: number): Promise<readonly AuditEntry[]>;
  /** Adds to the history what is no change; also of what is no domain, for instance an address. */
  note(account: string, entry: AuditEntry): Promise<void>;
  /**
   * Stores a change, its secrets, its audit entry, its notices (`named`) and the confirmation that asked
   * for it: all, or nothing when the domain is no longer as it was before the change, or the registration is no longer
   * open.
   */
  commit(change: Change, confirmation?: Confirmation): Promise<"stored" | "conflict">;
  /**
   * Stores that a PBX has logged in with a secret that none had used (core/domains/domain.ts, usedBy): no step of the
   * history, but no change that read the domain before may be stored after it.
   */
  saveUse(before: Domain, after: Domain): Promise<"stored" | "conflict">;
  /** Of at most 100 domains, puts those in their lists (core/domains/lists.ts) that an earlier version of this service stored. */
  relist(accounts: readonly string[]): Promise<void>;
}

/** Reads secrets; writing them is part of a domain's change. Throws DependencyError. */
export interface SecretsReader {
  find(account: string): Promise<AccountSecrets | undefined>;
}

/** Hands notices over to the mail function. Throws DependencyError. */
export interface NoticeQueue {
  /** @param id of a notice that is stored together with the change it is about, or will be within `afterSeconds` */
  notice(id: string, afterSeconds: number): Promise<void>;
}

/** A notice on its way; `mailAt` (Unix ms): since when its mail is where it is, unless it has not begun. */
export type PendingNotice = Notice & { readonly id: string; readonly mail: MailProgress; readonly mailAt?: number };

/** Notices on their way; most are stored with the change they are about (ports/domains.ts). All throw DependencyError. */
export interface Notices {
  /** Stores one that is about no change: a link that someone asked for. */
  add(id: string, notice: Notice): Promise<void>;
  /**
   * Takes one that is still to go out in hand until `until` (Unix ms): "busy" if someone else has it in hand,
   * undefined if there is none to send.
   */
  leaseMail(id: string, now: number, until: number): Promise<PendingNotice | "busy" | undefined>;
  /** Notes how far the mail has come, and when (Unix ms); `release` lets go of it as well. */
  setMail(id: string, mail: MailProgress, release: boolean, at: number): Promise<void>;
  /** One as it stands; undefined where it is unknown or forgotten (after 30 days). */
  find(id: string): Promise<PendingNotice | undefined>;
}

/** Links in emails, each of which leads one visitor to a web session. Throws DependencyError. */
export interface AccessLinkStore {
  /** @param hash of the link's token (core/shared/token.ts) @param until Unix ms */
  add(hash: string, link: AccessLink, until: number): Promise<void>;
}

/** A value that a visitor is to put into the DNS. */
export interface TxtValue {
  readonly value: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Values for TXT records, each for one domain and one address. All throw DependencyError. */
export interface TxtValues {
  /** The value of this domain and address; `fresh` becomes it if there is none at `now` (Unix ms). */
  current(domain: string, emailKey: string, fresh: TxtValue, now: number): Promise<TxtValue>;
  /** It has served: the next proof needs another. */
  end(domain: string, emailKey: string): Promise<void>;
}

/** The DNS as everybody sees it. Throws DependencyError when it does not answer in time. */
export interface TxtRecords {
  /** All TXT records of a name, each in one piece; none if there is no such name. */
  find(name: string): Promise<readonly string[]>;
}

/** Reads what is kept of a domain's posts; undefined where it never posted, or not for 30 days. Throws DependencyError. */
export interface RecentPostsReader {
  find(domain: string): Promise<RecentPosts | undefined>;
}

/** The same of many domains by one read. Throws DependencyError. */
export interface RecentPostsLists {
  /** @param domains 100 at most; one of which nothing is kept is not among what comes back */
  findAll(domains: readonly string[]): Promise<readonly RecentPosts[]>;
}

export interface RecentPostsStore extends RecentPostsReader {
  /** Writes it if it is still as `before`; false: someone else was faster. Throws DependencyError. */
  replace(posts: RecentPosts, before: RecentPosts | undefined): Promise<boolean>;
}
