import type { Role } from "../../../core/admin/person.ts";
import type { Actor } from "../../../core/domains/change.ts";
import type { HttpRequest, HttpResponse } from "../../../middleware/http.ts";
import { addressOf, CONSOLE, type Note, type Viewer } from "../../../views/admin/console.ts";
import { to, type Reader } from "../../../views/shared/reader.ts";
import { readerAt } from "../../shared/html.ts";

/** A request by a person who is signed in and allowed to make it. */
export interface Visit {
  readonly request: HttpRequest;
  readonly viewer: Viewer;
  readonly actor: Actor;
  /** Body of a POST. */
  readonly form: URLSearchParams;
}

export interface ConsoleRoute {
  readonly needs: Role;
  readonly handle: (visit: Visit) => Promise<HttpResponse> | HttpResponse;
}

/** Path below the console → handler. */
export type ConsoleRoutes = Readonly<Record<string, Readonly<Partial<Record<"GET" | "POST", ConsoleRoute>>>>>;

/** Parameters that choose what the page shows: kept when the language changes. */
const KEPT = ["account", "search", "list"] as const;

/** Reader who is signed in. */
export function visitReader(request: HttpRequest): Reader {
  const query = Object.fromEntries(KEPT.map((name) => [name, request.query.get(name) ?? undefined]));
  const here = addressOf(request.path.slice(CONSOLE.length), query);
  return readerAt(request, request.method === "POST" ? undefined : here);
}

/** Reader who is not signed in: the same at every path, so that no answer shows what exists. */
export const openReader = (request: HttpRequest): Reader => readerAt(request, CONSOLE);

/** After a step, to a page that says what came of it. */
export const onTo = (
  { reader }: Viewer,
  path: string,
  query: Readonly<Record<string, string>> & { readonly said?: Note },
): HttpResponse => ({ status: 303, headers: { location: to(reader, addressOf(path, query)) } });
