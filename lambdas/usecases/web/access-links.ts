import type { EmailAddress } from "../../core/shared/email.ts";
import type { Language } from "../../core/shared/language.ts";
import type { AccessLink } from "../../core/domains/visitor.ts";
import { KNOWN_NETWORK_MS } from "../../core/mail/known-network.ts";
import { CODE_BYTES, hashCode, isCode, newCode, pastedCode } from "../../core/shared/code.ts";
import { hashToken, isToken, newToken, pastedToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { WEB_SESSION_LIFE_MS, type WebSession } from "../../core/web/web-session.ts";
import type { Random } from "../../ports/clock.ts";
import type { NoticeQueue, Notices } from "../../ports/domains.ts";
import type { KnownNetworks } from "../../ports/mail.ts";
import type { WebSessions } from "../../ports/web.ts";
import { countRequest, type Limited, type RequestLimitPorts } from "../shared/request-limit.ts";

export interface AccessLinkPorts extends RequestLimitPorts {
  readonly sessions: WebSessions;
  readonly notices: Pick<Notices, "add">;
  readonly noticeQueue: NoticeQueue;
  readonly knownNetworks: Pick<KnownNetworks, "note">;
  readonly random: Random;
}

/** A session as its browser gets it: the token goes into a cookie and is stored nowhere. `maxAge` in s. */
interface Opened {
  readonly token: string;
  readonly maxAge: number;
}

/** What following a link leads to. `over`: used, expired, ended by wrong codes, or no such link. */
type Entered =
  | ({ readonly kind: "entered" } & Opened)
  /** What was typed cannot be a code, and costs no attempt. */
  | { readonly kind: "no-code"; readonly link: AccessLink }
  | { readonly kind: "wrong-code"; readonly link: AccessLink; readonly left: number }
  | { readonly kind: "over" };

/** From a request for a link to the session behind it (docs/pages.md). All throw DependencyError. */
export interface AccessLinks {
  /**
   * Makes the same calls and gives the same answer for every domain and address: what email is sent is decided behind
   * the queue. The link in it asks for the code.
   */
  ask(
    domain: string,
    email: EmailAddress,
    source: string,
    language: Language,
  ): Promise<{ readonly code: string } | Limited>;
  /** What a link is for; changes nothing, as mail scanners open every link. */
  find(link: string): Promise<AccessLink | undefined>;
  /**
   * Opens a session. A link with a code works once; one with a scope needs no code and keeps working, as mail scanners
   * press buttons too.
   */
  enter(link: string, typed: string): Promise<Entered>;
  session(token: string): Promise<WebSession | undefined>;
  leave(token: string): Promise<void>;
}

export function accessLinks(ports: AccessLinkPorts): AccessLinks {
  const { sessions, notices, noticeQueue, knownNetworks, clock, random, telemetry } = ports;
  const wrongCodes = ports.limits.wrongCodesPerRegistration;
  const report = (outcome: string) => telemetry.metric("AccessLink", 1, { outcome });

  const over = (): Entered => {
    report("refused");
    return { kind: "over" };
  };

  async function find(pasted: string): Promise<{ readonly hash: string; readonly link: AccessLink } | undefined> {
    const token = pastedToken(pasted);
    if (token === undefined) return undefined;
    const hash = hashToken(token);
    const link = await sessions.findLink(hash, clock.now());
    if (link === undefined || link.wrongCodes >= wrongCodes) return undefined;
    // A link to the whole page never comes without a code.
    return link.lock !== undefined || link.visitor.scope !== undefined ? { hash, link } : undefined;
  }

  async function countWrong(hash: string, link: AccessLink): Promise<Entered> {
    const left = wrongCodes - (await sessions.countWrongCode(hash));
    report("wrong-code");
    return left > 0 ? { kind: "wrong-code", link, left } : over();
  }

  return {
    async ask(domain, email, source, language) {
      const limited = await countRequest(ports, source);
      if (limited !== undefined) {
        report("limited");
        return limited;
      }
      const at = clock.now();
      const id = newToken(random.bytes(TOKEN_BYTES));
      const code = newCode(random.bytes(CODE_BYTES));
      const codeHash = hashCode(id, code);
      await notices.add(id, { kind: "access", account: domain, to: email.key, at, language, source, codeHash });
      await noticeQueue.notice(id, 0);
      report("asked");
      return { code };
    },

    find: async (pasted) => (await find(pasted))?.link,

    async enter(pasted, typed) {
      const found = await find(pasted);
      if (found === undefined) return over();
      const { hash, link } = found;
      const { lock, visitor } = link;
      if (lock !== undefined) {
        const code = pastedCode(typed);
        if (code === undefined) return { kind: "no-code", link };
        if (!isCode(code, lock)) return countWrong(hash, link);
        const until = clock.now() + KNOWN_NETWORK_MS;
        if (lock.source !== undefined) await knownNetworks.note(visitor.emailKey, lock.source, until);
      }
      const token = newToken(random.bytes(TOKEN_BYTES));
      const now = clock.now();
      const until = now + WEB_SESSION_LIFE_MS;
      if ((await sessions.exchange(hash, hashToken(token), now, until, wrongCodes)) === undefined) return over();
      report("entered");
      return { kind: "entered", token, maxAge: WEB_SESSION_LIFE_MS / 1000 };
    },

    session: async (token) => (isToken(token) ? sessions.find(hashToken(token), clock.now()) : undefined),

    async leave(token) {
      if (isToken(token)) await sessions.end(hashToken(token));
    },
  };
}
