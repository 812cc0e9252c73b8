import type { Visitor } from "../core/domains/visitor.ts";
import type { WebSession } from "../core/web/web-session.ts";
import type { AccessLinkStore } from "./domains.ts";

/**
 * Links in mails and the web sessions that they are exchanged for. Tokens are known by their hashes alone
 * (core/registration/registration.ts), times in Unix ms; what is past its time is not there. All throw DependencyError.
 */
export interface WebSessions extends AccessLinkStore {
  /** Whom a link leads; looking does not use it up. */
  findLink(hash: string, now: number): Promise<Visitor | undefined>;
  /** Uses the link up and opens a session, both or neither: of many at once one succeeds, the others get undefined. */
  exchange(linkHash: string, sessionHash: string, now: number, until: number): Promise<Visitor | undefined>;
  find(sessionHash: string, now: number): Promise<WebSession | undefined>;
  end(sessionHash: string): Promise<void>;
}
