import type { Api } from "./api.ts";

/** All domains, narrowed on the service's side. */
export const allDomains = (api: Api, query: Readonly<Record<string, string | undefined>> = {}) =>
  everyPage(async (after) => {
    const { domains, next } = await api.call("GET", "/domains", { query: { limit: "500", ...query, after } });
    return { items: domains, next };
  });

/** All addresses that get no email. */
export const allSuppressions = (api: Api) =>
  everyPage(async (after) => {
    const { suppressions, next } = await api.call("GET", "/suppressions", { query: { after, limit: "500" } });
    return { items: suppressions, next };
  });

async function everyPage<T>(
  read: (after: string | undefined) => Promise<{ items: readonly T[]; next?: string | undefined }>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await read(after);
    found.push(...items);
    if (next === undefined) return found;
    after = next;
  }
}
