import type { Role } from "../../../lambdas/core/admin/person.ts";
import { formToken } from "../../../lambdas/core/web/web-session.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { consoleHandler } from "../../../lambdas/handlers/admin/console/console.ts";
import { domainRoutes } from "../../../lambdas/handlers/admin/console/domain.ts";
import { listRoutes } from "../../../lambdas/handlers/admin/console/lists.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import type { IdentityProvider } from "../../../lambdas/ports/admin.ts";
import type { HttpRequest, HttpResponse } from "../../../lambdas/middleware/http.ts";
import { isCoveredBy } from "../../../lambdas/usecases/domains/close-connections.ts";
import { listDomains } from "../../../lambdas/usecases/admin/list-domains.ts";
import { operatorQueries } from "../../../lambdas/usecases/admin/queries.ts";
import { signIn } from "../../../lambdas/usecases/admin/sign-in.ts";
import { memoryConsoleSessions } from "../memory/memory-console.ts";
import { ownershipServices } from "./ownership.ts";

const PUBLIC_URL = "https://push.example.com";

const actorIn = (given: unknown): readonly string[] =>
  typeof given === "string"
    ? given.startsWith("operator ")
      ? [given]
      : []
    : Object.values(given ?? {}).flatMap(actorIn);

/** Wraps an object's functions to record each call's name and actor. */
function noting<T extends object>(works: T, done: string[], actors: string[] = []): T {
  const noted = Object.entries(works).map(([name, work]) => [
    name,
    (...given: unknown[]) => {
      done.push(name);
      actors.push(...given.flatMap(actorIn));
      return (work as (...all: unknown[]) => unknown)(...given);
    },
  ]);
  return Object.fromEntries(noted) as T;
}

/** A provider whose query says who signs in, such as `name=Anna&groups=operators`, or how it fails. */
const provider: IdentityProvider = {
  begin: () =>
    Promise.resolve({ url: "https://id.example.com/auth", attempt: { state: "s", nonce: "n", verifier: "v" } }),
  finish(query) {
    const asked = new URLSearchParams(query);
    if (asked.get("fails") === "denied") return Promise.resolve(fail("denied"));
    if (asked.get("fails") === "hangs") return Promise.reject(new DependencyError("oidc.token", "timeout"));
    const name = asked.get("name");
    if (name === null) return Promise.resolve(fail("invalid"));
    return Promise.resolve(ok({ subject: `${name}-1`, name, groups: asked.getAll("groups"), idToken: "ey" }));
  },
  logoutUrl: () => Promise.resolve("https://id.example.com/end"),
};

/** The console with every use case behind it, over memory. */
export function consoleServices() {
  const services = ownershipServices();
  const [done, looks, actors]: [string[], string[], string[]] = [[], [], []];
  const { domains, suppressions } = services;
  const queries = operatorQueries({ ...services, suppressions });
  const page = async () => ({ items: (await domains.list(50)).items });
  const isConnected = (account: string) =>
    [...services.sockets.open.values()].some(({ login }) => login !== undefined && isCoveredBy(login, account));
  const lists = listDomains({
    lists: { page },
    presence: {
      connected: (keys) => Promise.resolve(new Map(keys.map(({ account }) => [account, isConnected(account)]))),
    },
    recentPosts: services.recentPosts,
    clock: services.clock,
  });
  const commands = noting(services.office, done, actors);
  const others = noting(
    {
      testPush: () => Promise.resolve({ ms: 12, app: "ios", type: "call", later: "none", waitedMs: 8_000 } as const),
      liftMark: () => Promise.resolve(ok(true)),
    },
    done,
    actors,
  );
  const apps = () => Promise.resolve([]);
  const routes = {
    ...listRoutes({ lists, queries, commands, apps, liftMark: others.liftMark }),
    ...domainRoutes({
      commands,
      queries,
      testPush: others.testPush,
      pushUrl: `${PUBLIC_URL}/push/ws`,
      testSecrets: false,
    }),
  };
  const answer = consoleHandler({
    signIn: signIn({
      ...services,
      provider,
      sessions: noting(memoryConsoleSessions(), looks),
      groups: { support: "support", operator: "operator" },
    }),
    routes,
    assets: {},
    clock: services.clock,
    publicUrl: PUBLIC_URL,
  });

  interface Asked {
    readonly cookie?: string;
    readonly form?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
  }
  const ask = (method: string, path: string, { cookie, form, query, headers }: Asked = {}): Promise<HttpResponse> => {
    const request: HttpRequest = {
      method,
      path,
      query: new URLSearchParams(query),
      headers: {
        accept: "text/html",
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
      cookies: cookie === undefined ? [] : [cookie],
      body: form === undefined ? "" : new URLSearchParams(form).toString(),
      source: "192.0.2.1",
      caller: undefined,
    };
    return answer(request);
  };
  const cookieOf = ({ cookies = [] }: HttpResponse, name: string): string =>
    cookies.find((cookie) => cookie.startsWith(`__Host-${name}=`))?.split(";")[0] ?? "";

  /** Signs someone in the way a browser does. */
  async function enter(role: Role, name = "Anna") {
    const begun = cookieOf(await ask("GET", "/push/admin/sign-in"), "push-sign-in");
    const back = await ask("GET", "/push/admin/callback", { cookie: begun, query: { name, groups: role } });
    const cookie = cookieOf(back, "push-admin");
    return { cookie, form: formToken(cookie.slice(cookie.indexOf("=") + 1)), back };
  }

  return { ...services, routes, done, looks, actors, ask, enter, cookieOf };
}
