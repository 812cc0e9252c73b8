import type { ConsoleSession, SignInAttempt } from "../../../lambdas/core/admin/console-session.ts";
import type { ConsoleSessions } from "../../../lambdas/ports/admin.ts";
import { fresh, later } from "./later.ts";

export function memoryConsoleSessions(): ConsoleSessions {
  const attempts = new Map<string, { readonly attempt: SignInAttempt; readonly until: number }>();
  const sessions = new Map<string, ConsoleSession>();
  return {
    async addAttempt(hash, attempt, until) {
      await later();
      attempts.set(hash, { attempt, until });
    },
    async takeAttempt(hash, now) {
      await later();
      const found = attempts.get(hash);
      attempts.delete(hash);
      return fresh(found, now)?.attempt;
    },
    async add(hash, session) {
      await later();
      sessions.set(hash, session);
    },
    async find(hash, now) {
      await later();
      return fresh(sessions.get(hash), now);
    },
    async end(hash, now) {
      await later();
      const found = sessions.get(hash);
      sessions.delete(hash);
      return fresh(found, now);
    },
  };
}
