import * as v from "valibot";
import { parseEmail } from "../../core/shared/email.ts";
import { accountKey, operatorAccount } from "../../core/shared/names.ts";
import type { OperatorQueries } from "../../usecases/admin/queries.ts";
import type { AppState, TestPushResult } from "../../core/admin/views.ts";
import type { OperatorCommands } from "../../usecases/admin/commands.ts";
import type { LiftMark } from "../../usecases/admin/lift-mark.ts";
import type { TestPush } from "../../usecases/admin/test-push.ts";
import { json, type Routes } from "../shared/routes.ts";
import { ACCOUNT_ERRORS, actorOf, bodyOf, limitOf, problem } from "./answers.ts";
import type { AdminAnswers } from "./wire.ts";

const Token = v.object({ token: v.pipe(v.string(), v.minLength(1)) });
const Push = v.object({
  ...Token.entries,
  account: v.string(),
  type: v.optional(v.picklist(["call", "notification"])),
});

export interface ServiceWork {
  readonly commands: OperatorCommands;
  readonly queries: OperatorQueries;
  readonly testPush: (push: TestPush) => Promise<TestPushResult | undefined>;
  readonly liftMark: LiftMark;
  readonly apps: () => Promise<readonly AppState[]>;
  readonly about: Omit<AdminAnswers["GET /whoami"], "identity">;
}

/** The operator's HTTP API beside domains: the caller, suppressed addresses, test pushes, tokens marked gone, apps. */
export function serviceRoutes({ commands, queries, testPush, liftMark, apps, about }: ServiceWork): Routes {
  return {
    "/whoami": {
      GET: ({ caller }) => json(200, { identity: caller ?? "local", ...about } satisfies AdminAnswers["GET /whoami"]),
    },

    "/suppressions": {
      async GET(request) {
        const limit = limitOf(request);
        if (typeof limit !== "number") return limit;
        const { items, next } = await queries.suppressions(limit, request.query.get("after") ?? undefined);
        return json(200, { suppressions: items, next } satisfies AdminAnswers["GET /suppressions"]);
      },
      async DELETE(request) {
        const email = parseEmail(request.query.get("address") ?? "");
        if (!email.ok) return problem(400, "address", "Enter a valid email address.");
        if (await commands.allowMail(email.value.key, actorOf(request))) return { status: 204 };
        return problem(404, "unknown", "Nothing keeps this address from getting mail.");
      },
    },

    "/push": {
      async POST(request) {
        const body = bodyOf(request, Push, "{token, account, type?}, all strings; type is call or notification");
        if (!body.ok) return body.error;
        const { token, type } = body.value;
        const account = operatorAccount(body.value.account);
        if (!account.ok) return problem(422, "account", ACCOUNT_ERRORS[account.error]);
        const result = await testPush({ account: accountKey(account.value), token, type, actor: actorOf(request) });
        return result === undefined
          ? problem(404, "unknown", "This account is not registered.")
          : json(200, result satisfies AdminAnswers["POST /push"]);
      },
    },

    "/tokens/lift": {
      async POST(request) {
        const body = bodyOf(request, Token, "{token}, a string");
        if (!body.ok) return body.error;
        const lifted = await liftMark(body.value.token, actorOf(request));
        if (!lifted.ok) return problem(422, "token", lifted.error.info ?? lifted.error.err);
        return lifted.value ? { status: 204 } : problem(404, "unknown", "This token is not marked as gone.");
      },
    },

    "/apps": { GET: async () => json(200, { apps: await apps() } satisfies AdminAnswers["GET /apps"]) },
  };
}
