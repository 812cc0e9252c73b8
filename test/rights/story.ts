import assert from "node:assert/strict";
import { announcementOf, NOTICE_PERIOD_MS, UNUSED_LIFE_MS } from "../../lambdas/core/domains/expiry.ts";
import type { App } from "../../lambdas/core/push/apps.ts";
import { deviceKey } from "../../lambdas/core/push/token.ts";
import type { LocalHost } from "../../local/host.ts";
import { getJson, iosToken } from "../support/process/host.ts";
import { logIn, openSocket, type RawSocket } from "../support/process/raw-socket.ts";
import { eventually } from "../support/process/waiting.ts";
import { age } from "../support/services/aging.ts";
import { signIn } from "../support/services/console-visit.ts";
import { formsOf, linkTo, mailsTo, register } from "../support/services/register.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
/** An account of the operator's, which ends with the domain above it. */
const BELOW = `${DOMAIN}/second`;
/** A new phone for each app. */
const PHONES = {
  "ios-call": iosToken("story"),
  ios: iosToken("story, notified"),
  android: "fcm-story_1:APA91b-and-more",
};

/**
 * Everything that a stage does on a day, once, so that every right of every role is used. Throws at the first thing that
 * does not come about; what a policy refused is in the host's `refusals`.
 */
export async function runStory(host: LocalHost): Promise<void> {
  await monitors(host);
  const { password } = await register(host, DOMAIN, OWNER);
  const pbx = await loggedIn(host, DOMAIN, password);
  await wakesPhones(host, pbx);
  await keepsPosts(host);
  await losesPhone(host, pbx);
  await operates(host);
  await operatesInConsole(host);
  await owns(host, pbx);
  await keepsHouse(host);
  await host.sns.settled();
}

const wrote = (host: LocalHost, pattern: RegExp) =>
  eventually(() => host.logs.list().find(({ line }) => pattern.test(line)));

/** The canary, the credential check and the refresh of credentials ran when the host started. */
async function monitors(host: LocalHost): Promise<void> {
  for (const pattern of [
    /canary arrived/u,
    /"message":"credential".*"function":"watch"|"function":"watch".*"message":"credential"/u,
    /credential refreshed/u,
  ])
    await wrote(host, pattern);
  for (const path of ["/push/status", "/push/status.json", "/push/status/style.css", "/push/status/icon.svg"])
    for (const method of ["GET", "HEAD"]) assert.equal((await fetch(host.url + path, { method })).status, 200);
}

async function loggedIn(host: LocalHost, account: string, secret: string): Promise<RawSocket> {
  const socket = await openSocket(host.wsUrl);
  for (const mt of ["CheckBuild", "AppInfo", "NobodyKnowsThis"]) {
    socket.send({ mt });
    await socket.next();
  }
  assert.equal((await logIn(socket, { account, secret }))["ok"], true);
  socket.send({ mt: "PbxInfo", domain: account, pbx: "hq", pbxDns: "hq", apis: [], version: "16r1" });
  return socket;
}

const pushed = (host: LocalHost, token: string, times: number) =>
  eventually(() => (host.sns.phones.list().filter((push) => push.token === token).length >= times ? true : undefined));

async function wakesPhones(host: LocalHost, pbx: RawSocket): Promise<void> {
  for (const [app, token] of Object.entries(PHONES)) {
    pbx.send({ mt: "PushNotifyPost", src: app, token: `${app}:${token}`, type: typeFor(app) });
    assert.deepEqual(await pbx.next(), { mt: "PushNotifyPostResult", src: app });
    await pushed(host, token, 1);
  }
}

/** Outcomes of posts reach the operator's view through the log. */
const keepsPosts = (host: LocalHost) =>
  eventually(async () => {
    const shown = await getJson<{ posts?: { posts: unknown[] } }>(`${host.url}/_local/admin/domain?account=${DOMAIN}`);
    return shown.posts?.posts.length === Object.keys(PHONES).length ? true : undefined;
  });

const typeFor = (app: string) => (app === "ios" ? "notification" : "call");

