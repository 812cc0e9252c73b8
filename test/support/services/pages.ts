import { hashCode } from "../../../lambdas/core/shared/code.ts";
import { hashToken, newToken } from "../../../lambdas/core/shared/token.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { ownerRoutes } from "../../../lambdas/handlers/web/owner.ts";
import { refuse } from "../../../lambdas/handlers/shared/html.ts";
import { router } from "../../../lambdas/handlers/shared/routes.ts";
import { sessionCookie } from "../../../lambdas/handlers/shared/session-cookie.ts";
import { accessLinkRoutes } from "../../../lambdas/handlers/web/access-links.ts";
import type { HttpRequest, HttpResponse } from "../../../lambdas/middleware/http.ts";
import type { DomainView, Visitor } from "../../../lambdas/core/domains/visitor.ts";
import type { Notice } from "../../../lambdas/core/domains/notice.ts";
import type { OwnerError, OwnerCommands } from "../../../lambdas/usecases/domains/owner-commands.ts";
import type { OwnerTestPush, TestOutcome } from "../../../lambdas/usecases/web/owner-test-push.ts";
import { accessLinks } from "../../../lambdas/usecases/web/access-links.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { memoryVisits } from "../memory/memory-web-sessions.ts";
import { rememberingTelemetry } from "../memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../values/time-and-chance.ts";
import { limits } from "../values/values.ts";

const CHALLENGE = { name: "_push-challenge.pbx.example.com", value: "push-challenge=abc", expiresAt: 2e12 };
const LOOKED_UP = { ...CHALLENGE, seen: { kind: "missing", values: ["v=spf1 <-all>"], at: 1 } } as const;
export const VISITOR: Visitor = { account: "pbx.example.com", emailKey: "owner@example.com" };
/** Of the window where every link was requested. */
export const CODE = "012345";
export const SEEN_BY_OWNER: Extract<DomainView, { role: "owner" }> = {
  role: "owner",
  account: "pbx.example.com",
  state: "active",
  standing: "proven",
  secrets: { current: { id: "present1", issuedAt: 1 } },
  connections: [],
  activity: false,
  posts: "none",
  limits,
  refusedLogins: [],
  accounts: [],
};

type Proved = Extract<Awaited<ReturnType<OwnerCommands["prove"]>>, { readonly ok: true }>["value"];

interface Asked {
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Pages behind links, for browsers and other clients; owners' commands are recorded, not carried out. */
export function pageServices(publicUrl = "https://push.example.com") {
  const [clock, random, visits, store] = [testClock(), testRandom(), memoryVisits(), memoryStore()];
  const done: { readonly verb: string; readonly visitor: Visitor; readonly more?: unknown }[] = [];
  const state = {
    seen: SEEN_BY_OWNER as DomainView,
    refusal: undefined as OwnerError | undefined,
    tested: "accepted" as TestOutcome,
    proved: { kind: "missing", challenge: LOOKED_UP } as Proved,
  };
  const notices: Notice[] = [];
  const act =
    <T>(verb: string, value: T) =>
    (visitor: Visitor, more?: unknown) => {
      if (state.refusal !== undefined) return Promise.resolve(fail(state.refusal));
      done.push({ verb, visitor, ...(more !== undefined && { more }) });
      return Promise.resolve(ok(value));
    };
  const testPush: OwnerTestPush = (visitor, device) => act("testPush", state.tested)(visitor, device);
  const owning: OwnerCommands = {
    view: () => Promise.resolve(state.seen),
    viewWithActivity: (visitor) =>
      act("lookCloser", state.seen.role === "owner" ? { ...state.seen, activity: true } : state.seen)(visitor),
    replaceSecret: act("replaceSecret", { password: "Pass0word1Pass2" }),
    endOldSecret: act("endOldSecret", undefined),
    changeAddress: act("changeAddress", { expiresAt: 2e12 }),
    cancelChange: act("cancelChange", undefined),
    confirmAddress: act("confirmAddress", undefined),
    release: act("release", undefined),
    object: act("object", undefined),
    lookUpRecord: act("lookUpRecord", LOOKED_UP),
    prove: (visitor) => act("prove", state.proved)(visitor),
  };
  const story = accessLinks({
    sessions: visits,
    notices: { add: (_, notice) => Promise.resolve(void notices.push(notice)) },
    noticeQueue: { notice: () => Promise.resolve() },
    counters: store.counters,
    knownNetworks: store.knownNetworks,
    clock,
    random,
    telemetry: rememberingTelemetry(),
    limits: { ...limits, requestsPerSourcePerHour: 3 },
  });
  const cookie = sessionCookie(publicUrl);
  const routes = {
    ...accessLinkRoutes(story, cookie, publicUrl),
    ...ownerRoutes({
      commands: owning,
      testPush,
      links: story,
      cookie,
      clock,
      publicUrl,
      pushUrl: "https://push.example.com/push/ws",
    }),
  };
  const handle = router(routes, refuse);

  async function ask(
    method: string,
    path: string,
    { cookie: brought, headers, form }: Asked = {},
  ): Promise<HttpResponse> {
    const [pathname = "", query = ""] = path.split("?");
    const type = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const request: HttpRequest = {
      method,
      path: pathname,
      query: new URLSearchParams(query),
      headers: { accept: "text/html", ...type, ...headers },
      cookies: brought === undefined ? [] : [brought],
      body: form === undefined ? "" : new URLSearchParams(form).toString(),
      source: "192.0.2.1",
      caller: undefined,
    };
    return handle(request);
  }

  /** The token of a link; one without a scope asks for CODE. */
  async function link(visitor = VISITOR): Promise<string> {
    const token = newToken(random.bytes(40));
    const lock = visitor.scope === undefined && { lock: { id: "request", codeHash: hashCode("request", CODE) } };
    await visits.add(hashToken(token), { visitor, ...lock }, clock.now() + 1_800_000);
    return token;
  }

  /** A session, by its cookie, and the token that its forms carry. */
  async function enter(visitor = VISITOR): Promise<{ cookie: string; form: string }> {
    const entered = await ask("POST", "/push/enter", { form: { link: await link(visitor), code: CODE } });
    const brought = entered.cookies?.[0]?.split(";")[0] ?? "";
    const page = await ask("GET", "/push/owner", { cookie: brought });
    return { cookie: brought, form: /name="form" value="([^"]*)"/u.exec(page.body ?? "")?.[1] ?? "" };
  }

  return { routes, ask, link, enter, clock, done, state, notices };
}
