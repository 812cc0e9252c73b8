import { beforeEach, describe, expect, it } from "vitest";
import { addAccount, iosToken, postJson, pushes, quiet, useHost } from "../support/process/host.ts";
import { pbx } from "../support/programs/pbx-command.ts";
import { openSession } from "../support/process/raw-socket.ts";
import { formsOf, linkTo, mailsTo, poll, post, register, request } from "../support/services/register.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();
const ask = (body: object) => postJson(`${host().url}/push/register`, body);
/** Separate names and addresses for every test, so that limits and emails do not interfere. */
let number = 0;
let domain = "";
let owner = "";
beforeEach(() => {
  number += 1;
  domain = `pbx${number}.example.com`;
  owner = `owner${number}@example.com`;
});

describe("a registration", () => {
  it("leads from request to login", async () => {
    const { ticket, code, expiresIn } = await request(host(), domain, owner);
    expect(expiresIn).toBe(1800);
    const link = await linkTo(host(), owner);
    expect(await (await poll(host(), ticket)).json()).toMatchObject({ state: "waiting" });
    const page = await (await fetch(link)).text();
    expect(page).toContain(domain);
    expect(page).toContain("127.0.0.1");
    const forms = formsOf(page);
    expect(forms).toHaveLength(1);
    expect(forms[0]?.visible).toHaveLength(1);
    if (forms[0]) expect((await post(link, forms[0], code)).status).toBe(200);

    const confirmed = (await (await poll(host(), ticket)).json()) as Record<string, string>;
    expect(confirmed).toMatchObject({ state: "confirmed", domain, url: `${host().url}/push/ws` });
    expect(confirmed["password"]).toMatch(/^[A-Za-z0-9]{15}$/u);
    const secret = confirmed["password"] ?? "";
    const socket = await openSession(host(), { account: `${domain}/master`, secret });
    socket.close();

    const bearer = { authorization: `Bearer ${ticket}` };
    expect((await fetch(`${host().url}/push/register`, { method: "DELETE", headers: bearer })).status).toBe(204);
    expect(await (await poll(host(), ticket)).json()).toMatchObject({ state: "watching", domain, posts: [] });
  });

  it("keeps secret and code out of the email and the page behind the link", async () => {
    const { ticket, code } = await request(host(), domain, owner);
    const link = await linkTo(host(), owner);
    const form = formsOf(await (await fetch(link)).text())[0];
    const page = form && (await (await post(link, form, code)).text());
    const { password } = (await (await poll(host(), ticket)).json()) as { password: string };
    const [mail] = await mailsTo(host(), owner);
    for (const text of [mail?.text, mail?.html, page]) {
      expect(text).toContain(domain);
      expect(text).not.toContain(password);
      expect(text).not.toContain(code);
    }
  });

  it("is not confirmed by an email scanner that GETs and HEADs the link", async () => {
    const { ticket } = await request(host(), domain, owner);
    const link = await linkTo(host(), owner);
    for (const method of ["HEAD", "GET", "HEAD", "GET"]) {
      const response = await fetch(link, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get("referrer-policy")).toBe("same-origin");
    }
    expect(await (await poll(host(), ticket)).json()).toMatchObject({ state: "waiting" });
  });

  it("ends after five wrong codes", async () => {
    const { ticket, code } = await request(host(), domain, owner);
    const link = await linkTo(host(), owner);
    const form = formsOf(await (await fetch(link)).text())[0];
    if (form === undefined) throw new Error("no form");
    const wrong = code === "000000" ? "000001" : "000000";
    const statuses = [];
    for (let attempt = 0; attempt < 5; attempt += 1) statuses.push((await post(link, form, wrong)).status);
    expect(statuses).toEqual([422, 422, 422, 422, 410]);
    expect((await post(link, form, code)).status).toBe(410);
    expect(await (await poll(host(), ticket)).json()).toEqual({ state: "expired", reason: "codes" });
  });

  it("by the owner again replaces the secret only if chosen on the page; both secrets log in", async () => {
    const first = await register(host(), domain, owner);
    const { ticket, code } = await request(host(), domain, owner);
    const link = await linkTo(host(), owner, 2);
    const forms = formsOf(await (await fetch(link)).text());
    expect(forms).toHaveLength(2);
    const replacing = forms.find(({ hidden }) => "replace" in hidden);
    if (replacing === undefined) throw new Error("no form to replace");
    await post(link, replacing, code);
    const second = (await (await poll(host(), ticket)).json()) as { password: string };
    expect(second.password).not.toBe(first.password);
    for (const { password } of [first, second]) {
      const socket = await openSession(host(), { account: domain, secret: password });
      socket.close();
    }
  });

  it("by the owner again shows the existing password, and reports that to the owner by email", async () => {
    const first = await register(host(), domain, owner);
    expect((await register(host(), domain, owner, 2)).password).toBe(first.password);
    const told = await eventually(async () => (await mailsTo(host(), owner))[2]);
    expect(told.subject).toBe(`Password of ${domain} shown in another Connect window`);
    expect(told.text).toContain("opened from the address 127.0.0.1");
    expect(told.text).not.toContain(first.password);
  });

  it("with 50 confirmations at once returns one secret", async () => {
    const { ticket, code } = await request(host(), domain, owner);
    const link = await linkTo(host(), owner);
    const form = formsOf(await (await fetch(link)).text())[0];
    if (form === undefined) throw new Error("no form");
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(link, form, code)));
    expect(responses.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    const { password } = (await (await poll(host(), ticket)).json()) as { password: string };
    const socket = await openSession(host(), { account: domain, secret: password });
    socket.close();
    const history = await fetch(`${host().url}/_local/admin/domain?account=${domain}`);
    expect(((await history.json()) as { history: unknown[] }).history).toHaveLength(1);
  });
});

