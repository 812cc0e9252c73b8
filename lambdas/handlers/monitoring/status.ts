import type { Status } from "../../core/monitoring/status.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import { statusPage } from "../../views/monitoring/status.tsx";
import { html, readerOf, wantsPage } from "../shared/html.ts";
import { assetRoutes, json, type Asset, type Routes } from "../shared/routes.ts";

/** Browsers and caches may keep an answer as long as an execution environment does. */
const CACHE = { "cache-control": "public, max-age=30", vary: "accept, accept-language" } as const;

/** Folder of the page's own style sheet and icon: those of the other pages are missing when their function is down. */
const ASSETS = "/push/status";

/** Status as a page for browsers, as JSON for everybody else and at `.json`. */
export function statusRoutes(status: () => Promise<Status>, assets: Readonly<Record<string, Asset>>): Routes {
  const asJson = async () => json(200, jsonOf(await status()), CACHE);
  const either = async (request: HttpRequest): Promise<HttpResponse> => {
    if (!wantsPage(request)) return asJson();
    return html(200, statusPage(await status(), { ...readerOf(request), assets: ASSETS }), { ...CACHE, refresh: "60" });
  };
  return { "/push/status": { GET: either }, "/push/status.json": { GET: asJson }, ...assetRoutes(assets) };
}

/** Times as ISO 8601; null if nothing is known. */
const jsonOf = ({ state, checkedAt, components }: Status) => ({
  state,
  checkedAt: new Date(checkedAt).toISOString(),
  components: Object.fromEntries(
    Object.entries(components).map(([name, component]) => [
      name,
      {
        state: component.state,
        last24Hours: {
          availability: component.availability ?? null,
          slots: component.slots.map(({ from, availability }) => ({
            from: new Date(from).toISOString(),
            availability: availability ?? null,
          })),
        },
      },
    ]),
  ),
});
