import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import { refuse } from "./html.ts";
import { bodyProblem, type Handle, type Problem } from "./routes.ts";

export const FOREIGN: Problem = { status: 403, error: "foreign", words: ({ foreign }) => foreign };

/**
 * Whether a form came from one of our own pages, as far as a browser says. Browsers without Sec-Fetch-Site (Safari
 * before 16.4) say so by `Origin`, which our referrer policy lets them send from our pages and makes `null` from
 * elsewhere (Fetch standard, "append a request Origin header"). A client that sends neither is not a browser, and holds
 * no cookie that another site could use.
 *
 * @param origin ours, without a trailing slash
 */
export function isOwnForm({ headers }: HttpRequest, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  const from = headers["origin"];
  if (site !== undefined) return site === "same-origin";
  return from === undefined || from === origin;
}

/** A route that takes only forms from our own pages. */
export function ownForm(
  publicUrl: string,
  handle: (form: URLSearchParams, request: HttpRequest) => Promise<HttpResponse>,
): Handle {
  const { origin } = new URL(publicUrl);
  return (request) => {
    const refused = bodyProblem(request, "application/x-www-form-urlencoded");
    if (refused) return refuse(request, refused);
    return isOwnForm(request, origin) ? handle(new URLSearchParams(request.body), request) : refuse(request, FOREIGN);
  };
}
