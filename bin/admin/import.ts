import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { ListedDomain } from "../../lambdas/handlers/admin/wire.ts";
import { Failure } from "../shared/failure.ts";
import { ApiError, type Api } from "./api.ts";

/** One line of an import, such as `export` writes; other members are ignored. */
const Line = v.object({
  account: v.string(),
  owner: v.optional(v.string()),
  secret: v.optional(v.string()),
  state: v.optional(v.picklist(["active", "suspended"])),
  proof: v.optional(v.picklist(["address", "dns", "operator", "none"])),
  origin: v.optional(v.string()),
});
type Line = v.InferOutput<typeof Line>;

/** The result of a line, as printed. */
export type Outcome =
  | { readonly account: string; readonly url: string; readonly secret: string }
  | { readonly account: string; readonly unchanged: true }
  | { readonly account?: string; readonly line?: string; readonly error: string; readonly message: string };

export interface Import {
  readonly api: Api;
  /** What is there already, by account. */
  readonly there: ReadonlyMap<string, ListedDomain>;
  /** Requests per second. */
  readonly rate: number;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
}

export interface Imported {
  /** Original lines to import again: those that failed, and those that were not tried. */
  readonly left: readonly string[];
  readonly added: number;
  readonly unchanged: number;
  /** What ended it early. */
  readonly ended?: unknown;
}

/** Errors after which further lines would fail too. */
const FATAL = ["unreachable", "credentials", "answer", "http-403"];

/** Adds each line's domain unless it is there; never more than `rate` requests a second. Never rejects. */
export async function importLines(
  lines: readonly string[],
  { api, there, rate, signal, onOutcome }: Import,
): Promise<Imported> {
  const [known, left] = [new Map(there), [] as string[]];
  let [added, unchanged, next] = [0, 0, Date.now()];
  const paced = async () => {
    await sleep(Math.max(0, next - Date.now()), undefined, { signal });
    next = Math.max(next, Date.now()) + 1_000 / rate;
  };
  for (const [index, text] of lines.entries()) {
    try {
      const line = parse(text);
      const outcome = line === undefined ? MALFORMED(text) : await one(line, known, api, paced);
      if ("error" in outcome) left.push(text);
      else if ("unchanged" in outcome) unchanged += 1;
      else added += 1;
      onOutcome(outcome);
    } catch (ended) {
      return { left: [...left, ...lines.slice(index)], added, unchanged, ended };
    }
  }
  return { left, added, unchanged };
}

async function one(
  line: Line,
  known: Map<string, ListedDomain>,
  api: Api,
  paced: () => Promise<void>,
): Promise<Outcome> {
  const { origin, ...given } = line;
  const before = known.get(line.account.trim().toLowerCase());
  if (before !== undefined) return compared(line, before);
  // Registered by email and without a proof means provisional.
  const body = origin === "mail" ? { proof: "none", ...given } : given;
  try {
    await paced();
    const { secret, url, ...domain } = await api.call("POST", "/domains", { body });
    known.set(domain.account, domain);
    return { account: domain.account, url, secret };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.error === "exists") return await asItIs(line, api, paced);
    if (FATAL.includes(error.error)) throw afterwards(line, error);
    return { account: line.account, error: error.error, message: error.message };
  }
}

/** It was added after the list was read, or the list spells it differently. */
async function asItIs(line: Line, api: Api, paced: () => Promise<void>): Promise<Outcome> {
  await paced();
  return compared(line, await api.call("GET", "/domain", { query: { account: line.account } }));
}

function compared({ account, owner, state }: Line, before: ListedDomain): Outcome {
  const wrong = [
    owner !== undefined && owner.toLowerCase() !== before.owner?.toLowerCase() && `owner ${before.owner ?? "none"}`,
    state !== undefined && state !== before.state && `state ${before.state}`,
  ].filter((part) => part !== false);
  if (wrong.length === 0) return { account, unchanged: true };
  return { account, error: "exists", message: `is there already, with ${wrong.join(" and ")}: nothing was changed` };
}

const afterwards = ({ account }: Line, error: Failure): Failure =>
  error.error === "unreachable"
    ? new ApiError(
        error.error,
        `${error.message}. ${account} may have been added: if so, domains replace gives it a secret`,
      )
    : error;

const MALFORMED = (text: string): Outcome => ({
  line: text.slice(0, 200),
  error: "malformed",
  message: "a line is {account, owner?, secret?, state?, proof?}",
});

function parse(text: string): Line | undefined {
  const line = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
  return line.success ? line.output : undefined;
}
