import { Argument, Command, Option } from "commander";
import { integerFrom } from "../../shared/options.ts";
import { ApiError } from "../api.ts";
import { print, say, table, time } from "../../shared/terminal.ts";
import { secretFrom } from "../../shared/secret.ts";
import { agreed, command, destructive, type MakeApi, type Options } from "../command.ts";
import { allDomains } from "../list.ts";
import { showDomain, showHistory, showIssued, showList } from "../show.ts";
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
    .action(async ({ json, offline, state }: Options & { offline?: true; state?: string }) => {
      const all = await allDomains(api, { offline: offline ? "yes" : undefined });
      const found = all.filter((domain) => state === undefined || domain.state === state);
      if (json) return print(found);
      showList(found, offline);
    });

  command(group, "search <text>", "those whose name or owner's address holds a text").action(
    async (text: string, { json }: Options) => {
      const found = await allDomains(api, { search: text });
      if (json) return print(found);
      showList(found);
    },
  );

  command(group, "claims", "those that someone claims by DNS, for you to decide").action(async ({ json }: Options) => {
    const found = await withRecords(api, await allDomains(api, { claimed: "yes" }));
    if (json) return print(found);
    const rows = found.flatMap(({ account, owner = "(operator)", claim, record }) =>
      claim === undefined
        ? []
        : [
            [
              account,
              owner,
              claim.claimant,
              time(claim.objectUntil),
              claim.objectedAt === undefined ? "" : time(claim.objectedAt),
              record,
            ],
          ],
    );
    say(
      rows.length === 0
        ? "There are none."
        : table(["ACCOUNT", "OWNER", "CLAIMED BY", "DECIDE FROM", "OBJECTED", "TXT RECORD NOW"], rows),
    );
  });

  command(group, "show <account>", "state, connected PBXes, refused logins and history of one")
    .option("--activity", "ask when each connection was last heard of")
    .action(async (account: string, { json, activity }: Options & { activity?: true }) => {
      const query = { account, activity: activity ? "yes" : undefined };
      const answer = await api().call("GET", "/domain", { query });
      if (json) return print(answer);
      showDomain(answer);
    });

  command(group, "history <account>", "who did what when, also to one that is gone")
    .addOption(
      new Option("--limit <count>", "at most so many, newest first").argParser(integerFrom(1, 500)).default(100),
    )
    .action(async (account: string, { json, limit }: Options & { limit: number }) => {
      const query = { account, limit: String(limit) };
      const answer = await api().call("GET", "/domain/history", { query });
      if (json) return print(answer);
      showHistory(answer.history);
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
      const given = { ...options, ...(await chosen(options.secret)) };
      const answer = await api().call("POST", "/domains", { body: { account, ...given } });
      if (json) return print(answer);
      showIssued(answer);
    });

  destructive(
    group,
    "replace <account>",
    "issue a new secret, shown once; the old one ends now and its connections with it",
  )
    .option("--secret [secret]", CHOSEN)
    .action(async (account: string, { json, yes, secret }: Options & { secret?: string | true }) => {
      const given = await chosen(secret);
      await agreed({ ...(yes && { yes }) }, `Replace the secret of ${account} now?`);
      const answer = await api().call("POST", "/domain/replace", { ...of(account), body: given });
      if (json) return print(answer);
      showIssued(answer);
    });

  step(group, api, "end-old", "end the old secret of a replacement before its seven days are over", (account) => ({
    question: `End the old secret of ${account} now?`,
    done: `The old secret of ${account} is no longer valid.`,
  }));
}

function states(group: Command, api: MakeApi): void {
  destructive(group, "delete <account>", "delete it with its secrets and close its connections").action(
    async (account: string, { json, ...options }: Options) => {
      await agreed(options, `Delete ${account} and close its connections?`);
      await api().call("DELETE", "/domain", of(account));
      if (json) return print({ account, deleted: true });
      say(`${account} is deleted.`);
    },
  );

  step(group, api, "suspend", "refuse logins and close its connections, until it is resumed", (account) => ({
    question: `Suspend ${account} and close its connections?`,
    done: `${account} is suspended.`,
  }));
  step(group, api, "resume", "let it log in again", (account) => ({ done: `${account} is active.` }));

  destructive(group, "disconnect <account>", "close its connections; PBXes come back by themselves").action(
    async (account: string, { json, ...options }: Options) => {
      await agreed(options, `Close the connections of ${account}?`);
      const answer = await api().call("POST", "/domain/disconnect", of(account));
      if (json) return print(answer);
      say(`Connections closed: ${answer.closed}.`);
    },
  );

  command(
    group,
    "resend <account>",
    "send the emails of its unconfirmed registrations once more, within the limits",
  ).action(async (account: string, { json }: Options) => {
    const answer = await api().call("POST", "/domain/resend", of(account));
    if (json) return print(answer);
    say(`Emails queued: ${answer.resent}`);
  });
}

function owners(group: Command, api: MakeApi): void {
  destructive(
    group,
    "transfer <account> <email>",
    "give it to another address, with a new secret that only its owner can get",
  ).action(async (account: string, to: string, { json, ...options }: Options) => {
    await agreed(options, `Give ${account} to ${to} and close its connections?`);
    const answer = await api().call("POST", "/domain/transfer", { ...of(account), body: { to } });
    if (json) return print(answer);
    say(`${account} belongs to ${to}.`);
  });

  step(group, api, "object", "object to a claim in the owner's name", (account) => ({
    done: `The objection to the claim on ${account} is noted.`,
  }));

  destructive(group, "decide <account>", "decide on a claim: grant gives the domain to the claimant, with a new secret")
    .addArgument(new Argument("<decision>").choices(["grant", "deny"]))
    .action(async (account: string, decision: string, { json, ...options }: Options) => {
      const question = decision === "grant" ? `Give ${account} to its claimant?` : `Leave ${account} with its owner?`;
      await agreed(options, question);
      const answer = await api().call("POST", "/domain/decide", { ...of(account), body: { decision } });
      if (json) return print(answer);
      say(`${account} belongs to ${answer.owner ?? "no email address"}.`);
    });
}

/** A command with only the account as argument; asks first if there is a question. */
function step(
  group: Command,
  api: MakeApi,
  verb: "end-old" | "suspend" | "resume" | "object",
  summary: string,
  words: (account: string) => { readonly question?: string; readonly done: string },
): void {
  const asks = words("").question !== undefined;
  (asks ? destructive : command)(group, `${verb} <account>`, summary).action(
    async (account: string, { json, ...options }: Options) => {
      const { question, done } = words(account);
      if (question !== undefined) await agreed(options, question);
      const answer = await api().call("POST", `/domain/${verb}`, of(account));
      if (json) return print(answer);
      say(done);
    },
  );
}
