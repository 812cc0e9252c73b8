import { describe, expect, it } from "vitest";
import { actorOf } from "../../../lambdas/core/admin/person.ts";
import { ok, fail } from "../../../lambdas/core/shared/result.ts";
import type { Identity, IdentityProvider } from "../../../lambdas/ports/admin.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { signIn } from "../../../lambdas/usecases/admin/sign-in.ts";
import { memoryConsoleSessions } from "../../support/memory/memory-console.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

const ANNA: Identity = { subject: "anna-1", name: "Anna Smith", groups: ["helpers"], idToken: "ey.a.b" };

/** A provider that signs in the person named in the query. */
function services(
  people: Readonly<Record<string, Identity>> = { anna: ANNA },
  changed: Partial<IdentityProvider> = {},
) {
  const clock = testClock();
  const telemetry = rememberingTelemetry();
  let begun = 0;
  const provider: IdentityProvider = {
    begin() {
      begun += 1;
      const attempt = { state: `s${begun}`, nonce: `n${begun}`, verifier: `v${begun}` };
      return Promise.resolve({ url: `https://id.example.com/?state=s${begun}`, attempt });
    },
    finish(query, { state }) {
      const asked = new URLSearchParams(query);
      const person = people[asked.get("code") ?? ""];
      return Promise.resolve(person === undefined || asked.get("state") !== state ? fail("invalid") : ok(person));
    },
    logoutUrl: (idToken) => Promise.resolve(`https://id.example.com/end?${idToken}`),
    ...changed,
  };
  const console = signIn({
    provider,
    sessions: memoryConsoleSessions(),
    counters: memoryStore().counters,
    groups: { support: "helpers", operator: "operators" },
    clock,
    random: testRandom(),
    telemetry,
  });
  const begin = async () => {
    const started = await console.begin("192.0.2.1");
    if (!started.ok) throw new Error(started.error);
    return { token: started.value.token, state: new URL(started.value.url).searchParams.get("state") ?? "" };
  };
  const enter = async (code = "anna") => {
    const { token, state } = await begin();
    return console.finish(token, `code=${code}&state=${state}`);
  };
  return { console, clock, telemetry, begin, enter };
}

describe("signing in to the console", () => {
  it("opens a session of an hour with the role of the person's groups", async () => {
    const { console, clock, enter } = services();
    const entered = await enter();
    expect(entered).toMatchObject({
      ok: true,
      value: { maxAge: 3_600, person: { name: "Anna Smith", role: "support" } },
    });
    const { token } = (entered as { value: { token: string } }).value;
    expect(token).toMatch(/^[A-Za-z0-9]{43}$/u);
    clock.advance(3_600_000 - 1);
    expect((await console.session(token))?.person.subject).toBe("anna-1");
    clock.advance(1);
    expect(await console.session(token)).toBeUndefined();
  });

  it("gives the greater of two roles, and no session without a group", async () => {
    const both = { ...ANNA, groups: ["helpers", "operators"] };
    const { enter, telemetry } = services({ both, none: { ...ANNA, groups: ["helper", "Operators"] } });
    expect(await enter("both")).toMatchObject({ value: { person: { role: "operator" } } });
    expect(await enter("none")).toEqual({ ok: false, error: "group" });
    expect(telemetry.count("Admin", "sign-in-refused")).toBe(1);
  });

  it("accepts an attempt once, in the browser that started it, within ten minutes", async () => {
    const { console, clock, begin } = services();
    const [mine, other, late] = [await begin(), await begin(), await begin()];
    const finish = (token: string, state: string) => console.finish(token, `code=anna&state=${state}`);
    expect(await finish(mine.token, other.state)).toEqual({ ok: false, error: "invalid" }); // tampered
    expect(await finish(mine.token, mine.state)).toEqual({ ok: false, error: "expired" }); // used up by the tampered attempt
    expect(await finish(other.token, other.state)).toMatchObject({ ok: true });
    expect(await finish(other.token, other.state)).toEqual({ ok: false, error: "expired" });
    for (const token of ["", "x", "A".repeat(43)])
      expect(await finish(token, late.state)).toEqual({ ok: false, error: "expired" });
    clock.advance(600_000);
    expect(await finish(late.token, late.state)).toEqual({ ok: false, error: "expired" });
  });

  it("makes a stolen cookie useless once its owner signs out", async () => {
    const { console, enter } = services();
    const { token } = ((await enter()) as { value: { token: string } }).value;
    expect(await console.end(token)).toBe("https://id.example.com/end?ey.a.b");
    expect(await console.session(token)).toBeUndefined();
    expect(await console.end(token)).toBeUndefined();
  });

  it("distinguishes a failing provider from a failing table of ours", async () => {
    const down = () => Promise.reject(new DependencyError("oidc.begin", "timeout"));
    const { console } = services({}, { begin: down, logoutUrl: down });
    expect(await console.begin("192.0.2.1")).toEqual({ ok: false, error: "provider" });
    const { enter, telemetry } = services(
      {},
      { finish: () => Promise.reject(new DependencyError("oidc.finish", "timeout")) },
    );
    expect(await enter()).toEqual({ ok: false, error: "provider" });
    expect(JSON.stringify(telemetry.lines)).not.toMatch(/v1|n1/u);
    const { enter: in2, console: out } = services(undefined, { logoutUrl: down });
    const { token } = ((await in2()) as { value: { token: string } }).value;
    expect(await out.end(token)).toBeUndefined();
    expect(await out.session(token)).toBeUndefined();
  });

  it("limits how often an address starts a sign-in, without affecting others", async () => {
    const { console, begin } = services();
    for (let count = 0; count < 300; count += 1) await begin();
    expect(await console.begin("192.0.2.1")).toEqual({ ok: false, error: "limited" });
    expect(await console.begin("192.0.2.2")).toMatchObject({ ok: true });
  });

  it("counts an IPv6 subnet as one source, and the network around it too", async () => {
    const { console } = services();
    const from = async (source: string, times: number) => {
      for (let count = 0; count < times; count += 1) await console.begin(`${source}::${count.toString(16)}`);
    };
    await from("2001:db8:1:1", 300);
    expect(await console.begin("2001:db8:1:1::ffff")).toEqual({ ok: false, error: "limited" });
    await from("2001:db8:1:2", 300);
    await from("2001:db8:1:3", 300);
    expect(await console.begin("2001:db8:1:4::1")).toEqual({ ok: false, error: "limited" });
    expect(await console.begin("2001:db8:2:1::1")).toMatchObject({ ok: true });
  });

  it("does not keep a provider's token that would make a URL too long", async () => {
    const { console, enter } = services({ anna: { ...ANNA, idToken: "x".repeat(3_001) } });
    const { token } = ((await enter()) as { value: { token: string } }).value;
    expect(await console.end(token)).toBe("https://id.example.com/end?undefined");
  });

  it("logs names without line ends, addresses as tags, and never a cookie", async () => {
    const { enter, telemetry } = services({ anna: { ...ANNA, name: " anna@example.com\n\u202e " } });
    const entered = (await enter()) as { value: { token: string; person: { name: string } } };
    expect(entered.value.person.name).toBe("anna@example.com");
    const logs = JSON.stringify(telemetry.lines);
    expect(logs).toContain("signed-in");
    expect(logs).not.toContain("anna@example.com");
    expect(logs).not.toContain(entered.value.token);
  });
});

