import { Argument, Command, Option } from "commander";
import type { AdminAnswers } from "../../../lambdas/handlers/admin/wire.ts";
import { integerFrom } from "../../shared/options.ts";
import { ApiError } from "../api.ts";
import { say, time } from "../../shared/terminal.ts";
import { secretFrom } from "../../shared/secret.ts";
import { agreed, command, destructive, output, type MakeApi, type Options } from "../command.ts";
import { allDomains } from "../list.ts";
import { showDomain, showHistory, showIssued, showList, showRows } from "../show.ts";
import { addBulk } from "./bulk.ts";

const of = (account: string) => ({ query: { account } });

/** Everything an operator does to one account or domain. */
export function domainsCommand(api: MakeApi): Command {
  const group = new Command("domains").description("domains and accounts");
  looking(group, api);
  secrets(group, api);
  states(group, api);
  owners(group, api);
  addBulk(group, api);
  return group;
}

function looking(group: Command, api: MakeApi): void {
  command(group, "list", "all domains and accounts")
    .option("--offline", "only those with no PBX connected, with their last post")
    .addOption(new Option("--state <state>", "only those in this state").choices(["active", "suspended"]))
    .action(async (options: Options & { offline?: true; state?: string }) => {
      const { offline, state } = options;
      const all = await allDomains(api(), { offline: offline && "yes" });
      const found = all.filter((domain) => state === undefined || domain.state === state);
      output(options, found, (domains) => showList(domains, offline));
    });

  command(group, "search <text>", "those whose name or owner's address holds a text").action(
    async (text: string, options: Options) =>
      output(options, await allDomains(api(), { search: text }), (domains) => showList(domains)),
  );

  command(group, "claims", "those that someone claims by DNS, for you to decide").action(async (options: Options) => {
    const claimed = await withRecords(api, await allDomains(api(), { claimed: "yes" }));
    output(options, claimed, (found) => {
      const rows = found.flatMap(({ account, owner = "(operator)", claim, record }) => {
        if (claim === undefined) return [];
        const { claimant, objectUntil, objectedAt } = claim;
        const objected = objectedAt === undefined ? "" : time(objectedAt);
        return [[account, owner, claimant, time(objectUntil), objected, record]];
      });
      showRows(["ACCOUNT", "OWNER", "CLAIMED BY", "DECIDE FROM", "OBJECTED", "TXT RECORD NOW"], rows);
    });
  });

  command(group, "show <account>", "state, connected PBXes, refused logins and history of one")
    .option("--activity", "ask when each connection was last heard of")
    .action(async (account: string, options: Options & { activity?: true }) => {
      const query = { account, activity: options.activity && "yes" };
      output(options, await api().call("GET", "/domain", { query }), showDomain);
    });

  command(group, "history <account>", "who did what when, also to one that is gone")
    .addOption(
      new Option("--limit <count>", "at most so many, newest first").argParser(integerFrom(1, 500)).default(100),
    )
    .action(async (account: string, options: Options & { limit: number }) => {
      const query = { account, limit: String(options.limit) };
      output(options, await api().call("GET", "/domain/history", { query }), ({ history }) => showHistory(history));
    });
}

/** The service's lookups take up to some seconds each, so a few run concurrently. */
const AT_ONCE = 5;

/** Adds whether the claimant's TXT record exists now; `gone` if the claim has ended meanwhile. */
async function withRecords<T extends { readonly account: string }>(api: MakeApi, claimed: readonly T[]) {
  const looked: (T & { readonly record: string })[] = [];
  for (let start = 0; start < claimed.length; start += AT_ONCE) {
    const some = claimed
      .slice(start, start + AT_ONCE)
      .map(async (each) => ({ ...each, record: await recordNow(api, each.account) }));
    looked.push(...(await Promise.all(some)));
  }
  return looked;
}

async function recordNow(api: MakeApi, account: string): Promise<string> {
  try {
    return (await api().call("GET", "/domain/record", of(account))).record;
  } catch (error) {
    if (error instanceof ApiError && ["nothing", "unknown"].includes(error.error)) return "gone";
    throw error;
  }
}

const CHOSEN =
  "a secret of 12 to 15 characters in place of a generated one; - reads it from standard input, without a value you are prompted";

