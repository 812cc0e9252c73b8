import { CONSOLE_SESSION_LIFE_MS, SIGN_IN_LIFE_MS, type ConsoleSession } from "../../core/admin/console-session.ts";
import { actorOf, personOf, roleOf, type Person, type RoleGroups } from "../../core/admin/person.ts";
import { withoutAddresses } from "../../core/shared/email.ts";
import { bySource, HOUR_MS } from "../../core/shared/limits.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { hashToken, isToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import type { ConsoleSessions, IdentityProvider } from "../../ports/admin.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Counters } from "../../ports/counters.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface SignInPorts {
  readonly provider: IdentityProvider;
  readonly sessions: ConsoleSessions;
  readonly counters: Counters;
  readonly groups: RoleGroups;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/**
 * - `expired`: this browser has begun no sign-in, or it was finished already or took too long
 * - `denied`, `invalid`: as IdentityProvider.finish · `provider`: it does not answer, or refuses us
 * - `group`: none of their groups has a role here · `limited`: too many from this source
 */
export type SignInError = "expired" | "denied" | "invalid" | "provider" | "group" | "limited";

/** What a browser keeps in a cookie, and for how long, in s. Nothing else knows the token. */
interface Kept {
  readonly token: string;
  readonly maxAge: number;
}

/** From the button to the session, and out again. All throw DependencyError if our own table does not answer. */
export interface SignIn {
  /** @param source address of the client */
  begin(source: string): Promise<Result<Kept & { readonly url: string }, SignInError>>;
  /** @param token that `begin` gave this browser @param query of the URL that it came back to */
  finish(token: string, query: string): Promise<Result<Kept & { readonly person: Person }, SignInError>>;
  session(token: string): Promise<ConsoleSession | undefined>;
  /** Ends the session; returns where to end the provider's own, if it says. */
  end(token: string): Promise<string | undefined>;
}

/** Sign-ins that one subnet may begin within an hour: a whole company may share an address. */
const BEGUN_PER_HOUR = 300;
/** Longest ID token that is kept, in characters: with a longer one, the provider's logout URL might be too long. */
const MAX_ID_TOKEN = 3_000;

export function signIn(ports: SignInPorts): SignIn {
  const { provider, sessions, counters, groups, clock, random, telemetry } = ports;
  const freshToken = () => newToken(random.bytes(TOKEN_BYTES));

  function refuse(error: SignInError, reason?: string) {
    telemetry.metric("Admin", 1, { outcome: "sign-in-refused" });
    telemetry.log("warn", "sign-in refused", { error, reason });
    return fail(error);
  }

  /** The provider's answer; a failure becomes `provider`. */
  async function ask<T>(question: Promise<Result<T, SignInError>>): Promise<Result<T, SignInError>> {
    try {
      const answer = await question;
      return answer.ok ? answer : refuse(answer.error);
    } catch (error) {
      if (error instanceof DependencyError) return refuse("provider", error.message);
      throw error;
    }
  }

  return {
    async begin(source) {
      const now = clock.now();
      const allowance = { name: "sign-in-source", subject: "sign-ins", most: BEGUN_PER_HOUR, window: HOUR_MS };
      if ((await counters.take(bySource(allowance, source), now)).exceeded !== undefined) return refuse("limited");
      const begun = await ask(provider.begin().then(ok));
      if (!begun.ok) return begun;
      const token = freshToken();
      await sessions.addAttempt(hashToken(token), begun.value.attempt, now + SIGN_IN_LIFE_MS);
      return ok({ url: begun.value.url, token, maxAge: SIGN_IN_LIFE_MS / 1000 });
    },

    async finish(begunWith, query) {
      const attempt = isToken(begunWith) ? await sessions.takeAttempt(hashToken(begunWith), clock.now()) : undefined;
      if (attempt === undefined) return refuse("expired");
      const found = await ask(provider.finish(query, attempt));
      if (!found.ok) return found;
      const { name, subject, idToken, groups: theirs } = found.value;
      const role = roleOf(theirs, groups);
      if (role === undefined) return refuse("group");
      const person = personOf(name, subject, role);
      const token = freshToken();
      const until = clock.now() + CONSOLE_SESSION_LIFE_MS;
      const kept = idToken.length <= MAX_ID_TOKEN ? { idToken } : {};
      await sessions.add(hashToken(token), { person, until, ...kept });
      report("signed-in", person);
      return ok({ person, token, maxAge: CONSOLE_SESSION_LIFE_MS / 1000 });
    },

    session: async (token) => (isToken(token) ? sessions.find(hashToken(token), clock.now()) : undefined),

    async end(token) {
      const ended = isToken(token) ? await sessions.end(hashToken(token), clock.now()) : undefined;
      if (ended === undefined) return undefined;
      report("signed-out", ended.person);
      const there = await ask(provider.logoutUrl(ended.idToken).then(ok));
      return there.ok ? there.value : undefined;
    },
  };

  function report(action: string, person: Person): void {
    telemetry.metric("Admin", 1, { outcome: action });
    telemetry.log("info", "console", { action, role: person.role, actor: withoutAddresses(actorOf(person)) });
  }
}
