import * as v from "valibot";
import type { Domain } from "../../core/domains/domain.ts";
import { parseEmail, type EmailAddress } from "../../core/shared/email.ts";
import { accountKey, addedAccount } from "../../core/shared/names.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { chosenSecret } from "../../core/domains/secrets.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import type { ListedDomain, OperatorQueries } from "../../usecases/admin/queries.ts";
import type { Issued, OperatorCommands } from "../../usecases/admin/commands.ts";
import { json, type Routes } from "../shared/routes.ts";
import {
  ACCOUNT_ERRORS,
  actorOf,
  answer,
  bodyOf,
  limitOf,
  ofAccount,
  problem,
  SECRET_ERRORS,
  SECRET_WARNINGS,
} from "./answers.ts";
import type { AdminAnswers, IssuedDomain } from "./wire.ts";

const Added = v.object({
  account: v.string(),
  secret: v.optional(v.string()),
  owner: v.optional(v.string()),
  state: v.optional(v.picklist(["active", "suspended"])),
  proof: v.optional(v.picklist(["address", "dns", "operator", "none"])),
});
const Replaced = v.object({ secret: v.optional(v.string()) });
const Transferred = v.object({ to: v.string() });
const Decided = v.object({ decision: v.picklist(["grant", "deny"]) });

const view = ({ account, ...domain }: ListedDomain) => ({ account, ...domain });
const shown = (domain: Domain) => json(200, view(domain));

/** The secret in a request, with the warning to show for it; empty if the request has none. */
function secretOf(
  text: string | undefined,
  forTests: boolean,
): Result<{ readonly secret?: string; readonly warning?: string }, HttpResponse> {
  if (text === undefined) return ok({});
  const chosen = chosenSecret(text, forTests);
  if (!chosen.ok) return fail(problem(422, "secret", SECRET_ERRORS[chosen.error]));
  const { secret, warning } = chosen.value;
  return ok({ secret, ...(warning && { warning: SECRET_WARNINGS[warning] }) });
}

const addressOf = (text: string, member: string): Result<EmailAddress, HttpResponse> => {
  const email = parseEmail(text);
  return email.ok ? email : { ok: false, error: problem(422, member, "Enter a valid email address.") };
};

/**
 * Domains in the operator's HTTP API, behind IAM: `/domains` lists and adds, `/domain?account=…` shows and deletes,
 * `/domain/VERB` does the rest. Problems are `{error, message}`.
 */
export function domainRoutes(
  commands: OperatorCommands,
  queries: OperatorQueries,
  { pushUrl, testSecrets }: { readonly pushUrl: string; readonly testSecrets: boolean },
): Routes {
  const issued =
    (status: number, { warning }: { readonly warning?: string }) =>
    ({ domain, secret }: Issued) =>
      json(status, { ...view(domain), secret, url: pushUrl, warning } satisfies IssuedDomain);

  /** A verb that takes only the account. */
  const verb = (act: OperatorCommands["suspend"]) => ({
    POST: ofAccount(async (account, request) => answer(await act(account, actorOf(request)), shown)),
  });

  async function add(request: HttpRequest): Promise<HttpResponse> {
    const body = bodyOf(request, Added, "{account, secret?, owner?, state?, proof?}, all strings");
    if (!body.ok) return body.error;
    const account = addedAccount(body.value.account);
    if (!account.ok) return problem(422, "account", ACCOUNT_ERRORS[account.error]);
    const { state, proof } = body.value;
    const chosen = secretOf(body.value.secret, testSecrets);
    if (!chosen.ok) return chosen.error;
    const owner = body.value.owner === undefined ? undefined : addressOf(body.value.owner, "owner");
    if (owner?.ok === false) return owner.error;
    const asked = { account: account.value, owner: owner?.value.key, secret: chosen.value.secret, state, proof };
    return answer(await commands.add(asked, actorOf(request)), issued(201, chosen.value));
  }

  return {
    "/domains": {
      async GET(request) {
        const { query } = request;
        const limit = limitOf(request);
        if (typeof limit !== "number") return limit;
        const [after, text] = [query.get("after"), query.get("search")?.trim().toLowerCase()];
        const only = { ...(text && { text }), claimed: query.has("claimed") };
        const from = after === null ? undefined : accountKey(after).account;
        const page = await queries.list(limit, from, only, query.has("offline"));
        return json(200, { domains: page.items.map(view), next: page.next } satisfies AdminAnswers["GET /domains"]);
      },
      POST: add,
    },

    "/domain": {
      GET: ofAccount(async (account, { query }) =>
        answer(await queries.show(account, query.has("activity")), ({ domain, ...around }) =>
          json(200, { ...view(domain), ...around } satisfies AdminAnswers["GET /domain"]),
        ),
      ),
      DELETE: ofAccount(async (account, request) =>
        answer(await commands.remove(account, actorOf(request)), () => ({ status: 204 })),
      ),
    },
    "/domain/history": {
      GET: ofAccount(async (account, request) => {
        const limit = limitOf(request);
        if (typeof limit !== "number") return limit;
        return answer(await queries.history(account, limit), (history) =>
          json(200, { account, history } satisfies AdminAnswers["GET /domain/history"]),
        );
      }),
    },
    "/domain/record": {
      GET: ofAccount(async (account) =>
        answer(await queries.record(account), (record) =>
          json(200, { account, record } satisfies AdminAnswers["GET /domain/record"]),
        ),
      ),
    },
    "/domain/replace": {
      POST: ofAccount(async (account, request) => {
        const body = bodyOf(request, Replaced, "{secret?}");
        if (!body.ok) return body.error;
        const chosen = secretOf(body.value.secret, testSecrets);
        if (!chosen.ok) return chosen.error;
        const replaced = await commands.replace(account, actorOf(request), chosen.value.secret);
        return answer(replaced, issued(200, chosen.value));
      }),
    },
    "/domain/end-old": verb((account, actor) => commands.endOld(account, actor)),
    "/domain/suspend": verb((account, actor) => commands.suspend(account, actor)),
    "/domain/resume": verb((account, actor) => commands.resume(account, actor)),
    "/domain/object": verb((account, actor) => commands.object(account, actor)),
    "/domain/transfer": {
      POST: ofAccount(async (account, request) => {
        const body = bodyOf(request, Transferred, "{to}, an email address");
        if (!body.ok) return body.error;
        const to = addressOf(body.value.to, "to");
        return to.ok ? answer(await commands.transfer(account, to.value.key, actorOf(request)), shown) : to.error;
      }),
    },
    "/domain/decide": {
      POST: ofAccount(async (account, request) => {
        const body = bodyOf(request, Decided, '{decision: "grant" | "deny"}');
        return body.ok
          ? answer(await commands.decide(account, body.value.decision, actorOf(request)), shown)
          : body.error;
      }),
    },
    "/domain/disconnect": {
      POST: ofAccount(async (account, request) =>
        answer(await commands.disconnect(account, actorOf(request)), (closed) =>
          json(200, { account, closed } satisfies AdminAnswers["POST /domain/disconnect"]),
        ),
      ),
    },
    "/domain/resend": {
      POST: ofAccount(async (account, request) =>
        json(200, {
          account,
          resent: await commands.resend(account, actorOf(request)),
        } satisfies AdminAnswers["POST /domain/resend"]),
      ),
    },
  };
}