const chosen = async (secret: string | true | undefined): Promise<{ readonly secret?: string }> =>
  secret === undefined ? {} : { secret: await secretFrom(secret === true ? undefined : secret, "Secret") };

function secrets(group: Command, api: MakeApi): void {
  command(group, "add <account>", "set up a domain or account by hand; its secret is shown once")
    .option("--secret [secret]", CHOSEN)
    .option("--owner <email>", "address that may register it again by email; without one, no address can")
    .action(async (account: string, { json, ...options }: Options & { secret?: string | true; owner?: string }) => {
      const body = { account, ...options, ...(await chosen(options.secret)) };
      output({ json }, await api().call("POST", "/domains", { body }), showIssued);
    });

  destructive(
    group,
    "replace <account>",
    "issue a new secret, shown once; the old one ends now and its connections with it",
  )
    .option("--secret [secret]", CHOSEN)
    .action(async (account: string, options: Options & { secret?: string | true }) => {
      const body = await chosen(options.secret);
      await agreed(options, `Replace the secret of ${account} now?`);
      output(options, await api().call("POST", "/domain/replace", { ...of(account), body }), showIssued);
    });

  step(group, api, "end-old", "end the old secret of a replacement before its seven days are over", {
    question: (account) => `End the old secret of ${account} now?`,
    done: (account) => `The old secret of ${account} is no longer valid.`,
  });
}

function states(group: Command, api: MakeApi): void {
  destructive(group, "delete <account>", "delete it with its secrets and close its connections").action(
    async (account: string, options: Options) => {
      await agreed(options, `Delete ${account} and close its connections?`);
      await api().call("DELETE", "/domain", of(account));
      output(options, { account, deleted: true }, () => say(`${account} is deleted.`));
    },
  );

  step(group, api, "suspend", "refuse logins and close its connections, until it is resumed", {
    question: (account) => `Suspend ${account} and close its connections?`,
    done: (account) => `${account} is suspended.`,
  });
  step(group, api, "resume", "let it log in again", { done: (account) => `${account} is active.` });
  step(group, api, "disconnect", "close its connections; PBXes come back by themselves", {
    question: (account) => `Close the connections of ${account}?`,
    done: (_, { closed }) => `Connections closed: ${closed}.`,
  });
  step(group, api, "resend", "send the emails of its unconfirmed registrations once more, within the limits", {
    done: (_, { resent }) => `Emails queued: ${resent}`,
  });
}

function owners(group: Command, api: MakeApi): void {
  destructive(
    group,
    "transfer <account> <email>",
    "give it to another address, with a new secret that only its owner can get",
  ).action(async (account: string, to: string, options: Options) => {
    await agreed(options, `Give ${account} to ${to} and close its connections?`);
    const answer = await api().call("POST", "/domain/transfer", { ...of(account), body: { to } });
    output(options, answer, () => say(`${account} belongs to ${to}.`));
  });

  step(group, api, "object", "object to a claim in the owner's name", {
    done: (account) => `The objection to the claim on ${account} is noted.`,
  });

  destructive(group, "decide <account>", "decide on a claim: grant gives the domain to the claimant, with a new secret")
    .addArgument(new Argument("<decision>").choices(["grant", "deny"]))
    .action(async (account: string, decision: string, options: Options) => {
      const question = decision === "grant" ? `Give ${account} to its claimant?` : `Leave ${account} with its owner?`;
      await agreed(options, question);
      const answer = await api().call("POST", "/domain/decide", { ...of(account), body: { decision } });
      output(options, answer, ({ owner }) => say(`${account} belongs to ${owner ?? "no email address"}.`));
    });
}

/** A command with only the account as argument; asks first if there is a question. */
function step<V extends "end-old" | "suspend" | "resume" | "object" | "disconnect" | "resend">(
  group: Command,
  api: MakeApi,
  verb: V,
  summary: string,
  words: {
    readonly question?: (account: string) => string;
    readonly done: (account: string, answer: AdminAnswers[`POST /domain/${V}`]) => string;
  },
): void {
  const { question, done } = words;
  (question === undefined ? command : destructive)(group, `${verb} <account>`, summary).action(
    async (account: string, options: Options) => {
      if (question !== undefined) await agreed(options, question(account));
      const answer = await api().call("POST", `/domain/${verb}`, of(account));
      output(options, answer, () => say(done(account, answer)));
    },
  );
}
