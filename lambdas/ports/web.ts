import type { AccessLink, Visitor } from "../core/domains/visitor.ts";
import type { WebSession } from "../core/web/web-session.ts";
import type { AccessLinkStore } from "./domains.ts";

/** Who runs the service, for the foot of its pages (views/shared/reader.ts). */
export type Operator = Readonly<Partial<Record<"name" | "contact" | "help" | "privacy", string | undefined>>>;

export interface StoredLink extends AccessLink {
  readonly wrongCodes: number;
}

/**
 * Links in emails and the web sessions that they are exchanged for. Tokens are known by their hashes alone
 * (core/shared/token.ts), times in Unix ms; what is past its time is not there. All throw DependencyError.
 */
export interface WebSessions extends AccessLinkStore {
  /** Looking does not use it up. */
  findLink(hash: string, now: number): Promise<StoredLink | undefined>;
  /** Counts a wrong code; the count after it. */
  countWrongCode(hash: string): Promise<number>;
  /**
   * Opens a session. A link with a code is used up by it, both or neither: of many at once one succeeds, the others get
   * undefined; so do those that come after `wrongCodes` wrong ones.
   */
  exchange(
    linkHash: string,
    sessionHash: string,
    now: number,
    until: number,
    wrongCodes: number,
  ): Promise<Visitor | undefined>;
  find(sessionHash: string, now: number): Promise<WebSession | undefined>;
  end(sessionHash: string): Promise<void>;
}
