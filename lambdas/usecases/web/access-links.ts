import type { EmailAddress } from "../../core/shared/email.ts";
import type { Language } from "../../core/shared/language.ts";
import type { Visitor } from "../../core/domains/visitor.ts";
import { hashToken, isToken, newToken, pastedToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { WEB_SESSION_LIFE_MS, type WebSession } from "../../core/web/web-session.ts";
import type { Random } from "../../ports/clock.ts";
import type { NoticeQueue, Notices } from "../../ports/domains.ts";
import type { WebSessions } from "../../ports/web.ts";
import { countRequest, type Limited, type RequestLimitPorts } from "../shared/request-limit.ts";

export interface AccessLinkPorts extends RequestLimitPorts {
  readonly sessions: WebSessions;
  readonly notices: Pick<Notices, "add">;
  readonly noticeQueue: NoticeQueue;
  readonly random: Random;
}

/** A session as its browser gets it: the token goes into a cookie and is stored nowhere. `maxAge` in s. */
export interface Opened {
  readonly token: string;
  readonly maxAge: number;
}

/** From a request for a link to the session behind it (docs/pages.md). All throw DependencyError. */
export interface AccessLinks {
  /**
   * The same calls and the same answer for every domain and address: what mail goes out is decided behind the queue.
   */
  ask(domain: string, email: EmailAddress, source: string, language: Language): Promise<Limited | undefined>;
  /** Which domain a link leads to; changes nothing, as mail scanners open every link. */
  find(link: string): Promise<Visitor | undefined>;
  /** Exchanges the link for a session, once. */
  enter(link: string): Promise<Opened | undefined>;
  session(token: string): Promise<WebSession | undefined>;
  leave(token: string): Promise<void>;
}

export function accessLinks(ports: AccessLinkPorts): AccessLinks {
  const { sessions, notices, noticeQueue, clock, random, telemetry } = ports;
  const report = (outcome: string) => telemetry.metric("AccessLink", 1, { outcome });

  return {
    async ask(domain, email, source, language) {
      const limited = await countRequest(ports, source);
      if (limited !== undefined) {
        report("limited");
        return limited;
      }
      const at = clock.now();
      const id = newToken(random.bytes(TOKEN_BYTES));
      await notices.add(id, { kind: "access", account: domain, to: email.key, at, language, source });
      await noticeQueue.notice(id, 0);
      report("asked");
      return undefined;
    },

    async find(pasted) {
      const link = pastedToken(pasted);
      return link === undefined ? undefined : sessions.findLink(hashToken(link), clock.now());
    },

    async enter(pasted) {
      const link = pastedToken(pasted);
      if (link === undefined) return undefined;
      const token = newToken(random.bytes(TOKEN_BYTES));
      const now = clock.now();
      const until = now + WEB_SESSION_LIFE_MS;
      const visitor = await sessions.exchange(hashToken(link), hashToken(token), now, until);
      report(visitor === undefined ? "refused" : "entered");
      return visitor && { token, maxAge: WEB_SESSION_LIFE_MS / 1000 };
    },

    session: async (token) => (isToken(token) ? sessions.find(hashToken(token), clock.now()) : undefined),

    async leave(token) {
      if (isToken(token)) await sessions.end(hashToken(token));
    },
  };
}
