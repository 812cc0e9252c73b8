import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { readBody } from "../aws/body.ts";
import { page } from "../front/layout.tsx";
import type { LambdaFunction } from "../lambda/pool.ts";
import { IDENTITY, identityClient, PEOPLE } from "../product.ts";

/** Answers everything below IDENTITY. */
export type IdentityProvider = (request: IncomingMessage, response: ServerResponse) => void;

export const isIdentity = (path: string): boolean => path.startsWith(`${IDENTITY}/`);

const INTERACTION = "/interaction/";
/** Lifetime of everything it issues, in s: a sign-in lasts a working day. */
const LIFE_S = 8 * 3_600;
/** Bytes of a form with one button. */
const BODY_LIMIT = 4_096;

/**
 * The company's identity provider: a real one (oidc-provider) whose people need no password. Starts on first use;
 * undefined if the template has no console.
 */
export function playIdentity(
  functions: readonly LambdaFunction[],
  front: string,
): (() => Promise<IdentityProvider>) | undefined {
  const [client] = functions.flatMap(({ definition }) => identityClient(definition.environment()) ?? []);
  if (client === undefined) return undefined;
  let started: Promise<IdentityProvider> | undefined;
  return () => (started ??= start(front + IDENTITY, client));
}

type Client = NonNullable<ReturnType<typeof identityClient>>;

async function start(issuer: string, client: Client): Promise<IdentityProvider> {
  // Loaded on demand: it takes a moment, and most users of this host never sign in.
  const { Provider: OidcProvider } = await import("oidc-provider");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const provider: Provider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: client.id,
        redirect_uris: client.redirects,
        post_logout_redirect_uris: client.signedOut,
        token_endpoint_auth_method: "none",
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig" }] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    ttl: { AccessToken: LIFE_S, Grant: LIFE_S, IdToken: LIFE_S, Interaction: LIFE_S, Session: LIFE_S },
    pkce: { required: () => true },
    claims: { openid: ["sub", "groups"], profile: ["name"] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(context, form) {
          const { html, headers } = page("Sign out", <SignOut form={form} />, "'self'");
          context.set(headers);
          context.body = html;
        },
      },
    },
    interactions: { url: (_, { uid }) => `${IDENTITY}${INTERACTION}${uid}` },
    findAccount(_, id) {
      const person = PEOPLE.find((each) => each.id === id);
      return person && { accountId: id, claims: () => ({ sub: id, name: person.name, groups: [...person.groups] }) };
    },
    // Skips the consent screen.
    async loadExistingGrant({ oidc }) {
      const { accountId } = oidc.session ?? {};
      if (accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.id, accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  return (request, response) => {
    const path = (request.url ?? "").slice(IDENTITY.length);
    if (path.startsWith(INTERACTION)) return void choose(provider, request, response).catch(() => response.destroy());
    // As a framework that mounts it below a path would do.
    Object.assign(request, { originalUrl: request.url, url: path });
    void answer(request, response);
  };
}

/** Asks who signs in, and takes the answer. */
async function choose(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "POST") {
    const body = await readBody(request, BODY_LIMIT);
    const accountId = new URLSearchParams(body?.toString("utf8")).get("person") ?? "";
    await provider.interactionFinished(request, response, { login: { accountId } });
    return;
  }
  const { html, headers } = page("Identity provider", <People />, "'self'");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers });
  response.end(html);
}

/** @param form of the library, without a button */
const SignOut = ({ form }: { readonly form: string }) => (
  <main>
    <h1>The company's identity provider</h1>
    <div dangerouslySetInnerHTML={{ __html: form }} />
    <button type="submit" form="op.logoutForm" name="logout" value="yes">
      Sign out here too
    </button>
  </main>
);

const People = () => (
  <main>
    <h1>The company's identity provider</h1>
    <p class="quiet">It is played by this host. Sign in as:</p>
    <form method="post">
      {PEOPLE.map(({ id, name, groups }) => (
        <p>
          <button type="submit" name="person" value={id}>
            {name}
          </button>{" "}
          <span class="quiet">{groups.join(", ") || "in no group"}</span>
        </p>
      ))}
    </form>
  </main>
);
