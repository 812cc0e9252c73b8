import type { AuditEntry } from "../domains/audit.ts";
import type { Domain } from "../domains/domain.ts";
import type { PostsView } from "../domains/recent-posts.ts";
import type { Suppression } from "../mail/suppression.ts";
import type { ConnectionDetails } from "../pbx/connection.ts";
import type { KeptRefusedLogin } from "../pbx/refused-logins.ts";
import type { App, EventKind } from "../push/apps.ts";
import type { PushError } from "../push/push-error.ts";

/** A domain in a list of the console. */
export interface SeenDomain {
  readonly domain: Domain;
  /** Undefined: not known (ports/admin.ts). */
  readonly connected: boolean | undefined;
  /** For one that is not connected, if it is kept, in Unix ms. */
  readonly lastPostAt?: number;
}

/** `until` in Unix ms; absent: until an operator allows the address again. */
export type SuppressionView = Suppression & { readonly until: number | undefined };

export interface DomainDetails {
  readonly domain: Domain;
  readonly connections: readonly ConnectionDetails[];
  /** Refused logins of the last week, newest first: all that are kept (core/pbx/refused-logins.ts). */
  readonly refusedLogins: readonly KeptRefusedLogin[];
  /** Undefined if it has not posted for 30 days, or the stage keeps none. */
  readonly posts?: PostsView;
  /** Why its owner gets no email. */
  readonly suppression?: SuppressionView;
  /** Newest first. */
  readonly history: readonly AuditEntry[];
}

type Readable<T> = T | { readonly problem: string };

/** An app as its operator sees it; `problem`: why something could not be read. Times in Unix ms. */
export interface AppState {
  readonly app: Pick<App, "id" | "platform" | "bundle" | "default">;
  readonly application: Readable<{ readonly enabled: boolean; readonly expiresAt: number | undefined }>;
  readonly credential: Readable<{ readonly changedAt: number; readonly expiresAt: number | undefined }>;
}

/** The answer that a PBX would have got, and what the vendor reported while we waited. */
export interface TestPushResult {
  /** Undefined: it was accepted. */
  readonly error?: PushError;
  /** App that the token names; undefined if it names none. */
  readonly app?: string;
  readonly type?: EventKind;
  /** Time to the answer, in ms. */
  readonly ms: number;
  /** `none`: no failure was reported within `waitedMs`; delivery itself is never confirmed. */
  readonly later?: "gone" | "bad-message" | "none";
  readonly waitedMs?: number;
}
