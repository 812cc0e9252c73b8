import assert from "node:assert/strict";
import { CONSOLE_PAGE } from "../../../local/product.ts";
import type { LocalHost } from "../../../local/host.ts";
import { formsOf } from "./register.ts";

interface ConsolePage {
  /** Below the console's address, with its query. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** A user of the console without a browser: keeps cookies, follows redirects, sends forms. */
export interface ConsoleVisit {
  show(path: string): Promise<ConsolePage>;
  /** Fills in a page's form, found by the end of its action, and sends it. */
  send(page: ConsolePage, action: string, typed?: Readonly<Record<string, string>>): Promise<ConsolePage>;
}

const HOPS = 10;

/** Signs in at the local host's identity provider. @param person of local/product.ts */
export async function signIn({ url: front }: LocalHost, person: string): Promise<ConsoleVisit> {
  const cookies = new Map<string, string>();
  const base = front + CONSOLE_PAGE;

  async function go(to: string, form?: Readonly<Record<string, string>>) {
    let url = to;
    let body = form && new URLSearchParams(form);
    for (let hop = 0; hop < HOPS; hop += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const method = body === undefined ? "GET" : "POST";
      const answer = await fetch(url, {
        method,
        body: body ?? null,
        redirect: "manual",
        headers: { cookie, origin: front },
      });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(set) ?? [];
        cookies.set(name, value);
      }
      const location = answer.headers.get("location");
      if (location === null) return { url, status: answer.status, text: await answer.text() };
      url = new URL(location, url).href;
      body = undefined;
    }
    throw new Error(`more than ${HOPS} redirects from ${to}`);
  }
  async function open(url: string, form?: Readonly<Record<string, string>>): Promise<ConsolePage> {
    const { url: there, status, text } = await go(url, form);
    const path = there.slice(base.length);
    assert.equal(status, 200, `${path} answered ${status}`);
    return { path, status, text };
  }

  const asked = await go(`${base}/sign-in`);
  const signedIn = await go(asked.url, { person });
  assert.equal(signedIn.status, 200, `signing in answered ${signedIn.status}`);
  return {
    show: (path) => open(base + path),
    send(page, action, typed = {}) {
      const form = formsOf(page.text).find((each) => each.action.endsWith(action));
      assert.ok(form, `no form ${action} on ${page.path}`);
      return open(new URL(form.action, front).href, { ...form.hidden, ...typed });
    },
  };
}
