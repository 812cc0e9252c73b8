import * as v from "valibot";
import { parseEmail } from "../../core/shared/email.ts";
import { registrableDomain } from "../../core/domains/proof/name-rights.ts";
import type { HttpRequest } from "../../middleware/http.ts";
import type { ConnectWindow } from "../../usecases/registration/connect-window.ts";
import { texts } from "../../views/texts/texts.ts";
import { languageOf, refuse } from "../shared/html.ts";
import { bodyProblem, json, limited, parseJson, problemJson, type Problem, type Routes } from "../shared/routes.ts";

const Body = v.object({ domain: v.string(), email: v.string() });

type Words = Problem["words"];

const NOT_YOURS: Problem = {
  status: 401,
  error: "ticket",
  words: ({ ticket }) => ticket,
  headers: { "www-authenticate": "Bearer" },
};
const MALFORMED: Problem = { status: 400, error: "malformed", words: ({ malformed }) => malformed };
const wrong = (error: "domain" | "email", words: Words): Problem => ({ status: 422, error, words });

/** The Connect window's requests (docs/protocol.md, Registration 1 and 4). */
export function registrationRoutes(connectWindow: ConnectWindow, pushUrl: string): Routes {
  const ticketOf = ({ headers }: HttpRequest) => /^Bearer (\S+)$/iu.exec(headers["authorization"] ?? "")?.[1] ?? "";

  return {
    "/push/register": {
      async POST(request) {
        const refused = bodyProblem(request, "application/json");
        if (refused) return refuse(request, refused);
        const body = v.safeParse(Body, parseJson(request.body));
        const language = languageOf(request);
        const answer = (problem: Problem) => problemJson(problem, texts[language]);
        if (!body.success) return answer(MALFORMED);
        const domain = registrableDomain(body.output.domain);
        if (!domain.ok) return answer(wrong("domain", (problem) => problem.domain[domain.error]));
        const email = parseEmail(body.output.email);
        if (!email.ok) return answer(wrong("email", (problem) => problem.email[email.error]));
        const requested = await connectWindow.request(domain.value, email.value, request.source, language);
        return "limitedFor" in requested ? answer(limited(requested.limitedFor)) : json(202, requested);
      },

      async GET(request) {
        const polled = await connectWindow.poll(ticketOf(request));
        if (polled === undefined) return problemJson(NOT_YOURS);
        return json(200, polled.state === "confirmed" ? { ...polled, url: pushUrl } : polled);
      },

      async DELETE(request) {
        return (await connectWindow.acknowledge(ticketOf(request))) ? { status: 204 } : problemJson(NOT_YOURS);
      },
    },

    "/push/register/resend": {
      async POST(request) {
        const again = await connectWindow.resend(ticketOf(request), request.source);
        const t = texts[languageOf(request)];
        if (again === undefined) return problemJson(NOT_YOURS, t);
        return again === "queued" ? { status: 202 } : problemJson(limited(again.limitedFor), t);
      },
    },
  };
}
