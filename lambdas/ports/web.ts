import type { AccessLink, Visitor } from "../core/domains/visitor.ts";
import type { WebSession } from "../core/web/web-session.ts";
import type { AccessLinkStore } from "./domains.ts";

/** Who runs the service, for the footer of its pages (views/shared/reader.ts). */
export type Operator = Readonly<Partial<Record<"name" | "contact" | "help" | "privacy", string | undefined>>>;

export interface StoredLink extends AccessLink {
  readonly wrongCodes: number;
}

/**
 * Links in emails and the web sessions that they are exchanged for. Tokens are known only by their hashes
 * (core/shared/token.ts). Times in Unix ms; nothing is found after its time. All throw DependencyError.
 */
export interface WebSessions extends AccessLinkStore {
  /** Does not use it up. */
  findLink(hash: string, now: number): Promise<StoredLink | undefined>;
  /** Counts a wrong code; returns the new count. */
  countWrongCode(hash: string): Promise<number>;
  /**
   * Opens a session and, in the same step, uses up a link that has a code: one of many concurrent callers succeeds, the
   * others get undefined, like those after `wrongCodes` wrong codes.
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
