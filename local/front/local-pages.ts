import type { IncomingMessage } from "node:http";
import type { CallCounter } from "../aws/calls.ts";
import type { Faults } from "../aws/faults.ts";
import type { LocalDashboard } from "../dashboard/routes.ts";
import type { Mailbox } from "../ses/mailbox.ts";
import { mailboxPage, mailFrame } from "../ses/page.tsx";
import { PHONES, phonesPage } from "../sns/phones/page.tsx";
import type { Phones } from "../sns/phones/phones.ts";
import { newPhones, type TestPushes } from "../sns/phones/test-push.ts";
import { indexPage, type IndexFacts } from "./index-page.tsx";
import type { Page } from "./layout.tsx";
import type { Logs } from "./logs.ts";

/** What `/_local` shows and changes. */
export interface LocalParts {
  readonly facts: () => IndexFacts;
  readonly ready: () => boolean;
  /** What is down and what to do about it, by name. */
  readonly down: () => Promise<Readonly<Record<string, string>>>;
  readonly mailbox: Mailbox;
  readonly phones: Phones;
  readonly testPushes: TestPushes;
  readonly calls: CallCounter;
  readonly faults: Faults;
  readonly logs: Logs;
  readonly dashboard: LocalDashboard;
  readonly runSchedules: () => Promise<void>;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Handle = (request: IncomingMessage, body: string) => LocalAnswer | Promise<LocalAnswer>;

/** Without a script, a page of pushes reloads itself by the header. */
const REFRESH_S = "5";

/** The pages and JSON under `/_local` (docs/local.md). The path comes without query. */
export function createLocalPages(
  parts: LocalParts,
): (request: IncomingMessage, path: string, body: string) => LocalAnswer | Promise<LocalAnswer> {
  const { mailbox, phones, testPushes, calls, faults, logs, dashboard } = parts;
  const showPhones = () => {
    const { html, headers } = phonesPage(phones.list(), { newPhones: newPhones(), last: testPushes.last() });
    return show({ html, headers: { ...headers, refresh: REFRESH_S } });
  };
  const emptied =
    (clear: () => void): Handle =>
    () => {
      clear();
      return { status: 204, headers: {}, body: "" };
    };

  const routes: Readonly<Record<string, Handle>> = {
    "GET /_local": () => show(indexPage(parts.facts())),
    "GET /_local/health": () => health(parts),
    "GET /_local/mailbox": () => show(mailboxPage(mailbox.list())),
    "GET /_local/mail": (request) => (wantsPage(request) ? show(mailboxPage(mailbox.list())) : json(mailbox.list())),
    "DELETE /_local/mail": emptied(() => mailbox.clear()),
    [`GET ${PHONES}`]: showPhones,
    [`POST ${PHONES}`]: (_, body) => {
      const token = new URLSearchParams(body).get("token") ?? "";
      if (token === "") return json({ error: "a form with a token is needed" }, 400);
      testPushes.send(token);
      return { status: 303, headers: { location: PHONES }, body: "" };
    },
    "GET /_local/pushes": (request) => (wantsPage(request) ? showPhones() : json(phones.list())),
    "DELETE /_local/pushes": emptied(() => phones.clear()),
    "GET /_local/calls": () => json(calls.list()),
    "DELETE /_local/calls": emptied(() => calls.reset()),
    "GET /_local/logs": () => json(logs.list()),
    "DELETE /_local/logs": emptied(() => logs.clear()),
    "GET /_local/dashboard": () => show(dashboard.page()),
    "GET /_local/dashboard.json": () => json(dashboard.data()),
    "GET /_local/runbook": () => show(dashboard.runbook()),
    "POST /_local/schedules": async () => {
      await parts.runSchedules();
      return { status: 204, headers: {}, body: "" };
    },
    "GET /_local/faults": () => json(faults.list()),
    "POST /_local/faults": (_, body) => addFault(faults, body),
    "DELETE /_local/faults": emptied(() => faults.clear()),
  };

  return (request, path, body) => {
    const foreign = refusedCaller(request);
    if (foreign !== undefined) return foreign;
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    const trimmed = path.replace(/\/$/u, "");
    const handle = routes[`${method} ${trimmed}`];
    if (handle !== undefined) return handle(request, body);
    const mail = /^\/_local\/mailbox\/(\d+)$/u.exec(trimmed)?.[1];
    const found = mail === undefined ? undefined : mailbox.list()[Number(mail)];
    if (found !== undefined) return show(mailFrame(found));
    const chart = /^\/_local\/dashboard\/(\d+)\.svg$/u.exec(trimmed)?.[1];
    const drawn = chart === undefined ? undefined : dashboard.chart(Number(chart));
    if (drawn !== undefined) return svg(drawn);
    const known = Object.keys(routes).some((route) => route.split(" ")[1] === trimmed);
    return known ? json({ error: "method not allowed" }, 405) : json({ error: "not found" }, 404);
  };
}

async function health({ ready, down }: LocalParts): Promise<LocalAnswer> {
  if (!ready()) return json({ status: "starting" }, 503);
  const found = await down();
  return Object.keys(found).length === 0 ? json({ status: "ok" }) : json({ status: "down", down: found }, 503);
}

function addFault(faults: Faults, body: string): LocalAnswer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return json({ error: "the body is not JSON" }, 400);
  }
  const added = faults.add(value);
  return typeof added === "string" ? json({ error: added }, 400) : json(added, 201);
}

/** Browsers ask for HTML; everything else gets JSON. */
const wantsPage = ({ headers: { accept = "" } }: IncomingMessage) => accept.includes("text/html");

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/u;

/** The refusal of requests by foreign pages in this machine's browser (other origin, DNS rebinding); else undefined. */
export function refusedCaller({ headers: { host = "", origin = host } }: IncomingMessage): LocalAnswer | undefined {
  if (!LOOPBACK.test(host)) return json({ error: `the host ${host} is not loopback` }, 403);
  if (LOOPBACK.test(origin.replace(/^https?:\/\//u, ""))) return undefined;
  return json({ error: `requests from ${origin} are not accepted` }, 403);
}

const json = (value: unknown, status = 200): LocalAnswer => ({
  status,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(value),
});

const svg = (body: string): LocalAnswer => ({
  status: 200,
  headers: { "content-type": "image/svg+xml", "cache-control": "no-store" },
  body,
});

const show = ({ html, headers }: Page): LocalAnswer => ({
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  },
  body: html,
});
