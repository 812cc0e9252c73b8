import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { pbxError } from "../../bin/pbx/errors.ts";
import { reasonOf } from "../../bin/shared/failure.ts";
import { isTemporary, request } from "../../bin/pbx/http.ts";
import { complain } from "../../bin/shared/terminal.ts";
import { objectUrl } from "../../bin/pbx/url.ts";
import type { Account } from "./member.ts";

/** Accounts for a fleet, and how to release them. */
export interface Accounts {
  readonly accounts: readonly Account[];
  readonly release: () => Promise<void>;
}

/** Provides a fleet's accounts; reports the share done so far, 0 to 1. Rejects with a PbxError. */
export type AccountSource = (signal: AbortSignal, onShare?: (share: number) => void) => Promise<Accounts>;

/** All PBXes share one secret; `{n}` in the account is the PBX's number; without it they share the account too. */
export const sharedSecret =
  (account: string, secret: string, pbxes: number): AccountSource =>
  () =>
    Promise.resolve({
      accounts: Array.from({ length: pbxes }, (_, n) => ({ account: account.replaceAll("{n}", `${n + 1}`), secret })),
      release: () => Promise.resolve(),
    });

/** Concurrent requests to the operator's API, and repetitions of a throttled one. */
const AT_ONCE = 8;
const ATTEMPTS = 10;
const RETRY_MS = 300;

/**
 * Domains added through the local host's operator API and deleted at the end: one per PBX, or per `perDomain` PBXes,
 * which then use its accounts `DOMAIN/1`, `DOMAIN/2` … and share its secret.
 */
export const ownDomains =
  (url: string, pbxes: number, perDomain = 1): AccountSource =>
  async (signal, onShare) => {
    const api = new URL("/_local/admin/", objectUrl(url));
    const run = Date.now().toString(36);
    const names = Array.from({ length: Math.ceil(pbxes / perDomain) }, (_, n) => `pbx${n + 1}.fleet-${run}.example`);
    const domains: Account[] = [];

    const add = async (account: string) => {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account }),
      };
      domains.push({ account, secret: secretIn(await ask(new URL("domains", api), signal, init)) });
      onShare?.(domains.length / names.length);
    };
    const remove = async ({ account }: Account) => {
      const domain = new URL("domain", api);
      domain.searchParams.set("account", account);
      await ask(domain, new AbortController().signal, { method: "DELETE" }); // also after Ctrl-C
    };
    const release = async () => {
      const [failure] = await inTurns(domains, remove);
      if (failure !== undefined) complain(`domains under fleet-${run}.example were not deleted: ${reasonOf(failure)}`);
    };

    const [failure] = await inTurns(names, add);
    if (failure === undefined) return { accounts: accountsOf(domains, pbxes, perDomain), release };
    await release();
    throw failure;
  };

function accountsOf(domains: readonly Account[], pbxes: number, perDomain: number): readonly Account[] {
  if (perDomain === 1) return domains;
  const all = domains.flatMap(({ account, secret }) =>
    Array.from({ length: perDomain }, (_, n) => ({ account: `${account}/${n + 1}`, secret })),
  );
  return all.slice(0, pbxes); // the last domain may have fewer
}

async function ask(url: URL, signal: AbortSignal, init: RequestInit): Promise<string> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    try {
      return await request(url, signal, init);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      await sleep(RETRY_MS * attempt);
    }
  }
  return request(url, signal, init);
}

/**
 * Processes the items with limited concurrency; starts none after a failure. Resolves when all started ones have ended.
 */
async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<readonly Error[]> {
  const queue = items.values(); // shared: each worker takes the next
  const failures: Error[] = [];
  const work = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await act(item).catch((error: Error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failures;
}

const Issued = v.pipe(v.string(), v.parseJson(), v.object({ secret: v.string() }));

function secretIn(body: string): string {
  const parsed = v.safeParse(Issued, body);
  if (parsed.success) return parsed.output.secret;
  throw pbxError("the operator's API issued no secret", { kind: "protocol" });
}
