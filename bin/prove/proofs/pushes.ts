import { randomBytes } from "node:crypto";
import { isLoopback } from "../../pbx/url.ts";
import { ask, body, logIn } from "../socket.ts";
import type { ProvedApp } from "../target.ts";
import { needsLogin, notTried, once, proven, refuted, type Means, type Proof, type Verdict } from "../means.ts";

/** How SNS says that a role lacks a right, in what a post's error says. */
const DENIED = /AuthorizationError|AccessDenied/u;
const NO_APPS = notTried("the stage has no apps");

/** A token in the vendor's form that no phone has: Apple and Google refuse it, and SNS reports that. */
function madeUpToken({ id, platform }: ProvedApp): string {
  const device =
    platform === "GCM"
      ? `${randomBytes(16).toString("base64url")}:APA91b${randomBytes(100).toString("base64url")}`
      : randomBytes(32).toString("hex");
  return `${id}:${device}`;
}

/** One push to each app as a PBX: by the push function's role. */
const asPbx = once(async ({ target: { url, apps }, login, noLogin }: Means): Promise<Verdict> => {
  if (login === undefined) return needsLogin(noLogin);
  const answers: string[] = [];
  const socket = await logIn(url, login);
  try {
    for (const app of apps) {
      const { err, info } = body(
        await ask(socket, JSON.stringify({ mt: "PushNotifyPost", src: app.id, token: madeUpToken(app) })),
      );
      answers.push(`${app.id}: ${err === undefined ? "accepted" : [err, info].map(String).join(", ")}`);
    }
  } finally {
    socket.end();
  }
  const denied = answers.filter((answer) => DENIED.test(answer));
  if (denied.length > 0) return refuted(denied.join("; "));
  const said = `a push to a made-up token of each app: ${answers.join("; ")}`;
  return answers.every((answer) => answer.endsWith(": accepted")) ? proven(said) : notTried(said);
});

/** One test push to each app by the operator's API, which waits for what SNS reports of it: by the admin function's role. */
const asOperator = once(async ({ target: { url, apps }, operator, login, noLogin }: Means): Promise<Verdict> => {
  if (operator === undefined || login === undefined) return needsLogin(noLogin);
  const push = async (app: ProvedApp) => {
    const request = { account: login.account, token: madeUpToken(app) };
    return { id: app.id, ...(await operator.call("POST", "/push", { body: request })) };
  };
  const tested = await Promise.all(apps.map(push));
  const failed = tested.flatMap(({ id, error }) =>
    error === undefined ? [] : [`${id}: ${error.err}, ${error.info ?? ""}`],
  );
  if (failed.some((said) => DENIED.test(said))) return refuted(failed.join("; "));
  if (failed.length > 0) return notTried(failed.join("; "));
  const reported = tested.flatMap(({ id, later }) => (later === "gone" ? [id] : []));
  if (reported.length > 0) return proven(`SNS reported the made-up token of ${reported.join(", ")} as invalid`);
  if (isLoopback(url)) return notTried("every token is a phone on this machine");
  return refuted("SNS accepted a push to a made-up token of each app, and no failure was reported within 8 s");
});

const withApps =
  (proof: Proof): Proof =>
  (means) =>
    means.target.apps.length === 0 ? Promise.resolve(NO_APPS) : proof(means);

/** Pushes to one made-up token of each app, to see SNS decide, refuse and report. */
export const madeUpPushes = withApps(async (means) => {
  const [pbx, operator] = [await asPbx(means), await asOperator(means)];
  return operator.verdict === "refuted" && DENIED.test(operator.why) ? operator : pbx;
});

/** By their ids in docs/unproven.md. */
export const pushes: Readonly<Record<string, Proof>> = {
  "sns-rights": madeUpPushes,
  "sns-publisher": withApps(asOperator),
  "failure-event": withApps(asOperator),
};
