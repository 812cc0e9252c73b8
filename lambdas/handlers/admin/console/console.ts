import { actorOf, mayAct } from "../../../core/admin/person.ts";
import type { ConsoleSession } from "../../../core/admin/console-session.ts";
import { formToken, isFormToken } from "../../../core/web/web-session.ts";
import type { HttpRequest, HttpResponse } from "../../../middleware/http.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { SignIn } from "../../../usecases/admin/sign-in.ts";
import { CONSOLE, consoleTexts, type Note, type Viewer } from "../../../views/admin/console.ts";
import { consoleProblemPage, signInPage } from "../../../views/admin/sign-in.tsx";
import { FOREIGN, isOwnForm } from "../../shared/form.ts";
import { html, refuse } from "../../shared/html.ts";
import { bodyProblem, type Routes } from "../../shared/routes.ts";
import { sessionCookie } from "../../shared/session-cookie.ts";
import { signInRoutes } from "./sign-in.ts";
import { openReader, visitReader, type ConsoleRoutes } from "./visit.ts";

export interface ConsoleParts {
  readonly signIn: SignIn;
  readonly routes: ConsoleRoutes;
  /** What everybody gets, signed in or not, by path. */
  readonly assets: Routes;
  readonly clock: Clock;
  /** Base of all pages. */
  readonly publicUrl: string;
}

/** The operator's console (docs/operate/console.md). Without a sign-in, the answer is the same everywhere. */
export function consoleHandler({ signIn, routes, assets, clock, publicUrl }: ConsoleParts) {
  const cookie = sessionCookie(publicUrl, "push-admin");
  const open: Routes = { ...assets, ...signInRoutes(signIn, cookie, publicUrl) };
  const { origin } = new URL(publicUrl);

  function viewerOf({ person }: ConsoleSession, token: string, request: HttpRequest): Viewer {
    const reader = visitReader(request);
    const c = consoleTexts[reader.t.language];
    const [said, count] = [request.query.get("said") ?? "", request.query.get("count") ?? ""];
    return {
      name: person.name,
      role: person.role,
      formToken: formToken(token),
      now: clock.now(),
      reader,
      c,
      ...(Object.hasOwn(c.said, said) && { said: said as Note }),
      ...(/^\d{1,6}$/u.test(count) && { count: Number(count) }),
    };
  }

  async function signedIn(request: HttpRequest, method: string, session: ConsoleSession): Promise<HttpResponse> {
    const token = cookie.read(request);
    const viewer = viewerOf(session, token, request);
    const path = request.path.slice(CONSOLE.length);
    const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
    const route = method === "GET" || method === "POST" ? methods?.[method] : undefined;
    if (route === undefined) return html(404, consoleProblemPage(viewer, viewer.c.notFound));
    if (!mayAct(session.person.role, route.needs)) return html(403, consoleProblemPage(viewer, viewer.c.forbidden));
    const form = new URLSearchParams(method === "POST" ? request.body : "");
    if (method === "POST") {
      const refused = bodyProblem(request, "application/x-www-form-urlencoded");
      if (refused) return refuse(request, refused);
      if (!isOwnForm(request, origin) || !isFormToken(form.get("form") ?? "", token)) return refuse(request, FOREIGN);
    }
    return route.handle({ request, viewer, actor: actorOf(session.person), form });
  }

  return async (request: HttpRequest): Promise<HttpResponse> => {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const anyone = Object.hasOwn(open, request.path) ? open[request.path] : undefined;
    const handle = method === "GET" || method === "POST" ? anyone?.[method] : undefined;
    if (handle !== undefined) return handle(request);
    const session = await signIn.session(cookie.read(request));
    if (session !== undefined) return signedIn(request, method, session);
    return html(401, signInPage(openReader(request)));
  };
}
