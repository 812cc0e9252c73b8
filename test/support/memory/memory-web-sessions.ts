import type { WebSession } from "../../../lambdas/core/web/web-session.ts";
import type { StoredLink, WebSessions } from "../../../lambdas/ports/web.ts";
import { fresh, later } from "./later.ts";

export function memoryVisits(): WebSessions {
  const links = new Map<string, StoredLink & { readonly until: number }>();
  const sessions = new Map<string, WebSession>();

  return {
    async add(hash, link, until) {
      await later();
      links.set(hash, { ...link, wrongCodes: 0, until });
    },
    async findLink(hash, now) {
      await later();
      const found = fresh(links.get(hash), now);
      if (found === undefined) return undefined;
      const { until, ...link } = found;
      return link;
    },
    async countWrongCode(hash) {
      await later();
      const link = links.get(hash);
      if (link === undefined) return Number.POSITIVE_INFINITY;
      links.set(hash, { ...link, wrongCodes: link.wrongCodes + 1 });
      return link.wrongCodes + 1;
    },
    async exchange(linkHash, sessionHash, now, until, wrongCodes) {
      await later();
      const link = fresh(links.get(linkHash), now);
      if (link === undefined || link.wrongCodes >= wrongCodes) return undefined;
      if (link.lock !== undefined) links.delete(linkHash);
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
