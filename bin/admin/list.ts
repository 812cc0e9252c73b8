import type { ListedDomain } from "../../lambdas/handlers/admin/wire.ts";
import { pages, type MakeApi } from "./command.ts";

/** All domains, narrowed on the service's side. */
export async function allDomains(api: MakeApi, query: Readonly<Record<string, string | undefined>> = {}) {
  const found: ListedDomain[] = [];
  const read = async (after: string | undefined) => {
    const { domains, next } = await api().call("GET", "/domains", { query: { limit: "500", ...query, after } });
    return { items: domains, next };
  };
  for await (const domain of pages(read)) found.push(domain);
  return found;
}