describe("logs and metrics of a sign-in", () => {
  const PERSON = { role: "support", actor: "operator Anna Smith (anna-1)" };
  const line = (level: string, message: string, fields: object) => JSON.stringify({ level, message, ...fields });

  it("record who signed in and out", async () => {
    const { console, enter, telemetry } = services();
    const { token } = ((await enter()) as { value: { token: string } }).value;
    await console.end(token);
    expect(telemetry.metrics).toEqual(["Admin 1 outcome=signed-in", "Admin 1 outcome=signed-out"]);
    expect(telemetry.lines).toEqual([
      line("info", "console", { action: "signed-in", ...PERSON }),
      line("info", "console", { action: "signed-out", ...PERSON }),
    ]);
  });

  it.each<readonly [string, Partial<IdentityProvider>, object]>([
    ["did not sign in there", { finish: () => Promise.resolve(fail("denied")) }, { error: "denied" }],
    [
      "comes from a provider that does not answer",
      { finish: () => Promise.reject(new DependencyError("oidc.finish", "timeout")) },
      { error: "provider", reason: "oidc.finish: timeout" },
    ],
  ])("record why someone is refused who %s", async (_, changed, why) => {
    const { enter, telemetry } = services(undefined, changed);
    await enter();
    expect(telemetry.metrics).toEqual(["Admin 1 outcome=sign-in-refused"]);
    expect(telemetry.lines).toEqual([line("warn", "sign-in refused", why)]);
  });

  it("record nothing about a visitor without a session", async () => {
    const { console, telemetry } = services();
    for (const token of ["", "A".repeat(43)]) {
      expect(await console.session(token)).toBeUndefined();
      expect(await console.end(token)).toBeUndefined();
    }
    expect([telemetry.metrics, telemetry.lines]).toEqual([[], []]);
  });
});

it("throws unexpected errors", async () => {
  const { console } = services({}, { begin: () => Promise.reject(new Error("a bug")) });
  await expect(console.begin("192.0.2.1")).rejects.toThrow("a bug");
});

it("keeps a provider's token of 3,000 characters, and the browser's own for the ten minutes of a sign-in", async () => {
  const { console, enter } = services({ anna: { ...ANNA, idToken: "x".repeat(3_000) } });
  const begun = await console.begin("192.0.2.1");
  expect(begun).toMatchObject({ ok: true, value: { maxAge: 600 } });
  expect(begun.ok && begun.value.token).toMatch(/^[A-Za-z0-9]{43}$/u);
  const { token } = ((await enter()) as { value: { token: string } }).value;
  expect(await console.end(token)).toBe(`https://id.example.com/end?${"x".repeat(3_000)}`);
});

describe("the actor", () => {
  it.each([
    [{ name: "Anna", subject: "a1" }, "operator Anna (a1)"],
    [{ name: "a1", subject: "a1" }, "operator a1"],
  ])("%o is in the history as %s", (person, actor) => expect(actorOf({ ...person, role: "support" })).toBe(actor));
});
