// @ts-check
/** The Connect window (docs/protocol.md, Registration 1 and 4). Its words stand in the page; see views/registration/connect.tsx. */

/** @typedef {{ ticket: string, code: string, reference: string, domain: string, email: string, until: number, copied?: true }} Ticket */
/** @typedef {{ state: string, domain?: string, reason?: string }} Expired */

import { element, showArrived, showHourOver, showNothingArrived } from "./arrived.js";

const ENDPOINT = "/push/register";
const STORED = "push-registration";
const FIRST_POLL = 2_000; // 2 seconds
const LAST_POLL = 10_000; // 10 seconds
const BACK_OFF = 1.2;

/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (element("form"));
const status = element("status");
const unit = /** @type {const} */ ({ style: "unit", unit: "minute", unitDisplay: "long" });
const inMinutes = new Intl.NumberFormat(document.documentElement.lang, unit);

/** @type {Ticket | undefined} */
let ticket = stored();
let pause = FIRST_POLL;
let timer = 0;

/** @returns {Ticket | undefined} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {Ticket | undefined} next */
function keep(next) {
  ticket = next;
  name(next);
  if (next) sessionStorage.setItem(STORED, JSON.stringify(next));
  else sessionStorage.removeItem(STORED);
}

/** Shows one state of the window and moves the reader there. @param {string} id */
function show(id) {
  for (const section of document.querySelectorAll("main > section")) {
    /** @type {HTMLElement} */ (section).hidden = section.id !== id;
  }
  status.textContent = "";
  element("request-name").hidden = id !== "waiting";
  element(id).querySelector("h1")?.focus();
}

const TITLE = document.title;

/** Names the window by its request, so that two can be told apart. @param {Ticket | undefined} of */
function name(of) {
  const line = element("request-name");
  /** @param {string | undefined} text */
  const named = (text = "") =>
    text.replaceAll("{reference}", of?.reference ?? "").replaceAll("{domain}", of?.domain ?? "");
  line.textContent = of ? named(line.dataset.text) : "";
  document.title = of ? `${named(line.dataset.title)} – ${TITLE}` : TITLE;
}

/** @param {string} domain */
function tellDomain(domain) {
  for (const place of document.querySelectorAll("[data-domain-name]")) place.textContent = domain;
  for (const link of document.querySelectorAll("[data-owner-page]")) {
    const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
    url.searchParams.set("domain", domain);
    /** @type {HTMLAnchorElement} */ (link).href = url.href;
  }
}

/** @param {string} method @param {string} [body] @param {string} [path] */
function call(method, body, path = ENDPOINT) {
  /** @type {Record<string, string>} */
  const headers = { "accept-language": document.documentElement.lang };
  if (ticket) headers["authorization"] = `Bearer ${ticket.ticket}`;
  if (body) headers["content-type"] = "application/json";
  return fetch(path, { method, headers, body, cache: "no-store", signal: AbortSignal.timeout(15_000) });
}

// ---------- asking

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const { domain, email } = { domain: input("domain").value, email: input("email").value };
  tell("domain", "");
  tell("email", "");
  status.textContent = "";
  button.disabled = true;
  try {
    const body = JSON.stringify({ domain, email });
    const response = await call("POST", body);
    const answer = await response.json();
    if (response.ok) {
      const { ticket, code, reference, expiresIn } = answer;
      keep({ ticket, code, reference, domain, email, until: Date.now() + expiresIn * 1_000 });
      wait();
    } else if (answer.error === "domain" || answer.error === "email") {
      tell(answer.error, answer.message);
      input(answer.error).focus();
    } else {
      status.textContent = answer.message;
    }
  } catch {
    status.textContent = status.dataset.failed ?? "";
  } finally {
    button.disabled = false;
  }
});

/** @param {string} field @param {string} error */
function tell(field, error) {
  element(`${field}-error`).textContent = error;
  input(field).setAttribute("aria-invalid", String(error !== ""));
}

