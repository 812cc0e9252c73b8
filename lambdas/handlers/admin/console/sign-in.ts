import { isFormToken } from "../../../core/web/web-session.ts";
import type { HttpRequest, HttpResponse } from "../../../middleware/http.ts";
import type { SignIn, SignInError } from "../../../usecases/admin/sign-in.ts";
import { signedInPage, signedOutPage, signInFailedPage, signInPage } from "../../../views/admin/sign-in.tsx";
import { FOREIGN, ownForm } from "../../shared/form.ts";
import { html, refuse } from "../../shared/html.ts";
import type { Routes } from "../../shared/routes.ts";
import { sessionCookie, type SessionCookie } from "../../shared/session-cookie.ts";
import { openReader } from "./visit.ts";

export const CALLBACK = "/push/admin/callback";
export const SIGNED_OUT = "/push/admin/signed-out";

const STATUS: Readonly<Record<SignInError, number>> = {
  expired: 400,
  denied: 403,
  invalid: 400,
  provider: 503,
  group: 403,
  limited: 429,
};

/** To the identity provider, back, and out again. @param cookie of the session */
export function signInRoutes(signIn: SignIn, cookie: SessionCookie, publicUrl: string): Routes {
  // A Strict cookie does not come back with the provider's redirect.
  const begun = sessionCookie(publicUrl, "push-sign-in", "Lax");
  const failed = (error: SignInError, request: HttpRequest, cookies: readonly string[] = []): HttpResponse => ({
    ...html(STATUS[error], signInFailedPage(error, openReader(request))),
    cookies,
  });

  const signOut = ownForm(publicUrl, async (form, request) => {
    const token = cookie.read(request);
    if (!isFormToken(form.get("form") ?? "", token)) return refuse(request, FOREIGN);
    const there = await signIn.end(token);
    return { ...html(200, signedOutPage(openReader(request), there, true)), cookies: [cookie.clear] };
  });

  return {
    "/push/admin/sign-in": {
      async GET(request) {
        const started = await signIn.begin(request.source);
        if (!started.ok) return failed(started.error, request);
        const { url, token, maxAge } = started.value;
        return { status: 303, headers: { location: url }, cookies: [begun.set(token, maxAge)] };
      },
    },
    [CALLBACK]: {
      async GET(request) {
        const finished = await signIn.finish(begun.read(request), request.query.toString());
        if (!finished.ok) return failed(finished.error, request, [begun.clear]);
        const { token, maxAge, person } = finished.value;
        return {
          ...html(200, signedInPage(person.name, openReader(request))),
          cookies: [begun.clear, cookie.set(token, maxAge)],
        };
      },
    },
    "/push/admin/sign-out": {
      async POST(request) {
        const signedIn = await signIn.session(cookie.read(request));
        return signedIn === undefined ? html(401, signInPage(openReader(request))) : signOut(request);
      },
    },
    [SIGNED_OUT]: { GET: (request) => html(200, signedOutPage(openReader(request), undefined, false)) },
  };
}
