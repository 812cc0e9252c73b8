import * as client from "openid-client";
import { fail, ok } from "../core/shared/result.ts";
import type { Identity, IdentityProvider } from "../ports/admin.ts";
import type { Clock } from "../ports/clock.ts";
import { DependencyError } from "../ports/errors.ts";

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Reads the client's secret; undefined: a public client, which PKCE alone protects. Throws DependencyError. */
  readonly clientSecret?: (() => Promise<string>) | undefined;
  /** Where browsers come back to. From configuration: behind a CDN the Host is API Gateway's. */
  readonly redirectUrl: string;
  /** Where they go when the provider's session has ended. */
  readonly signedOutUrl: string;
  /** Claim of the ID token that lists the person's groups. */
  readonly groupsClaim: string;
  /** Full URL that ends the provider's session, for providers that do not publish it as the standard says. */
  readonly logoutUrl?: string | undefined;
}

/** Limit for each request to the provider, in s: discovery, token and keys together stay under API Gateway's 29 s. */
const LIMIT_S = 5;
/** How long discovered metadata is kept, in ms; the library keeps keys for five minutes (oauth4webapi, jwksCache). */
const DISCOVERED_MS = 60 * 60_000;
/** Longest query that is read, in characters: codes and states are far shorter. */
const MAX_QUERY = 8_192;
/** Most groups that are read: nobody is in more. */
const MAX_GROUPS = 1_000;

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Sign-in by the authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636), by a certified library. */
export function oidcProvider(settings: OidcSettings, clock: Clock): IdentityProvider {
  const issuer = new URL(settings.issuer);
  const plain = issuer.protocol === "http:";
  if (plain && !LOOPBACK.has(issuer.hostname)) throw new Error("an http issuer is for this machine only: use https");
  let known: { readonly configuration: Promise<client.Configuration>; readonly until: number } | undefined;

  async function discover(): Promise<client.Configuration> {
    const secret = await settings.clientSecret?.();
    const execute = [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])];
    const authentication = secret === undefined ? client.None() : withSecret(secret);
    return client.discovery(issuer, settings.clientId, undefined, authentication, { execute, timeout: LIMIT_S });
  }

  function configuration(): Promise<client.Configuration> {
    if (known === undefined || known.until <= clock.now())
      known = { configuration: discover(), until: clock.now() + DISCOVERED_MS };
    return known.configuration;
  }

  /** Asks the provider, and forgets its metadata if that fails: keys, addresses and the secret may have changed. */
  async function ask<T>(operation: string, question: (known: client.Configuration) => Promise<T> | T): Promise<T> {
    try {
      return await question(await configuration());
    } catch (error) {
      known = undefined;
      throw error instanceof DependencyError ? error : failure(operation, error);
    }
  }

  return {
    begin: () =>
      ask("oidc.begin", async (provider) => {
        const attempt = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        };
        const url = client.buildAuthorizationUrl(provider, {
          scope: "openid profile email",
          redirect_uri: settings.redirectUrl,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: "S256",
        });
        return { url: url.href, attempt };
      }),

    async finish(query, { state, nonce, verifier }) {
      if (query.length > MAX_QUERY) return fail("invalid");
      const back = new URL(settings.redirectUrl);
      back.search = query;
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      try {
        const answer = await ask("oidc.finish", (provider) => client.authorizationCodeGrant(provider, back, checks));
        return ok(identityOf(answer, settings.groupsClaim));
      } catch (error) {
        const { kind, code, cause } = error as DependencyError;
        if (kind !== "rejected") throw error;
        if (cause instanceof client.AuthorizationResponseError) return fail("denied");
        // Of the provider's own errors, only this one is about the code; all others are about us, not the visitor.
        const own = cause instanceof client.ResponseBodyError || cause instanceof client.WWWAuthenticateChallengeError;
        if (own && code !== "invalid_grant") throw error;
        return fail("invalid");
      }
    },

    logoutUrl: (idToken) =>
      ask("oidc.logout", (provider) => {
        if (settings.logoutUrl !== undefined) return settings.logoutUrl;
        if (provider.serverMetadata().end_session_endpoint === undefined) return undefined;
        const hint = idToken === undefined ? {} : { id_token_hint: idToken };
        return client.buildEndSessionUrl(provider, { post_logout_redirect_uri: settings.signedOutUrl, ...hint }).href;
      }),
  };
}

/** Basic is the standard's default (OpenID Connect Core 1.0, 9); some providers take only what they list. */
const withSecret = (secret: string): client.ClientAuth => {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (provider, ...request) => {
    const { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] } = provider;
    return (methods.includes("client_secret_basic") ? basic : post)(provider, ...request);
  };
};

type TokenAnswer = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

function identityOf(answer: TokenAnswer, groupsClaim: string): Identity {
  const claims = answer.claims() ?? { sub: "" };
  const text = (claim: unknown) => (typeof claim === "string" && claim !== "" ? claim : undefined);
  const named = claims as Readonly<Record<string, unknown>>;
  const groups = [named[groupsClaim]].flat().slice(0, MAX_GROUPS);
  return {
    subject: claims.sub,
    name: text(named["name"]) ?? text(named["preferred_username"]) ?? text(named["email"]) ?? claims.sub,
    groups: groups.filter((group) => typeof group === "string"),
    idToken: answer.id_token ?? "",
  };
}

/** `rejected`: there was an unacceptable answer. Its text may hold what a visitor sent: only codes are kept. */
function failure(operation: string, cause: unknown): DependencyError {
  if (cause instanceof client.AuthorizationResponseError)
    return new DependencyError(operation, "rejected", "denied", { cause });
  if (cause instanceof client.ResponseBodyError) {
    const kind = cause.status === 429 ? "throttled" : cause.status >= 500 ? "unavailable" : "rejected";
    return new DependencyError(operation, kind, /^[a-z_]{1,40}$/u.exec(cause.error)?.[0], { cause });
  }
  if (cause instanceof client.WWWAuthenticateChallengeError)
    return new DependencyError(operation, "rejected", "invalid_client", { cause });
  if (cause instanceof client.ClientError) {
    if (cause.code === "OAUTH_TIMEOUT" || cause.code === "OAUTH_ABORT")
      return new DependencyError(operation, "timeout", undefined, { cause });
    // A status that the protocol does not have, or no JSON: the provider is out of order.
    const broken = ["OAUTH_RESPONSE_IS_NOT_CONFORM", "OAUTH_RESPONSE_IS_NOT_JSON", "OAUTH_PARSE_ERROR"];
    return new DependencyError(operation, broken.includes(cause.code ?? "") ? "unavailable" : "rejected", cause.code, {
      cause,
    });
  }
  return new DependencyError(operation, "unreachable", undefined, { cause });
}