// ---------- waiting

function wait() {
  if (!ticket) return;
  element("to").textContent = ticket.email;
  element("resent").textContent = "";
  element("code").textContent = ticket.code.replace(/^(\d{3})(\d{3})$/, "$1 $2");
  element("delayed").hidden = true;
  show("waiting");
  pause = FIRST_POLL;
  poll();
}

/** Says when an email leaves that cannot leave now. @param {{ emailIn?: number, tryAgainIn?: number }} answer */
function tellDelay({ emailIn = 0, tryAgainIn = 0 }) {
  const delayed = element("delayed");
  const seconds = Math.max(emailIn, tryAgainIn);
  delayed.hidden = seconds === 0;
  const at = new Date(Date.now() + seconds * 1_000);
  const time = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const text = (tryAgainIn > 0 ? delayed.dataset.again : delayed.dataset.later) ?? "";
  delayed.textContent = text.replace("{time}", time);
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(poll, pause);
  pause = Math.min(LAST_POLL, pause * BACK_OFF);
}

async function poll() {
  clearTimeout(timer);
  const asked = ticket;
  if (!asked) return;
  const left = element("left");
  const minutes = Math.max(0, Math.ceil((asked.until - Date.now()) / 60_000));
  left.textContent = (left.dataset.text ?? "").replace("{time}", inMinutes.format(minutes));
  try {
    const response = await call("GET");
    if (asked !== ticket) return;
    if (response.status === 401) return over({ state: "expired" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const answer = await response.json();
    status.textContent = "";
    if (answer.domain) tellDomain(answer.domain);
    if (answer.state === "expired") return over(answer);
    if (answer.state === "confirmed" && !asked.copied) return done(answer);
    if (answer.state === "confirmed")
      await call("DELETE"); // Its answer was lost.
    else if (answer.state === "watching") showArrived(answer);
    else tellDelay(answer);
  } catch {
    if (asked !== ticket) return;
    status.textContent = status.dataset.offline ?? "";
  }
  later();
}

element("resend").addEventListener("click", async () => {
  const resent = element("resent");
  resent.textContent = "";
  try {
    const response = await call("POST", undefined, `${ENDPOINT}/resend`);
    resent.textContent = response.ok ? (resent.dataset.text ?? "") : (await response.json()).message;
  } catch {
    resent.textContent = status.dataset.failed ?? "";
  }
});

// Coming back from the email, people want to see the result immediately.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && ticket && element("done").hidden) poll();
});

// ---------- the end

/** @param {{ url: string, password: string }} answer */
function done({ url, password }) {
  input("url").value = url;
  input("password").value = password;
  show("done");
}

/** @param {Expired} answer with the domain where it is registered all the same */
function over({ domain, reason }) {
  const copied = ticket?.copied;
  keep(undefined);
  if (reason === "lost" || reason === "taken") return show(reason);
  if (copied) return showHourOver();
  show(domain ? "shown" : "expired");
  for (const found of document.querySelectorAll("#expired [data-reason]")) {
    const text = /** @type {HTMLElement} */ (found);
    text.hidden = text.dataset.reason !== (reason ?? "time");
  }
}

element("finish").addEventListener("click", async () => {
  await call("DELETE").catch(() => undefined); // It ends by itself after 15 minutes.
  if (ticket) keep({ ...ticket, copied: true });
  input("password").value = "";
  watch();
});

// ---------- what arrives, for an hour

function watch() {
  show("finished");
  showNothingArrived();
  pause = FIRST_POLL;
  poll();
}

for (const button of document.querySelectorAll("[data-restart]")) {
  button.addEventListener("click", () => {
    if (ticket && !ticket.copied) call("DELETE").catch(() => undefined);
    keep(undefined);
    clearTimeout(timer);
    show("request");
    input("domain").focus();
  });
}

name(ticket);
if (ticket?.copied) watch();
else if (ticket) wait();
