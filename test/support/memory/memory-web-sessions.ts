import type { Visitor } from "../../../lambdas/core/domains/visitor.ts";
import type { WebSession } from "../../../lambdas/core/web/web-session.ts";
import type { WebSessions } from "../../../lambdas/ports/web.ts";

/** Every call answers later, never at once, so that calls overlap as they do over a network. */
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

export function memoryVisits(): WebSessions {
  const links = new Map<string, WebSession>();
  const sessions = new Map<string, WebSession>();
  const fresh = (found: WebSession | undefined, now: number) =>
    found !== undefined && found.until > now ? found : undefined;

  return {
    async add(hash, visitor: Visitor, until) {
      await later();
      links.set(hash, { visitor, until });
    },
    async findLink(hash, now) {
      await later();
      return fresh(links.get(hash), now)?.visitor;
    },
    async exchange(linkHash, sessionHash, now, until) {
      await later();
      const link = fresh(links.get(linkHash), now);
      if (link === undefined) return undefined;
      links.delete(linkHash);
      sessions.set(sessionHash, { visitor: link.visitor, until });
      return link.visitor;
    },
    async find(sessionHash, now) {
      await later();
      return fresh(sessions.get(sessionHash), now);
    },
    async end(sessionHash) {
      await later();
      sessions.delete(sessionHash);
    },
  };
}
