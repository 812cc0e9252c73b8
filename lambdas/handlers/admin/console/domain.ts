import type { Role } from "../../../core/admin/person.ts";
import type { RuleViolation } from "../../../core/domains/change.ts";
import { chosenSecret } from "../../../core/domains/secrets.ts";
import { parseEmail } from "../../../core/shared/email.ts";
import { addedAccount, accountKey, operatorAccount } from "../../../core/shared/names.ts";
import type { Result } from "../../../core/shared/result.ts";
import type { HttpResponse } from "../../../middleware/http.ts";
import type { OperatorCommands } from "../../../usecases/admin/commands.ts";
import type { OperatorQueries } from "../../../usecases/admin/queries.ts";
import type { TestPushResult } from "../../../core/admin/views.ts";
import type { TestPush } from "../../../usecases/admin/test-push.ts";
import { addPage, newPasswordPage } from "../../../views/admin/add.tsx";
import type { Note } from "../../../views/admin/console.ts";
import { domainPage, gonePage, HISTORY_SHOWN } from "../../../views/admin/domain.tsx";
import { consoleProblemPage } from "../../../views/admin/sign-in.tsx";
import { html } from "../../shared/html.ts";
import { onTo, type ConsoleRoute, type ConsoleRoutes, type Visit } from "./visit.ts";

export interface DomainWork {
  readonly commands: OperatorCommands;
  readonly queries: OperatorQueries;
  readonly testPush: (push: TestPush) => Promise<TestPushResult | undefined>;
  /** What goes into a Push object. */
  readonly pushUrl: string;
  /** The stage takes secrets of any length. */
  readonly testSecrets: boolean;
}

/** Most entries of a history. */
const MAX_HISTORY = 500;

const noteOf = (error: RuleViolation | "conflict"): Note => (error === "suspended" ? "is-suspended" : error);
const EVENT_KINDS = ["call", "notification"] as const;

