import type { AuditEntry } from "../core/domains/audit.ts";
import type { Change } from "../core/domains/change.ts";
import type { Domain } from "../core/domains/domain.ts";
import type { AccountSecrets } from "../core/pbx/secret.ts";
import type { AccessLink } from "../core/domains/visitor.ts";
import type { Notice } from "../core/domains/notice.ts";
import type { RecentPosts } from "../core/domains/recent-posts.ts";
import type { MailProgress } from "../core/shared/email.ts";

/** What must hold for a registration, and what is stored in it, together with a change of its domain. */
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
  /** Pass it as `after` for the next page; undefined at the end. */
  readonly next?: string | undefined;
}

/** What a list is narrowed to. */
export interface ListFilter {
  /** Part of the account's key or of its owner's address, in lower case. */
  readonly text?: string;
  /** Only claimed ones. */
  readonly claimed?: boolean;
}

/** Domains and accounts as they are now. Throws DependencyError. */
export interface DomainReader {
  find(account: string): Promise<Domain | undefined>;
  /** Those that exist. */
  findAll(keys: readonly string[]): Promise<readonly Domain[]>;
  /** Accounts with a secret of their own under a domain; one that has just been set up may be missing for a moment. */
  accountsOf(domain: string): Promise<readonly Domain[]>;
}

/** Domains and accounts with their history, and changes of them. All throw DependencyError. */
export interface Domains extends DomainReader {
  /** In no particular order; new ones may be missing for a moment. A page may hold fewer than `limit`, even none. */
  list(limit: number, after?: string, only?: ListFilter): Promise<Page<Domain>>;
  /** Newest first. */
  history(account: string, limit: number): Promise<readonly AuditEntry[]>;
  /** Adds an entry that is not a change; also for what is not a domain, for instance an address. */
  note(account: string, entry: AuditEntry): Promise<void>;
  /**
   * Stores a change with its secrets, audit entry, notices (`named`) and confirmation; nothing of it (`conflict`) if
   * the domain is no longer as it was before the change, or the registration is no longer open.
   */
  commit(change: Change, confirmation?: Confirmation): Promise<"stored" | "conflict">;
  /**
   * Stores the first login with a secret (core/domains/domain.ts, usedBy). The history does not show it, but a change
   * that read the domain before can no longer be stored.
   */
  saveUse(before: Domain, after: Domain): Promise<"stored" | "conflict">;
  /** Lists those of at most 100 domains (core/domains/lists.ts) that an earlier version of this service stored. */
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

/** A notice to be sent; `mailAt` (Unix ms): when `mail` last changed, absent at first. */
export type PendingNotice = Notice & { readonly id: string; readonly mail: MailProgress; readonly mailAt?: number };

/** Notices to be sent; most are stored with the change they are about (ports/domains.ts). All throw DependencyError. */
export interface Notices {
  /** Stores one that is not about a change: a link that someone requested. */
  add(id: string, notice: Notice): Promise<void>;
  /**
   * Leases one that is still to be sent, until `until` (Unix ms): "busy" if someone else has leased it, undefined if
   * there is none to send.
   */
  leaseMail(id: string, now: number, until: number): Promise<PendingNotice | "busy" | undefined>;
  /** Stores how far the email has come, and when (Unix ms); `release` also ends the lease. */
  setMail(id: string, mail: MailProgress, release: boolean, at: number): Promise<void>;
  /** Undefined if it is unknown or older than 30 days. */
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
  /** The value for this domain and address; `fresh` becomes it if there is none at `now` (Unix ms). */
  current(domain: string, emailKey: string, fresh: TxtValue, now: number): Promise<TxtValue>;
  /** It has been used: the next proof needs another. */
  end(domain: string, emailKey: string): Promise<void>;
}

/** The DNS as everybody sees it. Throws DependencyError when it does not answer in time. */
export interface TxtRecords {
  /** All TXT records of a name, each in one piece; none if there is no such name. */
  find(name: string): Promise<readonly string[]>;
}

/** Reads what is kept about a domain's posts; undefined if it has not posted for 30 days. Throws DependencyError. */
export interface RecentPostsReader {
  find(domain: string): Promise<RecentPosts | undefined>;
}

/** The same for many domains in one read. Throws DependencyError. */
export interface RecentPostsLists {
  /** @param domains at most 100; those of which nothing is kept are left out */
  findAll(domains: readonly string[]): Promise<readonly RecentPosts[]>;
}

export interface RecentPostsStore extends RecentPostsReader {
  /** Writes it if the stored one is still `before`; false: it has changed. Throws DependencyError. */
  replace(posts: RecentPosts, before: RecentPosts | undefined): Promise<boolean>;
}
