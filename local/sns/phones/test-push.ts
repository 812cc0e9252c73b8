import { randomBytes } from "node:crypto";
import { OPERATOR } from "../../front/addresses.ts";
import { NEW_PHONES, TEST_PUSH } from "../../product.ts";

/** Test pushes sent from the phones page, and the result of the last one. */
export interface TestPushes {
  /** In words; undefined if none was sent. */
  readonly last: () => string | undefined;
  /** Returns immediately; the result follows some seconds later. Never throws. */
  send(token: string): void;
}

/** Random tokens of new phones, with the phones' names. */
export const newPhones = (): readonly (readonly [name: string, token: string])[] =>
  NEW_PHONES.map(({ name, app, encoding, bytes }) => [name, `${app}:${randomBytes(bytes).toString(encoding)}`]);

const LIMIT_MS = 20_000;

/** Sends through the operator's API, for the first domain in the list. @param url of this host */
export function createTestPushes(url: () => string): TestPushes {
  let last: string | undefined = undefined;

  async function call(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`${url()}${OPERATOR}${path}`, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new Error((answer as { readonly message?: string }).message ?? `status ${response.status}`);
  }

  async function carryOut(token: string): Promise<string> {
    const account = TEST_PUSH.accountIn(await call(TEST_PUSH.accounts));
    if (account === undefined) return "not sent: register a domain first, or add one";
    const body = JSON.stringify({ account, token });
    const headers = { "content-type": "application/json" };
    return TEST_PUSH.inWords(await call(TEST_PUSH.path, { method: "POST", headers, body }));
  }

  return {
    last: () => last,
    send(token) {
      const said = (words: string) => `Test push to ${token.slice(0, 24)}…: ${words}.`;
      last = said("on its way");
      void carryOut(token)
        .catch((error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`)
        .then((words) => (last = said(words)));
    },
  };
}
