import { isAccepted } from "../../core/domains/recent-posts.ts";
import { olderOf } from "../../core/pbx/secret.ts";
import type { Texts } from "../texts/texts.ts";
import type { OwnerView } from "../../core/domains/visitor.ts";

export type NextStep = keyof Texts["owner"]["next"]["steps"];

type Seen = Pick<OwnerView, "state" | "standing" | "secrets" | "connections" | "posts" | "refusedLogins" | "claim">;

/** What the owner should do first; undefined if the page says it already, or nothing can be done. */
export function nextStepOf(seen: Seen): NextStep | undefined {
  const { state, standing, secrets, connections, posts, refusedLogins, claim } = seen;
  if (state === "suspended" || claim !== undefined) return undefined;
  const known = typeof posts === "string" ? [] : posts.posts;
  const [last] = known;
  if (connections.length === 0) {
    const [refused] = refusedLogins;
    const isPassword = refused?.reason === "wrong-password" || refused?.reason === "old-password";
    if (isPassword && refused.at > (last?.at ?? 0)) return "refused";
    return last === undefined && secrets.current.usedAt === undefined && olderOf(secrets).length === 0
      ? "connect"
      : "reconnect";
  }
  const old = new Set(olderOf(secrets).map(({ id }) => id));
  if (connections.some(({ login }) => old.has(login.secretId))) return "password";
  if (last !== undefined && !isAccepted(last)) return "failed";
  if (standing === "provisional") return "prove";
  if (posts === "off") return undefined;
  return last === undefined ? "push" : "nothing";
}
