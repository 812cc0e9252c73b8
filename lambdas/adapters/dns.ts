import { Resolver } from "node:dns/promises";
import { DependencyError } from "../ports/errors.ts";
import type { TxtRecords } from "../ports/domains.ts";

/** How long one name server has to answer, in ms; each is asked twice. */
const SERVER_LIMIT_MS = 1_500;
const TRIES = 2;
/** How long the whole query may take, in ms, however many name servers there are. */
const LIMIT_MS = 5_000;

/** Errors that mean that there is no such record; any other means that there was no answer. */
const NONE = new Set(["ENODATA", "ENOTFOUND"]);

/** @param servers name servers as `address:port`, separated by commas; absent: those of the machine */
export function dnsTxtRecords(servers?: string): TxtRecords {
  return {
    async find(name) {
      const resolver = new Resolver({ timeout: SERVER_LIMIT_MS, tries: TRIES });
      if (servers !== undefined) resolver.setServers(servers.split(","));
      const timer = setTimeout(() => resolver.cancel(), LIMIT_MS);
      try {
        return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== undefined && NONE.has(code)) return [];
        const late = code === "ETIMEOUT" || code === "ECANCELLED";
        throw new DependencyError("dns.resolveTxt", late ? "timeout" : "unavailable", code, { cause: error });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
