import * as v from "valibot";
import { List, type Domain } from "./answers.ts";
import { pages, type MakeApi } from "./command.ts";

/** All domains, narrowed on the service's side. */
export async function allDomains(api: MakeApi, query: Readonly<Record<string, string | undefined>> = {}) {
  const found: v.InferOutput<typeof Domain>[] = [];
  const read = async (after: string | undefined) => {
    const page = v.parse(List, await api().call("GET", "/domains", { query: { ...query, after, limit: "500" } }));
    return { items: page.domains, next: page.next };
  };
  for await (const domain of pages(read)) found.push(domain);
  return found;
}