/** Phones uninstall their apps: the failure comes back by topic and queue, and decides the next answer. */
async function losesPhone(host: LocalHost, pbx: RawSocket): Promise<void> {
  for (const [app, token] of Object.entries(PHONES)) {
    const once = async () => {
      pbx.send({ mt: "PushNotifyPost", src: "gone", token: `${app}:${token}`, type: typeFor(app) });
      return (await pbx.next())["err"];
    };
    host.sns.phones.uninstall(token);
    await once();
    await eventually(async () =>
      (await once()) === (app === "android" ? "GcmNotRegistered" : "Uninstalled") ? true : undefined,
    );
  }
}

async function operates(host: LocalHost): Promise<void> {
  const api = `${host.url}/_local/admin`;
  const ask = async (method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const request =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(api + path, request);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const account = "operated.example.com";
  const { secret } = await ask("POST", "/domains", { account, owner: "operated@example.com" });
  const pbx = await loggedIn(host, account, String(secret));
  for (const path of [
    "/domains",
    "/domains?search=operated",
    "/suppressions",
    "/apps",
    `/domain?account=${account}&activity`,
    `/domain/history?account=${account}`,
  ])
    await ask("GET", path);
  // Each test push waits seconds for its outcome, so they run in parallel.
  await Promise.all(
    Object.keys(PHONES).map(async (app) => {
      const token = app === "android" ? "fcm-operated_1:APA91b-and-more" : iosToken(`operated ${app}`);
      const tested = await ask("POST", "/push", { account, token: `${app}:${token}`, type: typeFor(app) });
      assert.equal(tested["err"], undefined, JSON.stringify(tested));
    }),
  );
  await ask("POST", `/domain/disconnect?account=${account}`);
  await pbx.closed;
  await ask("POST", `/domain/transfer?account=${account}`, { to: "next@example.com" });
  await eventually(async () => ((await mailsTo(host, "next@example.com")).length > 0 ? true : undefined));
  await ask("DELETE", `/domain?account=${account}`);
  await ask("POST", "/domains", { account: BELOW });
}

/** The same, done by a signed-in operator in the console. */
async function operatesInConsole(host: LocalHost): Promise<void> {
  const [account, to] = ["console.example.com", "next-console@example.com"];
  const visit = await signIn(host, "oscar-operator");
  const typed = { account, owner: "console@example.com" };
  const added = await visit.send(await visit.show("/add"), "/add", typed);
  const secret = /<input[^>]*id="password"[^>]*value="([^"]+)"/u.exec(added.text)?.[1] ?? "";
  const pbx = await loggedIn(host, account, secret);
  for (const path of ["", "?search=console", "?list=connected", "/claims", "/suppressed", "/apps"])
    await visit.show(path);
  const domain = await visit.show(`/domain?account=${account}&activity&history`);
  await Promise.all(
    Object.keys(PHONES).map(async (app) => {
      const token = app === "android" ? "fcm-console_1:APA91b-and-more" : iosToken(`console ${app}`);
      await visit.send(domain, "/test", { token: `${app}:${token}`, type: typeFor(app) });
      await pushed(host, token, 1);
    }),
  );
  await visit.send(domain, "/disconnect");
  await pbx.closed;
  await visit.send(domain, "/transfer", { to });
  await eventually(async () => ((await mailsTo(host, to)).length > 0 ? true : undefined));
  await visit.send(await visit.show(`/domain?account=${account}`), "/delete", { typed: account });
  await gone(host, account);
}