/** One domain: its page, and every operator's command, by the same use cases as the command line's. */
export function domainRoutes({ commands, queries, testPush, pushUrl, testSecrets }: DomainWork): ConsoleRoutes {
  /** A step leads to a message above the domain's page, or to a page of its own. */
  type Outcome = Promise<Note | { readonly note: Note; readonly count: number } | HttpResponse>;
  type Act = (account: string, visit: Visit) => Outcome;
  const said = async (result: Promise<Result<unknown, RuleViolation | "conflict">>, done: Note): Promise<Note> => {
    const ended = await result;
    return ended.ok ? done : noteOf(ended.error);
  };

  const steps: Readonly<Record<string, readonly [Role, Act]>> = {
    resend: [
      "support",
      async (account, { actor }) => ({ note: "resent", count: await commands.resend(account, actor) }),
    ],
    test: ["support", test],
    suspend: ["operator", (account, { actor }) => said(commands.suspend(account, actor), "suspended")],
    resume: ["operator", (account, { actor }) => said(commands.resume(account, actor), "resumed")],
    object: ["operator", (account, { actor }) => said(commands.object(account, actor), "objection")],
    "end-old": ["operator", (account, { actor }) => said(commands.endOld(account, actor), "old-ended")],
    disconnect: ["operator", disconnect],
    replace: ["operator", replace],
    transfer: ["operator", transfer],
    decide: ["operator", decide],
    delete: ["operator", remove],
  };

  async function disconnect(account: string, { actor }: Visit): Outcome {
    const closed = await commands.disconnect(account, actor);
    return closed.ok ? { note: "disconnected", count: closed.value } : noteOf(closed.error);
  }

  async function replace(account: string, { actor, viewer }: Visit): Outcome {
    const issued = await commands.replace(account, actor);
    if (!issued.ok) return noteOf(issued.error);
    const { secret: password } = issued.value;
    return html(200, newPasswordPage({ account, title: viewer.c.secret.replaced, url: pushUrl, password }, viewer));
  }

  async function transfer(account: string, { actor, form }: Visit): Outcome {
    const to = parseEmail(form.get("to") ?? "");
    return to.ok ? said(commands.transfer(account, to.value.key, actor), "transferred") : "bad-address";
  }

  async function decide(account: string, { actor, form }: Visit): Outcome {
    const decision = form.get("decision");
    if (decision !== "grant" && decision !== "deny") return "nothing";
    return said(commands.decide(account, decision, actor), decision === "grant" ? "granted" : "denied");
  }

  async function remove(account: string, { actor, form, viewer }: Visit): Outcome {
    const typed = operatorAccount(form.get("typed") ?? "");
    if (!typed.ok || typed.value !== account) return "not-confirmed";
    const removed = await commands.remove(account, actor);
    return removed.ok ? onTo(viewer, "", { said: "deleted" }) : noteOf(removed.error);
  }

  async function test(account: string, { actor, form, viewer }: Visit): Outcome {
    const type = EVENT_KINDS.find((kind) => kind === form.get("type"));
    const token = form.get("token")?.trim() ?? "";
    const tested = await testPush({ account: accountKey(account), token, type, actor });
    if (tested === undefined) return "unknown";
    const shown = await queries.show(account, false);
    return shown.ok ? html(200, domainPage({ ...shown.value, activity: false, tested }, viewer)) : "unknown";
  }

  const step = (act: Act) => async (visit: Visit) => {
    const account = operatorAccount(visit.form.get("account") ?? "");
    if (!account.ok) return html(400, consoleProblemPage(visit.viewer, visit.viewer.c.problems.account[account.error]));
    const outcome = await act(account.value, visit);
    if (typeof outcome === "object" && "status" in outcome) return outcome;
    const { note, count } = typeof outcome === "string" ? { note: outcome, count: undefined } : outcome;
    const counted = count === undefined ? {} : { count: String(count) };
    return onTo(visit.viewer, "/domain", { account: account.value, said: note, ...counted });
  };

  async function show({ request: { query }, viewer }: Visit): Promise<HttpResponse> {
    const account = operatorAccount(query.get("account") ?? "");
    if (!account.ok) return html(400, consoleProblemPage(viewer, viewer.c.problems.account[account.error]));
    const activity = query.has("activity");
    const shown = await queries.show(account.value, activity);
    const more = query.has("history");
    if (!shown.ok) {
      const history = await queries.history(account.value, more ? MAX_HISTORY : HISTORY_SHOWN);
      return html(404, gonePage(account.value, history.ok ? history.value : [], viewer));
    }
    const all = more ? await queries.history(account.value, MAX_HISTORY) : undefined;
    const history = all?.ok ? all.value : shown.value.history;
    const record = query.has("record") ? await queries.record(account.value) : undefined;
    return html(
      200,
      domainPage({ ...shown.value, history, activity, ...(record?.ok && { record: record.value }) }, viewer),
    );
  }

  async function add({ form, viewer, actor }: Visit): Promise<HttpResponse> {
    const typed = (name: string) => form.get(name)?.trim() ?? "";
    const values = { account: typed("account"), owner: typed("owner"), secret: typed("secret") };
    const account = addedAccount(values.account);
    const owner = values.owner === "" ? undefined : parseEmail(values.owner);
    const secret = values.secret === "" ? undefined : chosenSecret(values.secret, testSecrets);
    const p = viewer.c.problems;
    if (!account.ok || owner?.ok === false || secret?.ok === false) {
      const errors = {
        account: account.ok ? undefined : p.account[account.error],
        owner: owner?.ok === false ? p.email : undefined,
        secret: secret?.ok === false ? p.secret[secret.error] : undefined,
      };
      return html(422, addPage({ values, errors }, viewer));
    }
    const given = { account: account.value, owner: owner?.value.key, secret: secret?.value.secret };
    const added = await commands.add(given, actor);
    if (!added.ok)
      return html(409, addPage({ values, errors: { account: viewer.c.said[noteOf(added.error)] } }, viewer));
    const made = { account: account.value, title: viewer.c.add.done, url: pushUrl, password: added.value.secret };
    const warning = secret?.value.warning && viewer.c.secret.warnings[secret.value.warning];
    return html(200, newPasswordPage({ ...made, warning }, viewer));
  }

  const verbs = Object.entries(steps).map(([verb, [needs, act]]): [string, { readonly POST: ConsoleRoute }] => [
    `/domain/${verb}`,
    { POST: { needs, handle: step(act) } },
  ]);
  return {
    "/domain": { GET: { needs: "support", handle: show } },
    "/add": {
      GET: { needs: "operator", handle: ({ viewer }) => html(200, addPage({}, viewer)) },
      POST: { needs: "operator", handle: add },
    },
    ...Object.fromEntries(verbs),
  };
}
