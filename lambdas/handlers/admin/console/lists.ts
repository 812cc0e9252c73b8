import { parseEmail } from "../../../core/shared/email.ts";
import type { HttpRequest } from "../../../middleware/http.ts";
import type { OperatorCommands } from "../../../usecases/admin/commands.ts";
import type { LiftMark } from "../../../usecases/admin/lift-mark.ts";
import type { AppState } from "../../../core/admin/views.ts";
import type { ListDomains } from "../../../usecases/admin/list-domains.ts";
import type { OperatorQueries } from "../../../usecases/admin/queries.ts";
import { FILTERS, listPage, type Filter } from "../../../views/admin/list.tsx";
import { appsPage, claimsPage, suppressedPage } from "../../../views/admin/service.tsx";
import { html } from "../../shared/html.ts";
import { onTo, type ConsoleRoutes } from "./visit.ts";

export interface ListWork {
  readonly lists: ListDomains;
  readonly queries: Pick<OperatorQueries, "suppressions">;
  readonly commands: Pick<OperatorCommands, "allowMail">;
  readonly liftMark: LiftMark;
  readonly apps: () => Promise<readonly AppState[]>;
}

/** Addresses of one page. */
const PAGE = 50;

const filterOf = ({ query }: HttpRequest): Filter | undefined => FILTERS.find((each) => each === query.get("list"));
const afterOf = ({ query }: HttpRequest): string | undefined => query.get("after") || undefined;

/** Pages that are not about one domain. */
export function listRoutes({ lists, queries, commands, liftMark, apps }: ListWork): ConsoleRoutes {
  return {
    "": {
      GET: {
        needs: "support",
        async handle({ request, viewer }) {
          const search = request.query.get("search")?.trim() ?? "";
          const filter = search === "" ? filterOf(request) : undefined;
          const after = afterOf(request);
          const wanted = filter === undefined ? { search } : filter === "connected" ? filter : { list: filter };
          const { items, next } = await lists.page(wanted, after);
          return html(200, listPage({ search, filter, items, next, first: after === undefined }, viewer));
        },
      },
    },
    "/claims": {
      GET: {
        needs: "support",
        async handle({ request, viewer }) {
          const { items, next } = await lists.claims(afterOf(request));
          return html(200, claimsPage(items, next, viewer));
        },
      },
    },
    "/suppressed": {
      GET: {
        needs: "support",
        async handle({ request, viewer }) {
          const after = afterOf(request);
          const key = after === undefined ? undefined : parseEmail(after);
          const { items, next } = await queries.suppressions(PAGE, key?.ok ? key.value.key : undefined);
          return html(200, suppressedPage(items, next, viewer));
        },
      },
    },
    "/suppressed/allow": {
      POST: {
        needs: "operator",
        async handle({ viewer, form, actor }) {
          const email = parseEmail(form.get("address") ?? "");
          if (!email.ok) return onTo(viewer, "/suppressed", { said: "bad-address" });
          const allowed = await commands.allowMail(email.value.key, actor);
          return onTo(viewer, "/suppressed", { said: allowed ? "allowed" : "unknown" });
        },
      },
    },
    "/apps": { GET: { needs: "support", handle: async ({ viewer }) => html(200, appsPage(await apps(), viewer)) } },
    "/apps/lift": {
      POST: {
        needs: "operator",
        async handle({ viewer, form, actor }) {
          const lifted = await liftMark(form.get("token")?.trim() ?? "", actor);
          return onTo(viewer, "/apps", { said: lifted.ok ? (lifted.value ? "lifted" : "unknown") : "bad-token" });
        },
      },
    },
  };
}