describe("several registrations", () => {
  /** One that waits for its code to be entered behind the link. */
  async function begun(name: string, email: string, count = 1) {
    const { ticket, code } = await request(host(), name, email);
    const link = await linkTo(host(), email, count);
    const form = formsOf(await (await fetch(link)).text())[0];
    if (form === undefined) throw new Error("no form");
    const state = async () => (await (await poll(host(), ticket)).json()) as { state: string; password?: string };
    return { confirm: () => post(link, form, code), state };
  }

  it("of one free domain at once: one of two addresses gets it, the other's request ends", async () => {
    const [mine, yours] = await Promise.all([begun(domain, `a.${owner}`), begun(domain, `b.${owner}`)]);
    const answers = await Promise.all([mine.confirm(), yours.confirm()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    const states = await Promise.all([mine.state(), yours.state()]);
    expect(states.map(({ state }) => state).sort()).toEqual(["confirmed", "expired"]);
    const secret = states.find(({ state }) => state === "confirmed")?.password ?? "";
    const socket = await openSession(host(), { account: domain, secret });
    socket.close();
    const shown = await fetch(`${host().url}/_local/admin/domain?account=${domain}`);
    expect(((await shown.json()) as { history: unknown[] }).history).toHaveLength(1);
  });

  it("of several domains are possible for one address", async () => {
    for (const [index, name] of [domain, `second-${domain}`].entries()) {
      expect((await register(host(), name, owner, index + 1)).password).toMatch(/^[A-Za-z0-9]{15}$/u);
    }
  });

  it("get no email after three to one address within the hour", async () => {
    for (let count = 1; count <= 3; count += 1) {
      await request(host(), `${count}.${domain}`, owner);
      await linkTo(host(), owner, count);
    }
    await request(host(), `4.${domain}`, owner);
    await register(host(), `later.${domain}`, `later.${owner}`); // followed it through the same queue
    expect(await mailsTo(host(), owner)).toHaveLength(3);
  });
});

it("an internationalized name registers and logs in, in either spelling", async () => {
  const { password } = await register(host(), "Bücher.example", owner);
  for (const account of ["bücher.example", "BÜCHER.example/master", "xn--bcher-kva.example"]) {
    const socket = await openSession(host(), { account, secret: password });
    socket.close();
  }
});

it("the page behind the link says what confirming does, and warns of a code from someone else", async () => {
  await request(host(), domain, owner);
  const page = (await (await fetch(await linkTo(host(), owner))).text()).replace(/<[^>]+>/gu, " ");
  expect(page).toContain("shows the domain's password in the window with the code");
  expect(page).toContain("Never enter a code that someone else gave you");
});

it("npm run pbx registers, stays connected, wakes a phone", async () => {
  const url = ["--url", host().url];
  let said = "";
  const registering = pbx(
    ["register", domain, "--email", owner, "--poll", "0.1", "--json", ...url],
    {},
    (out) => (said = out),
  );
  const link = await linkTo(host(), owner);
  const form = formsOf(await (await fetch(link)).text())[0];
  if (form === undefined) throw new Error("no form");
  const code = await eventually(() => Promise.resolve(/"code":"(\d{6})"/u.exec(said)?.[1]));
  await post(link, form, code);
  const { code: exit, out } = await registering;
  expect(exit).toBe(0);
  const { password } = JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as { password: string };

  const account = ["--account", `${domain}/master`, ...url];
  const environment = { PBX_SECRET: password };
  const connected = await pbx(["connect", ...account, "--for", "1", "--json"], environment);
  expect([connected.code, connected.err]).toEqual([0, ""]);
  expect(connected.out).toMatch(/"event":"online"/u);
  const device = iosToken(`command line ${number}`);
  const pushed = await pbx(
    ["push", `ios-call:${device}`, "--type", "call", "--data", '{"call":"x"}', ...account],
    environment,
  );
  expect(pushed.code).toBe(0);
  const phone = await eventually(async () => (await pushes(host())).find(({ token }) => token === device));
  expect(phone.payload).toMatchObject({ type: "call", payload: '{"type":"call","call":"x"}' });
});

describe("silence", () => {
  /** What an outsider can see of one request. */
  async function watch(name: string, email: string) {
    const response = await ask({ domain: name, email });
    const body = (await response.json()) as Record<string, unknown>;
    const headers = [...response.headers.keys()].sort();
    const shape = Object.entries(body).map(([key, value]) => [key, String(value).length]);
    return { status: response.status, headers, shape };
  }

  it("looks the same to an outsider in all cases, and only the owner gets an email", async () => {
    await register(host(), domain, owner);
    await addAccount(host(), `operator-${domain}`);
    await addAccount(host(), `customer-${domain}/master`);
    const answers = [
      await watch(`free-${domain}`, `a${number}@stranger.example`),
      await watch(domain, `b${number}@stranger.example`),
      await watch(`operator-${domain}`, `c${number}@stranger.example`),
      // The bare name is not registered, but the operator has an account under it.
      await watch(`customer-${domain}`, `d${number}@example.com`),
      // An address at a subdomain shows no right to the name.
      await watch(domain, `e${number}@students.${domain}`),
    ];
    expect(answers[0]?.status).toBe(202);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await linkTo(host(), `a${number}@stranger.example`);
    await quiet(host()); // the queue is not ordered
    expect(await mailsTo(host(), `b${number}@stranger.example`)).toEqual([]);
    for (const stranger of [`c${number}@stranger.example`, `d${number}@example.com`, `e${number}@students.${domain}`])
      expect(await mailsTo(host(), stranger)).toEqual([]);
  });
});

describe("registration refuses", () => {
  it.each([
    [{ domain: "nolabel", email: "a@example.com" }, 422, "domain"],
    [{ domain: "pbx.example.com/master", email: "a@example.com" }, 422, "domain"],
    [{ domain: "192.0.2.1", email: "a@example.com" }, 422, "domain"],
    [{ domain: "pbx.lan", email: "a@example.com" }, 422, "domain"],
    [{ domain: "dyndns.org", email: "a@example.com" }, 422, "domain"],
    [{ domain: "<script>.example", email: "a@example.com" }, 422, "domain"],
    [{ domain: "pbx.example.com", email: "a" }, 422, "email"],
    [{ domain: "pbx.example.com", email: "a@example.com\r\nBcc: b@example.com" }, 422, "email"],
    [{ domain: "pbx.example.com", email: "a@example.com,b@example.com" }, 422, "email"],
    [{ domain: 1, email: "a@example.com" }, 400, "malformed"],
    [{}, 400, "malformed"],
    [[], 400, "malformed"],
  ])("%j", async (body, status, error) => {
    const response = await ask(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "a body of type %s",
    async (type) => {
      const body = JSON.stringify({ domain, email: owner });
      const response = await fetch(`${host().url}/push/register`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      expect(response.status).toBe(415);
    },
  );

  it("a body that is not JSON, or too large", async () => {
    const headers = { "content-type": "application/json" };
    const send = (body: string) => fetch(`${host().url}/push/register`, { method: "POST", headers, body });
    expect((await send("{")).status).toBe(400);
    expect((await send(JSON.stringify({ domain, email: "a".repeat(20_000) }))).status).toBe(413);
  });

  it("an unknown ticket, or none", async () => {
    expect((await poll(host(), "A".repeat(43))).status).toBe(401);
    expect((await fetch(`${host().url}/push/register`)).status).toBe(401);
  });

  it("a method that an address does not support", async () => {
    const response = await fetch(`${host().url}/push/register`, { method: "PUT" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, GET, HEAD, DELETE"]);
  });

  it("an unknown address: as a page for browsers, as JSON for programs", async () => {
    const page = await fetch(`${host().url}/push/nothing`, { headers: { accept: "text/html,*/*" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    const json = await fetch(`${host().url}/push/nothing`);
    expect([json.status, await json.json()]).toEqual([404, { error: "not-found", message: "Page not found." }]);
  });
});