/** The owner follows a link, sees when the PBX was last active, replaces the password, and deletes the registration: the PBX is disconnected. */
async function owns(host: LocalHost, pbx: RawSocket): Promise<void> {
  const page = (path: string, more: RequestInit = {}) => fetch(`${host.url}${path}`, { redirect: "manual", ...more });
  const asked = await page("/push/manage", {
    method: "POST",
    body: new URLSearchParams({ domain: DOMAIN, email: OWNER }),
    headers: { origin: host.url },
  });
  const code = /class="code">([^<]+)</u.exec(await asked.text())?.[1] ?? "";
  const link = await linkTo(host, OWNER, 2);
  const enter = formsOf(await (await fetch(link)).text()).at(-1);
  assert.ok(enter);
  const entered = await fetch(new URL(enter.action, link), {
    method: "POST",
    body: new URLSearchParams({ ...enter.hidden, code }),
    redirect: "manual",
    headers: { origin: host.url },
  });
  const cookie = entered.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const forms = formsOf(await (await page("/push/owner", { headers: { cookie } })).text());
  const submit = async (verb: string, typed: Readonly<Record<string, string>> = {}) => {
    const form = forms.find(({ action }) => action.includes(verb));
    assert.ok(form, `no form ${verb} on the owner's page`);
    const answer = await page(form.action, {
      method: "POST",
      body: new URLSearchParams({ ...form.hidden, ...typed }),
      headers: { cookie, origin: host.url },
    });
    return answer;
  };
  const answered = (verb: string, { status }: Response) => assert.equal(status, 200, `${verb} answered ${status}`);
  const devices: string[] = [];
  for (const app of Object.keys(PHONES)) devices.push(await phoneThatRings(app, pbx, page, cookie));
  for (const tested of await Promise.all(devices.map((device) => submit("/test", { device }))))
    assert.equal(tested.headers.get("location"), "/push/owner?said=test-accepted");
  answered("/replace", await submit("/replace"));
  answered("/release", await submit("/release", { domain: DOMAIN }));
  await pbx.closed;
  await gone(host, BELOW);
}

const gone = (host: LocalHost, account: string) =>
  eventually(async () =>
    (await fetch(`${host.url}/_local/admin/domain?account=${account}`)).status === 404 ? true : undefined,
  );

/** A phone that still has its app, by its key on the owner's page. */
async function phoneThatRings(
  app: string,
  pbx: RawSocket,
  page: (path: string, more: RequestInit) => Promise<Response>,
  cookie: string,
): Promise<string> {
  const token = app === "android" ? "fcm-tested_1:APA91b-and-more" : iosToken(`story, tested by its owner, ${app}`);
  pbx.send({ mt: "PushNotifyPost", src: "test", token: `${app}:${token}`, type: typeFor(app) });
  assert.deepEqual(await pbx.next(), { mt: "PushNotifyPostResult", src: "test" });
  const device = deviceKey({ app: { id: app } as App, device: token });
  await eventually(async () =>
    (await (await page("/push/owner", { headers: { cookie } })).text()).includes(device) ? true : undefined,
  );
  return device;
}

/** A socket that keeps posting without a login is reported and closed. */
async function floods(host: LocalHost): Promise<void> {
  const stranger = await openSocket(host.wsUrl);
  const closed = stranger.closed.then(() => true);
  await eventually(async () => {
    stranger.send({ mt: "PushNotifyPost", token: `ios-call:${PHONES["ios-call"]}` });
    const answered = stranger.next().then(() => undefined);
    return Promise.race([closed, answered]);
  });
}

/** A socket without login is closed; the owner of an unused domain is warned, then the domain expires. */
async function keepsHouse(host: LocalHost): Promise<void> {
  const checks = host.queues.find(
    ({ definition }) => /Checks.*Queue/u.test(definition.name) && definition.redrive !== undefined,
  );
  assert.ok(checks);
  const idle = await openSocket(host.wsUrl);
  const [connectionId] = [...host.connections.keys()].slice(-1);
  checks.send(JSON.stringify({ kind: "login", connectionId }));
  await idle.closed;
  await floods(host);

  const [account, owner] = ["unused.example.com", "unused@example.com"];
  await register(host, account, owner);
  const row = { pk: `DOMAIN#${account}`, sk: "DOMAIN" };
  const tidy = () => checks.send(JSON.stringify({ kind: "tidy" }));
  const state = () => fetch(`${host.url}/_local/admin/domain?account=${account}`);
  await age(host, row, { changedAt: Date.now() - UNUSED_LIFE_MS });
  tidy();
  const { version } = await eventually(async () => {
    const domain = (await (await state()).json()) as { readonly version: number; readonly endsAt?: number };
    return domain.endsAt === undefined ? undefined : domain;
  });
  await eventually(async () => ((await mailsTo(host, owner)).length === 2 ? true : undefined));
  await age(host, row, { endsAt: Date.now() - 1 });
  await age(
    host,
    { pk: `NOTICE#${announcementOf({ account, version })}`, sk: "NOTICE" },
    { mailAt: Date.now() - NOTICE_PERIOD_MS - 1 },
  );
  tidy();
  await gone(host, account);
}
