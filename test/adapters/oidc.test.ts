import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { oidcProvider, type OidcSettings } from "../../lambdas/adapters/oidc.ts";
import { DependencyError } from "../../lambdas/ports/errors.ts";
import { fakeProvider, type FakeProvider } from "../support/process/fake-provider.ts";
import { testClock } from "../support/values/time-and-chance.ts";

let fake: FakeProvider;
/** Time limits end when a test says so, however slow the machine. */
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
    () => expect.unreachable("it did not fail"),
    (error: unknown) => error as DependencyError,
  );

describe("sign-in by OpenID Connect", () => {
  it("asks for a code with PKCE, state and nonce, at the configured redirect address", async () => {
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

  it("says who somebody is, by name, address or id, and in which groups", async () => {
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
    ["of nobody", () => ({ sub: undefined })],
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

  it("refuses a replayed code, a tampered state, and an attempt that is not this one", async () => {
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

  it("tells when somebody was not signed in over there", async () => {
    const provider = ours();
    const { attempt } = await provider.begin();
    const query = `error=access_denied&state=${attempt.state}`;
    expect(await provider.finish(query, attempt)).toEqual({ ok: false, error: "denied" });
  });

  it("takes a new key of the provider: a token that its keys do not explain has them fetched anew", async () => {
    const provider = ours();
    const signedIn = async () => {
      const { url, attempt } = await provider.begin();
      return (await provider.finish(fake.signIn(url, ANNA), attempt)).ok;
    };
    expect(await signedIn()).toBe(true);
    fake.rotate();
    expect([await signedIn(), await signedIn()]).toEqual([false, true]);
  });

  it("remembers what it discovered for an hour, and its keys", async () => {
    const clock = testClock();
    const provider = ours({}, clock);
    const signIn = async () => {
      const { url, attempt } = await provider.begin();
      expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toMatchObject({ ok: true });
    };
    await signIn();
    await signIn();
    expect(fake.asked).toEqual({ "/.well-known/openid-configuration": 1, "/keys": 1, "/token": 2 });
    clock.advance(3_600_000);
    await signIn();
    expect(fake.asked["/.well-known/openid-configuration"]).toBe(2);
  });

  it.each(["/.well-known/openid-configuration", "/token", "/keys"])(
    "gives up a provider that hangs at %s",
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
  ] as const)("tells a provider that answers %o from a visitor's fault", async (answer, kind) => {
    const provider = ours();
    const { url, attempt } = await provider.begin();
    fake.instead.set("/token", answer);
    const error = await failing(provider.finish(fake.signIn(url, ANNA), attempt));
    expect([error.name, error.kind]).toEqual(["DependencyError", kind]);
    expect(error.message).not.toContain(attempt.verifier);
  });

  it("refuses a provider that says it is another one, or is not there", async () => {
    fake.instead.set("/.well-known/openid-configuration", {
      status: 200,
      body: { issuer: "https://other.example.com" },
    });
    expect((await failing(ours().begin())).kind).toBe("rejected");
    expect((await failing(ours({ issuer: "http://127.0.0.1:1" }).begin())).kind).toBe("unreachable");
  });

  it("takes an http issuer on this machine only", () => {
    expect(() => ours({ issuer: "http://id.example.com" })).toThrow("use https");
    expect(() => ours({ issuer: "http://127.0.0.1.example.com" })).toThrow("use https");
    expect(() => ours({ issuer: "https://id.example.com" })).not.toThrow();
  });

  it("shows its secret in the way that the provider names", async () => {
    const finish = async (methods: readonly string[]) => {
      await fake.stop();
      fake = await fakeProvider(methods);
      const provider = ours({ clientSecret: () => Promise.resolve("s3cret") });
      const { url, attempt } = await provider.begin();
      expect(await provider.finish(fake.signIn(url, ANNA), attempt)).toMatchObject({ ok: true });
      return fake.last;
    };
    const basic = await finish(["client_secret_post", "client_secret_basic"]);
    expect(basic?.authorization).toBe(`Basic ${Buffer.from("console:s3cret").toString("base64")}`);
    const post = await finish(["client_secret_post"]);
    expect([post?.authorization, post?.form.get("client_secret")]).toEqual([undefined, "s3cret"]);
  });

  it("names where the provider's own session ends", async () => {
    const url = new URL((await ours().logoutUrl("ey.a.b")) ?? "");
    expect(`${url.origin}${url.pathname}`).toBe(`${fake.issuer}/end`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "console",
      id_token_hint: "ey.a.b",
      post_logout_redirect_uri: "https://push.example.com/push/admin/signed-out",
    });
    expect(await ours({ logoutUrl: "https://id.example.com/logout?x=1" }).logoutUrl(undefined)).toBe(
      "https://id.example.com/logout?x=1",
    );
  });
});
