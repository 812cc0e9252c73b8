import type { AuditEntry } from "../core/domains/audit.ts";
import type { Change } from "../core/domains/change.ts";
import type { Domain } from "../core/domains/domain.ts";
import type { Secrets } from "../core/domains/secrets.ts";

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
export interface Sought {
  /** Part of the account's key or of its owner's address, in lower case. */
  readonly text?: string;
  /** Only those that somebody claims. */
  readonly claimed?: boolean;
}

/** Domains and accounts as they are now. Throws DependencyError. */
export interface DomainReader {
  find(key: string): Promise<Domain | undefined>;
  /** Of some keys, those that exist. */
  findAll(keys: readonly string[]): Promise<readonly Domain[]>;
}

/** Domains and accounts with their history, to be changed. All throw DependencyError. */
export interface Domains extends DomainReader {
  /** In no particular order; new ones may be missing for a moment. A page may hold fewer than there are, even none. */
  list(limit: number, after?: string, only?: Sought): Promise<Page<Domain>>;
  /** Accounts with a secret of their own under a domain; one that has just been set up may be missing for a moment. */
  accountsOf(domain: string): Promise<readonly Domain[]>;
  /** Newest first. */
  history(key: string, limit: number): Promise<readonly AuditEntry[]>;
  /** Adds to the history what is no change; also of what is no domain, for instance an address. */
  note(key: string, entry: AuditEntry): Promise<void>;
  /**
   * Stores a change, its secrets, its audit entry, its notices (`named`) and the confirmation that asked
   * for it: all, or nothing when the domain is no longer as it was before the change, or the registration is no longer
   * open.
   */
  commit(change: Change, confirmation?: Confirmation): Promise<"stored" | "conflict">;
  /**
   * A PBX has logged in for the first time: no step of the history, but no change that read the domain before may be
   * stored after it. Nothing happens where there is no such domain, or one had before.
   */
  markUsed(key: string, at: number): Promise<void>;
}

/** Reads secrets; writing them is part of a domain's change. Throws DependencyError. */
export interface SecretsReader {
  find(key: string): Promise<Secrets | undefined>;
}
