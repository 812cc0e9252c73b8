import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { oidcProvider, type OidcSettings } from "../../lambdas/adapters/oidc.ts";
import { DependencyError } from "../../lambdas/ports/errors.ts";
import { fakeProvider, type FakeProvider } from "../support/process/fake-provider.ts";
import { testClock } from "../support/values/time-and-chance.ts";

let fake: FakeProvider;
/** Tests end time limits themselves, however slow the machine. */
let limit = new AbortController();
const limits: number[] = [];
beforeEach(async () => {
  limits.length = 0;
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    limits.push(ms);
    return limit.signal;
  });
  fake = await fakeProvider();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fake.stop();
});

const ours = (changed: Partial<OidcSettings> = {}, clock = testClock()) =>
  oidcProvider(
    {
      issuer: fake.issuer,
      clientId: "console",
      redirectUrl: "https://push.example.com/push/admin/callback",
      signedOutUrl: "https://push.example.com/push/admin/signed-out",
      groupsClaim: "groups",
      ...changed,
    },
    clock,
  );
const ANNA = { sub: "anna-1", name: "Anna", groups: ["push-support"] };
const failing = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("the call did not fail"),
    (error: unknown) => error as DependencyError,
  );

describe("sign-in by OpenID Connect", () => {
  it("requests a code with PKCE, state and nonce, and the configured redirect URL", async () => {
    const { url, attempt } = await ours().begin();
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      client_id: "console",
      redirect_uri: "https://push.example.com/push/admin/callback",
      scope: "openid profile email",
      code_challenge_method: "S256",
      state: attempt.state,
      nonce: attempt.nonce,
    });
    expect(asked.get("code_challenge")).not.toBe(attempt.verifier);
    const again = await ours().begin();
    const drawn = [attempt, again.attempt].flatMap(({ state, nonce, verifier }) => [state, nonce, verifier]);
    expect(new Set(drawn).size).toBe(6);
  });

  it("returns a person's name, address or id, and groups", async () => {
    const provider = ours();
    const who = async (claims: object) => {
      const { url, attempt } = await provider.begin();
      return provider.finish(fake.signIn(url, { ...claims }), attempt);
    };
    expect(await who(ANNA)).toMatchObject({
      ok: true,
      value: {
        subject: "anna-1",
        name: "Anna",
        groups: ["push-support"],
        idToken: expect.stringMatching(/^ey/u) as string,
      },
    });
    expect(await who({ sub: "b", preferred_username: "bob", groups: "push-operators" })).toMatchObject({
      value: { name: "bob", groups: ["push-operators"] },
    });
    expect(await who({ sub: "c", email: "c@example.com", groups: [7, "x", null] })).toMatchObject({
      value: { name: "c@example.com", groups: ["x"] },
    });
    for (const groups of [undefined, null, 7, true, "", { 0: "push-operators" }, [["push-operators"]], [{ a: "x" }]]) {
      const known = (await who({ sub: "d", groups })) as { value: { groups: readonly string[] } };
      expect(known.value.groups.filter((group) => group !== "")).toEqual([]);
    }
    const many = await who({ sub: "e", name: ["x"], groups: Array.from({ length: 5_000 }, (_, n) => `g${String(n)}`) });
    expect(many).toMatchObject({
      value: { name: "e", groups: expect.objectContaining({ length: 1_000 }) as string[] },
    });
  });

  const hour = 3_600;
  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ["of another issuer", () => ({ iss: "https://other.example.com" })],
    ["for another audience", () => ({ aud: "somebody-else" })],
    ["that has expired", () => ({ exp: now() - hour, iat: now() - 2 * hour })],
    ["that is not valid yet", () => ({ nbf: now() + hour })],
    ["with another nonce", () => ({ nonce: "another" })],
    ["without a nonce", () => ({ nonce: undefined })],
    ["without a subject", () => ({ sub: undefined })],
  ])("refuses a token %s", async (_, claims) => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    fake.claims = claims();
    expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toEqual({ ok: false, error: "invalid" });
  });

  it("refuses a token signed with another key", async () => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    fake.forge();
    expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toEqual({ ok: false, error: "invalid" });
  });

  it("refuses a replayed code, a tampered state, and another attempt", async () => {
    const provider = ours();
    const [first, other] = [await provider.begin(), await provider.begin()];
    const query = fake.signIn(first.url, ANNA);
    expect(await provider.finish(query, first.attempt)).toMatchObject({ ok: true });
    expect(await provider.finish(query, first.attempt)).toEqual({ ok: false, error: "invalid" });
    const fresh = fake.signIn(other.url, ANNA);
    expect(await provider.finish(`${fresh}x`, other.attempt)).toEqual({ ok: false, error: "invalid" });
    const crossed = { ...first.attempt, state: other.attempt.state };
    expect(await provider.finish(fake.signIn(other.url, ANNA), crossed)).toEqual({ ok: false, error: "invalid" });
    for (const hostile of ["", "code=a", "state=b", `code=${"x".repeat(10_000)}`])
      expect(await provider.finish(hostile, other.attempt)).toEqual({ ok: false, error: "invalid" });
  });

  it("reports that the provider did not sign someone in", async () => {
    const provider = ours();
    const { attempt } = await provider.begin();
    const query = `error=access_denied&state=${attempt.state}`;
    expect(await provider.finish(query, attempt)).toEqual({ ok: false, error: "denied" });
  });

  it("fetches the provider's keys again for a token signed with an unknown key", async () => {
    const provider = ours();
    const signedIn = async () => {
      const { url, attempt } = await provider.begin();
      return (await provider.finish(fake.signIn(url, ANNA), attempt)).ok;
    };
    expect(await signedIn()).toBe(true);
    fake.rotate();
    expect([await signedIn(), await signedIn()]).toEqual([false, true]);
  });

  it("caches discovery and keys for an hour", async () => {
    const clock = testClock();
    const provider = ours({}, clock);
    const signIn = async () => {
      const { url, attempt } = await provider.begin();
      expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toMatchObject({ ok: true });
    };
    await signIn();
    await signIn();
    expect(fake.asked).toEqual({ "/.well-known/openid-configuration": 1, "/keys": 1, "/token": 2 });
    clock.advance(3_599_999);
    await signIn();
    expect(fake.asked["/.well-known/openid-configuration"]).toBe(1);
    clock.advance(1);
    await signIn();
    expect(fake.asked["/.well-known/openid-configuration"]).toBe(2);
  });

  it.each(["/.well-known/openid-configuration", "/token", "/keys"])(
    "gives up on a provider that hangs at %s",
    async (path) => {
      const provider = ours();
      const begun = path.startsWith("/.") ? undefined : await provider.begin();
      fake.instead.set(path, "hang");
      const work = failing(begun ? provider.finish(fake.signIn(begun.url, ANNA), begun.attempt) : provider.begin());
      await expect.poll(() => fake.asked[path]).toBe(1);
      expect(new Set(limits)).toEqual(new Set([5_000]));
      limit.abort(new DOMException("", "TimeoutError"));
      limit = new AbortController();
      const error = await work;
      expect(error).toBeInstanceOf(DependencyError);
      expect(error.kind).toBe("timeout");
      fake.instead.clear();
      const { url, attempt } = await provider.begin();
      expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toMatchObject({ ok: true });
    },
  );

  it.each([
    [{ status: 500, body: {} }, "unavailable"],
    [{ status: 400, body: { error: "invalid_client" } }, "rejected"],
    [{ status: 401, body: { error: "invalid_client" }, headers: { "www-authenticate": "Basic" } }, "rejected"],
    [{ status: 429, body: { error: "slow_down" } }, "throttled"],
  ] as const)("distinguishes a provider that answers %o from a visitor's error", async (answer, kind) => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    fake.instead.set("/token", answer);
    const error = await failing(provider.finish(fake.signIn(url, ANNA), attempt));
    expect([error.name, error.kind]).toEqual(["DependencyError", kind]);
    expect(error.message).not.toContain(attempt.verifier);
  });

  it("keeps only the code of a provider's error, and nothing that a visitor may have sent", async () => {
    for (const [error, code] of [
      ["invalid_client", "invalid_client"],
      ["Eve <eve@example.com>", undefined],
      [`${"a".repeat(41)}`, undefined],
    ] as const) {
      const provider = ours();
      const { url, attempt } = await provider.begin();
      fake.instead.set("/token", { status: 400, body: { error } });
      const failed = await failing(provider.finish(fake.signIn(url, ANNA), attempt));
      expect([failed.operation, failed.kind, failed.code]).toEqual(["oidc.finish", "rejected", code]);
    }
  });

  it.each([
    ["not JSON", { status: 200, body: "<html>", headers: { "content-type": "text/html" } }],
    ["JSON only by its type", { status: 200, body: "<html>" }],
    ["a status outside the protocol", { status: 302, body: {} }],
  ])("treats an answer that is %s as the provider's failure", async (_, answer) => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    fake.instead.set("/token", answer);
    const failed = await failing(provider.finish(fake.signIn(url, ANNA), attempt));
    expect([failed.operation, failed.kind]).toEqual(["oidc.finish", "unavailable"]);
  });

  it("refuses a redirect's query that is longer than any of the provider's", async () => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    const query = fake.signIn(url, ANNA);
    const padded = (length: number) => `${query}&x=${"x".repeat(length - query.length - 3)}`;
    expect(await provider.finish(padded(8_193), attempt)).toEqual({ ok: false, error: "invalid" });
    expect(fake.asked["/token"]).toBeUndefined();
    expect(await provider.finish(padded(8_192), attempt)).toMatchObject({ ok: true });
  });

  it("reports that its own secret cannot be read", async () => {
    const unreadable = new DependencyError("secretsmanager.GetSecretValue", "throttled");
    const provider = ours({ clientSecret: () => Promise.reject(unreadable) });
    expect(await failing(provider.begin())).toBe(unreadable);
  });

  it("refuses a provider with another issuer, or one that is missing", async () => {
    fake.instead.set("/.well-known/openid-configuration", {
      status: 200,
      body: { issuer: "https://other.example.com" },
    });
    expect(await failing(ours().begin())).toMatchObject({ operation: "oidc.begin", kind: "rejected" });
    const nowhere = ours({ issuer: "http://127.0.0.1:1" });
    expect(await failing(nowhere.begin())).toMatchObject({ operation: "oidc.begin", kind: "unreachable" });
    expect(await failing(nowhere.logoutUrl(undefined))).toMatchObject({ operation: "oidc.logout" });
  });

  it("accepts an http issuer only on this machine", () => {
    expect(() => ours({ issuer: "http://id.example.com" })).toThrow("use https");
    expect(() => ours({ issuer: "http://127.0.0.1.example.com" })).toThrow("use https");
    for (const issuer of ["https://id.example.com", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
      expect(() => ours({ issuer })).not.toThrow();
  });

  it("sends its secret by the method that the provider names", async () => {
    const finish = async (methods?: readonly string[]) => {
      await fake.stop();
      fake = await fakeProvider(methods ?? null);
      const provider = ours({ clientSecret: () => Promise.resolve("s3cret") });
      const { url, attempt } = await provider.begin();
      expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toMatchObject({ ok: true });
      return fake.last;
    };
    const basic = await finish(["client_secret_post", "client_secret_basic"]);
    expect(basic?.authorization).toBe(`Basic ${Buffer.from("console:s3cret").toString("base64")}`);
    const post = await finish(["client_secret_post"]);
    expect([post?.authorization, post?.form.get("client_secret")]).toEqual([undefined, "s3cret"]);
    // OpenID Connect Discovery 1.0, 3: a provider that names none uses Basic.
    expect((await finish())?.authorization).toBe(basic?.authorization);
  });

  it("returns the URL that ends the provider's own session", async () => {
    const url = new URL((await ours().logoutUrl("ey.a.b")) ?? "");
    expect(`${url.origin}${url.pathname}`).toBe(`${fake.issuer}/end`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "console",
      id_token_hint: "ey.a.b",
      post_logout_redirect_uri: "https://push.example.com/push/admin/signed-out",
    });
    const unknown = new URL((await ours().logoutUrl(undefined)) ?? "");
    expect(unknown.searchParams.has("id_token_hint")).toBe(false);
    expect(await ours({ logoutUrl: "https://id.example.com/logout?x=1" }).logoutUrl(undefined)).toBe(
      "https://id.example.com/logout?x=1",
    );
    const { issuer } = fake;
    const body = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
    fake.instead.set("/.well-known/openid-configuration", { status: 200, body });
    expect(await ours().logoutUrl("ey.a.b")).toBeUndefined();
  });
});
