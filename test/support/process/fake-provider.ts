import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Key {
  readonly kid: string;
  readonly private: KeyObject;
  readonly public: KeyObject;
}
const newKey = (): Key => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: randomUUID(), private: privateKey, public: publicKey };
};

type Claims = Readonly<Record<string, unknown>>;

/** An OpenID Connect provider that a test can make misbehave in every way. */
export interface FakeProvider {
  readonly issuer: string;
  /** Requests by path since the start. */
  readonly asked: Readonly<Record<string, number>>;
  /** Body and Authorization of the last request for a token. */
  last?: { readonly form: URLSearchParams; readonly authorization: string | undefined };
  /** Claims that replace its own in every ID token from now on. */
  claims: Claims;
  /** Answers that replace its own, by path: a status and a body, as JSON or as text. `hang`: no answer. */
  readonly instead: Map<
    string,
    { readonly status: number; readonly body: object | string; readonly headers?: Record<string, string> } | "hang"
  >;
  /** Changes its key. */
  rotate(): void;
  /** Signs with an unpublished key under the id of the published one. */
  forge(): void;
  /**
   * Signs someone in, like its page. @param url that the browser was sent to; returns the query of the redirect back
   */
  signIn(url: string, claims?: Claims): string;
  stop(): Promise<void>;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** @param methods supported for the client's secret; null: not in the discovery document */
export async function fakeProvider(methods: readonly string[] | null = ["client_secret_basic"]): Promise<FakeProvider> {
  let key = newKey();
  let published = key;
  const codes = new Map<string, { readonly asked: URLSearchParams; readonly claims: Claims }>();
  const asked: Record<string, number> = {};

  const idToken = (request: URLSearchParams, own: Claims): string => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: provider.issuer,
      aud: request.get("client_id"),
      sub: "person-1",
      iat: now,
      exp: now + 300,
      nonce: request.get("nonce"),
      ...own,
      ...provider.claims,
    };
    const text = `${part({ alg: "RS256", kid: published.kid })}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), key.private).toString("base64url")}`;
  };

  function token(form: URLSearchParams): readonly [number, object] {
    const found = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const good =
      found?.asked.get("code_challenge") === challenge && found.asked.get("redirect_uri") === form.get("redirect_uri");
    if (found === undefined || !good) return [400, { error: "invalid_grant" }];
    return [200, { access_token: "a", token_type: "Bearer", id_token: idToken(found.asked, found.claims) }];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    asked[path] = (asked[path] ?? 0) + 1;
    const instead = provider.instead.get(path);
    if (instead === "hang") return;
    const write = (status: number, body: object | string, headers: Record<string, string> = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
    };
    const body = await text(request);
    if (instead !== undefined) return write(instead.status, instead.body, instead.headers);
    if (path === "/.well-known/openid-configuration")
      return write(200, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        end_session_endpoint: `${provider.issuer}/end`,
        ...(methods && { token_endpoint_auth_methods_supported: methods }),
        id_token_signing_alg_values_supported: ["RS256"],
      });
    if (path === "/keys") {
      const jwk = published.public.export({ format: "jwk" });
      return write(200, { keys: [{ ...jwk, kid: published.kid, use: "sig", alg: "RS256" }] });
    }
    if (path !== "/token") return write(404, {});
    provider.last = { form: new URLSearchParams(body), authorization: request.headers.authorization };
    return write(...token(provider.last.form));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: FakeProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    claims: {},
    instead: new Map(),
    rotate() {
      key = newKey();
      published = key;
    },
    forge() {
      key = newKey();
    },
    signIn(url, claims = {}) {
      const request = new URL(url).searchParams;
      const code = randomUUID();
      codes.set(code, { asked: request, claims });
      return new URLSearchParams({ code, state: request.get("state") ?? "" }).toString();
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}
