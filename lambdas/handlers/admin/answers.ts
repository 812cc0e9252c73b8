import * as v from "valibot";
import type { Actor, RuleViolation } from "../../core/domains/change.ts";
import type { ChosenSecretWarning } from "../../core/domains/secrets.ts";
import { operatorAccount } from "../../core/shared/names.ts";
import type { Result } from "../../core/shared/result.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import { bodyProblem, json, parseJson, problemJson, type Handle } from "../shared/routes.ts";

/** Headers of every answer of the operator's API. */
export const adminHeaders = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** Entries of one page, unless `limit` asks for fewer or more. */
const PAGE = 100;
const MAX_PAGE = 500;

export const problem = (status: number, error: string, message: string) => json(status, { error, message });

export const ACCOUNT_ERRORS = {
  empty: "The account is empty.",
  "too-long": "An account has at most 512 characters.",
  "bad-character": "An account holds no control characters.",
  url: "Enter the System Name of the PBX, such as pbx.example.com or pbx.example.com/master, without https://, sip: or a port.",
} as const;

export const SECRET_ERRORS = {
  empty: "The secret is empty.",
  "too-short": "A secret has 12 to 15 characters (16 at most), so that nobody guesses it.",
  "too-long": "A secret has 12 to 15 characters (16 at most): the password field of a Push object takes no more.",
  "bad-character": "A secret consists of printable ASCII characters without spaces.",
} as const;

/** Shown with a secret that is accepted with a warning. */
export const SECRET_WARNINGS: Readonly<Record<ChosenSecretWarning, string>> = {
  sixteen: "This secret has 16 characters. Some PBXes take 15 only: enter it in one before you rely on it.",
  test: "Only a stage with testSecrets takes a secret of this length; others take 12 to 15 characters.",
};

const RULE_VIOLATIONS: Readonly<Record<RuleViolation | "conflict", HttpResponse>> = {
  unknown: problem(404, "unknown", "There is no such account."),
  exists: problem(409, "exists", "This account exists already."),
  conflict: problem(409, "conflict", "Someone else has changed this account meanwhile. Please look again."),
  foreign: problem(409, "foreign", "This account belongs to another address."),
  suspended: problem(409, "suspended", "This account is suspended."),
  claimed: problem(409, "claimed", "Someone else claims this account already."),
  nothing: problem(409, "nothing", "There is nothing of that kind under way."),
  same: problem(409, "same", "That would change nothing."),
  unproven: problem(
    409,
    "unproven",
    "The claimant's TXT record is not there (any more), or the name servers do not answer. Ask the claimant to put it back; their page shows it.",
  ),
  early: problem(409, "early", "The owner may still object to this claim."),
};

export function answer<T>(
  result: Result<T, RuleViolation | "conflict">,
  show: (value: T) => HttpResponse,
): HttpResponse {
  return result.ok ? show(result.value) : RULE_VIOLATIONS[result.error];
}

/** Who signed the request; on this machine requests are not signed. */
export const actorOf = ({ caller }: HttpRequest): Actor => `operator ${caller ?? "local"}`;

/** A route about one account, named in the query. */
export function ofAccount(handle: (account: string, request: HttpRequest) => Promise<HttpResponse>): Handle {
  return async (request) => {
    const account = operatorAccount(request.query.get("account") ?? "");
    return account.ok ? handle(account.value, request) : problem(400, "account", ACCOUNT_ERRORS[account.error]);
  };
}

/** How many entries the request asks for. */
export function limitOf({ query }: HttpRequest): number | HttpResponse {
  const limit = Number(query.get("limit") ?? PAGE);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return limit;
  return problem(400, "limit", `The limit is a number from 1 to ${MAX_PAGE}.`);
}

/** The body by its schema, `{}` for none. @param shape names it in words */
export function bodyOf<S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S,
  shape: string,
): Result<v.InferOutput<S>, HttpResponse> {
  if (request.body !== "") {
    const refused = bodyProblem(request, "application/json");
    if (refused) return { ok: false, error: problemJson(refused) };
  }
  const body = v.safeParse(schema, request.body === "" ? {} : parseJson(request.body));
  return body.success
    ? { ok: true, value: body.output }
    : { ok: false, error: problem(400, "malformed", `The body must be ${shape}.`) };
}
