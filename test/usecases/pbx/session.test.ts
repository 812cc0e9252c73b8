import { beforeEach, describe, expect, it } from "vitest";
import type { PbxSecrets } from "../../../lambdas/core/pbx/login.ts";
import { accountKey } from "../../../lambdas/core/shared/names.ts";
import type { NetworkRecord } from "../../../lambdas/core/pbx/flood.ts";
import type { PbxSecretsStore, Checks, Networks } from "../../../lambdas/ports/pbx.ts";
import { pbxSession } from "../../../lambdas/usecases/pbx/session.ts";
import { NOON, virtualClock } from "../../support/values/clock.ts";
import { failing } from "../../support/memory/failing.ts";
import { memoryPushStore, TABLE_MS } from "../../support/memory/memory-push.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testRandom } from "../../support/values/time-and-chance.ts";
import { limits, loginText } from "../../support/values/values.ts";

const secret = (text: string) => ({ id: `id-${text}`, secret: text, issuedAt: 1 });
const NOBODY: PbxSecrets = { own: undefined, domain: undefined, active: false, holder: "", used: [] };
const USED = { holder: "pbx.example.com", used: ["id-right", "id-old", "id-its own"] };
const ACCOUNTS: Readonly<Record<string, PbxSecrets>> = {
  "pbx.example.com": {
    own: undefined,
    domain: { current: secret("right"), previous: { ...secret("old"), validUntil: NOON + 1_000 } },
    active: true,
    ...USED,
  },
  "pbx.example.com/own": {
    own: { current: secret("its own") },
    domain: { current: secret("right") },
    active: true,
    ...USED,
  },
  "new.example.com": {
    own: undefined,
    domain: { current: secret("right") },
    active: true,
    holder: "new.example.com",
    used: ["id-old"],
  },
  "suspended.example.com": { own: undefined, domain: { current: secret("right") }, active: false, ...USED },
};

function services(record: NetworkRecord = { loggedInAt: undefined, closings: [0, 0] }) {
  const clock = virtualClock();
  const store = memoryPushStore(clock);
  const sessions = failing(store.sessions, clock);
  const credentials = failing<PbxSecretsStore>(
    { find: ({ account, domain }) => Promise.resolve(ACCOUNTS[account] ?? ACCOUNTS[domain] ?? NOBODY) },
    clock,
  );
  const networks = failing<Pick<Networks, "recordOf" | "loggedIn">>(
    { recordOf: () => Promise.resolve(record), loggedIn: () => Promise.resolve() },
    clock,
  );
  const checks = failing<Checks>(
    { checkLogin: () => Promise.resolve(), flooding: () => Promise.resolve(), firstLogin: () => Promise.resolve() },
    clock,
  );
  const telemetry = rememberingTelemetry();
  const talk = pbxSession({ sessions, credentials, checks, networks, clock, random: testRandom(), telemetry, limits });

  const opened = (id: string, source = "192.0.2.1") => clock.run(talk.opened(id, source));
  const closed = (id: string) => clock.run(talk.closed(id));
  const say = (id: string, text: string) => clock.run(talk.received(id, text));
  async function challenge(id: string): Promise<string> {
    const reply = JSON.parse((await say(id, '{"mt":"AppChallenge"}')) ?? "") as { challenge: string };
    return reply.challenge;
  }
  /** Requests a challenge and logs in with it. */
  const login = async (id: string, password: string, domain = "pbx.example.com") =>
    say(id, loginText({ domain, challenge: await challenge(id), password }));
  const sessionOf = async (connectionId: string) =>
    (await clock.run(store.context.read({ connectionId, app: "ios" }, 100))).session;
  return {
    clock,
    sessions,
    credentials,
    checks,
    networks,
    telemetry,
    opened,
    closed,
    say,
    challenge,
    login,
    sessionOf,
  };
}

let w: ReturnType<typeof services>;
beforeEach(async () => {
  w = services();
  await w.opened("c1");
});

const OK = '{"mt":"AppLoginResult","ok":true,"app":"ws","domain":"pbx.example.com"}';
const UNAUTHORIZED =
  '{"mt":"AppLoginResult","ok":false,"error":"Unauthorized","errorText":"unknown domain or wrong password"}';
const NO_CHALLENGE =
  '{"mt":"AppLoginResult","ok":false,"error":"NoChallenge","errorText":"ask for a challenge first; each is good for one login"}';
const FAILED = '"error":"DatabaseErr","errorText":"temporary failure, please try again"}';

describe("a message and its reply", () => {
  it.each([
    ['{"mt":"CheckBuild","url":"https://pbx/"}', '{"mt":"CheckBuildResult"}'],
    ['{"mt":"CheckBuild","src":"1"}', '{"mt":"CheckBuildResult","src":"1"}'],
    ['{"mt":"AppInfo","app":"ws","src":"2"}', '{"mt":"AppInfoResult","src":"2","app":"ws","info":{}}'],
    ['{"mt":"AppInfo"}', '{"mt":"AppInfoResult","app":"","info":{}}'],
    ['{"mt":"KeepAlive"}', '{"mt":"KeepAliveResult"}'],
    ['{"mt":"KeepAlive","src":"k"}', '{"mt":"KeepAliveResult","src":"k"}'],
    ['{"mt":"PbxInfo","domain":"example.com","pbx":"master","apis":["PbxApi"],"src":"3"}', undefined],
    [
      '{"mt":"Nonsense","src":"4"}',
      '{"mt":"Error","src":"4","error":"UnknownMessage","errorText":"unknown message type"}',
    ],
    ['{"src":"5"}', '{"mt":"Error","src":"5","error":"UnknownMessage","errorText":"unknown message type"}'],
    ["hello", '{"mt":"Error","error":"Malformed","errorText":"a frame is one JSON object"}'],
    ["[]", '{"mt":"Error","error":"Malformed","errorText":"a frame is one JSON object"}'],
    ["", '{"mt":"Error","error":"Malformed","errorText":"a frame is one JSON object"}'],
  ])("%s → %s", async (frame, reply) => expect(await w.say("c1", frame)).toBe(reply));

  it.each(["CheckBuild", "AppChallenge", "AppLogin", "AppInfo", "KeepAlive", "Nonsense", ""])(
    "echoes api and src in the reply to %j, even if every dependency fails",
    async (mt) => {
      const say = async () =>
        JSON.parse((await w.say("c1", JSON.stringify({ mt, api: "Push", src: "9" }))) ?? "") as object;
      expect(await say()).toMatchObject({ api: "Push", src: "9" });
      w.sessions.plan("setChallenge", { fails: "unavailable" });
      w.sessions.plan("takeChallenge", { fails: "unavailable" });
      expect(await say()).toMatchObject({ api: "Push", src: "9" });
    },
  );

  it("stores PbxInfo", async () => {
    await w.say("c1", '{"mt":"PbxInfo","pbx":"master","apis":["PbxApi"]}');
    expect(w.sessions.calls.at(-1)).toMatchObject({
      operation: "keepPbxInfo",
      args: ["c1", { pbx: "master", apis: ["PbxApi"] }],
    });
  });
});

describe("a socket", () => {
  it("is stored when it opens, checked after 30 s, and forgotten when it closes", async () => {
    expect(w.sessions.calls).toMatchObject([
      { operation: "open", args: ["c1", { source: "192.0.2.1", connectedAt: NOON }] },
    ]);
    expect(w.checks.calls).toMatchObject([{ operation: "checkLogin", args: ["c1", 30] }]);
    await w.closed("c1");
    expect(await w.say("c1", '{"mt":"AppChallenge","src":"1"}')).toBe(
      '{"mt":"AppChallengeResult","src":"1","error":"NoConnection","errorText":"please open a new connection"}',
    );
    expect(w.telemetry.count("Login", "invalid")).toBe(1);
  });

  it("logs its account and duration when it closes", async () => {
    await w.login("c1", "right");
    w.clock.advance(90_000);
    await w.closed("c1");
    expect(w.telemetry.lines.at(-1)).toContain('"connection closed"');
    expect(w.telemetry.lines.at(-1)).toContain('"account":"pbx.example.com"');
    expect(w.telemetry.lines.at(-1)).toContain('"seconds":90');
    await w.closed("c1"); // $disconnect may come twice
    expect(w.telemetry.lines.at(-1)).not.toContain("account");
  });

  it("does not open if it cannot be stored or its check cannot be queued", async () => {
    w.sessions.fail("open", "throttled");
    await expect(w.opened("c2")).rejects.toMatchObject({ kind: "throttled" });
    w.checks.fail("checkLogin", "unavailable");
    await expect(w.opened("c2")).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("a challenge", () => {
  it("is 16 hex digits and never the same", async () => {
    const challenges = [await w.challenge("c1"), await w.challenge("c1")];
    expect(new Set(challenges).size).toBe(2);
    for (const challenge of challenges) expect(challenge).toMatch(/^[0-9a-f]{16}$/u);
    expect(await w.say("c1", '{"mt":"AppChallenge","src":"7","appObj":"push","user":"x"}')).toMatch(
      /^\{"mt":"AppChallengeResult","src":"7","challenge":"[0-9a-f]{16}"\}$/u,
    );
  });

  it("is valid for one login, right or wrong", async () => {
    const challenge = await w.challenge("c1");
    const right = loginText({ domain: "pbx.example.com", challenge, password: "right" });
    expect(await w.say("c1", right)).toBe(OK);
    expect(await w.say("c1", right)).toBe(NO_CHALLENGE);
    const next = await w.challenge("c1");
    expect(await w.say("c1", loginText({ domain: "pbx.example.com", challenge: next, password: "wrong" }))).toBe(
      UNAUTHORIZED,
    );
    expect(await w.say("c1", loginText({ domain: "pbx.example.com", challenge: next, password: "right" }))).toBe(
      NO_CHALLENGE,
    );
  });

  it("is valid only on its own connection, and only the last one", async () => {
    await w.opened("c2");
    const first = await w.challenge("c1");
    await w.challenge("c1");
    await w.challenge("c2");
    const text = loginText({ domain: "pbx.example.com", challenge: first, password: "right" });
    expect(await w.say("c1", text)).toBe(UNAUTHORIZED);
    expect(await w.say("c2", text)).toBe(UNAUTHORIZED);
  });

  it("is valid for 60 s", async () => {
    await w.opened("c2");
    const from = w.clock.now();
    const [challenge, other] = [await w.challenge("c1"), await w.challenge("c2")];
    w.clock.advance(59_900);
    const text = loginText({ domain: "pbx.example.com", challenge: other, password: "right" });
    expect(JSON.parse((await w.say("c2", text)) ?? "")).toMatchObject({ ok: true });
    // To the ms, including the time to take it.
    w.clock.advance(from + 60_000 - TABLE_MS - w.clock.now());
    expect(await w.say("c1", loginText({ domain: "pbx.example.com", challenge, password: "right" }))).toBe(
      NO_CHALLENGE,
    );
  });

  it("is required for a login", async () => {
    expect(
      await w.say("c1", loginText({ domain: "pbx.example.com", challenge: "", password: "right", src: "9" })),
    ).toBe(NO_CHALLENGE.replace(',"ok"', ',"src":"9","ok"'));
  });
});

describe("a login", () => {
  it("finds its account in every spelling, and the reply has that spelling", async () => {
    for (const domain of ["pbx.example.com", "PBX.Example.com.", "pbx.example.com/master", "pbx.example.com/Slave/2"]) {
      expect(await w.login("c1", "right", domain)).toBe(OK.replace("pbx.example.com", domain));
      expect(await w.sessionOf("c1")).toEqual({ ...accountKey(domain), secretId: "id-right" });
    }
  });

  it("uses info exactly as in the frame", async () => {
    const info = String.raw`{ "2":1.0, "appurl":"https:\/\/pbx\/ws", "1":"\u00fc", "1":"` + '\u2028"}';
    const challenge = await w.challenge("c1");
    expect(await w.say("c1", loginText({ domain: "pbx.example.com", challenge, password: "right", info }))).toBe(OK);
  });

  it("accepts an account's own secret, and no longer the domain's", async () => {
    expect(await w.login("c1", "right", "pbx.example.com/own")).toBe(UNAUTHORIZED);
    expect(await w.login("c1", "its own", "pbx.example.com/own")).toContain('"ok":true');
    expect(await w.login("c1", "its own", "pbx.example.com/other")).toBe(UNAUTHORIZED);
  });

  it("accepts the previous secret until its end, and stores which one was used", async () => {
    expect(await w.login("c1", "old")).toBe(OK);
    expect((await w.sessionOf("c1"))?.secretId).toBe("id-old");
    w.clock.advance(1_000);
    expect(await w.login("c1", "old")).toBe(UNAUTHORIZED);
    expect(await w.login("c1", "right")).toBe(OK);
  });

  it.each([
    ["a wrong password", () => w.login("c1", "wrong")],
    ["no challenge", () => w.say("c1", loginText({ domain: "pbx.example.com", challenge: "", password: "right" }))],
    ["a member that is not a string", () => w.say("c1", '{"mt":"AppLogin","domain":5}')],
  ])("that fails on %s ends the previous one", async (_why, again) => {
    await w.login("c1", "right");
    expect(await again()).toContain('"ok":false');
    expect(await w.sessionOf("c1")).toBeUndefined();
  });

  it("as another account replaces the previous one", async () => {
    await w.login("c1", "right");
    await w.login("c1", "right", "new.example.com");
    expect(await w.sessionOf("c1")).toMatchObject({ account: "new.example.com" });
  });

  it.each(["takeChallenge", "logIn"] as const)("that fails on our side, on %s, ends nothing", async (operation) => {
    await w.login("c1", "right");
    w.sessions.fail(operation, "unavailable");
    expect(await w.login("c1", "right", "new.example.com")).toContain("DatabaseErr");
    w.credentials.fail("find", "timeout");
    expect(await w.login("c1", "right", "new.example.com")).toContain("DatabaseErr");
    expect(await w.sessionOf("c1")).toMatchObject({ account: "pbx.example.com" });
  });

  it("is possible beside others of the same account", async () => {
    await w.opened("c2");
    await w.login("c1", "right", "pbx.example.com/master");
    await w.login("c2", "right", "pbx.example.com/master");
    expect(await w.sessionOf("c1")).toEqual(await w.sessionOf("c2"));
  });

  it("is refused for a member that is not a string", async () => {
    expect(await w.say("c1", '{"mt":"AppLogin","src":"1","domain":5}')).toBe(
      '{"mt":"AppLoginResult","src":"1","ok":false,"error":"Malformed","errorText":"domain must be a string"}',
    );
    expect(w.telemetry.count("Login", "invalid")).toBe(1);
  });

  it("has the same reply and the same calls for an unknown account, a suspended one and a wrong password", async () => {
    const traces = [];
    for (const [password, domain] of [
      ["wrong", "pbx.example.com"],
      ["right", "unknown.example.com"],
      ["right", "suspended.example.com"],
      ["right", ""],
      ["right", "\ud800 no name"],
    ] as const) {
      const one = services();
      await one.opened("c1");
      const reply = await one.login("c1", password, domain);
      const operations = [one.sessions, one.credentials].flatMap(({ calls }) =>
        calls.map(({ operation }) => operation),
      );
      traces.push({ reply, operations, at: one.clock.now(), counts: [...one.telemetry.counts] });
    }
    expect(traces[0]?.reply).toBe(UNAUTHORIZED);
    for (const trace of traces) expect(trace).toEqual(traces[0]);
  });

  it("is not possible on a connection that is gone", async () => {
    const challenge = await w.challenge("c1");
    const reply = w.say("c1", loginText({ domain: "pbx.example.com", challenge, password: "right" }));
    await w.closed("c1");
    expect(await reply).toBe(
      '{"mt":"AppLoginResult","ok":false,"error":"NoConnection","errorText":"please open a new connection"}',
    );
    expect(w.telemetry.count("Login", "invalid")).toBe(1);
  });

  it("leaves no secret, digest, challenge or session key in logs and metrics", async () => {
    const challenge = await w.challenge("c1");
    const text = loginText({ domain: "pbx.example.com", challenge, password: "right" });
    await w.say("c1", `${text.slice(0, -1)},"key":"session key"}`);
    await w.login("c1", "wrong");
    const told = [...w.telemetry.lines, ...w.telemetry.counts.keys()].join("\n");
    const { digest } = JSON.parse(text) as { digest: string };
    for (const hidden of [challenge, digest, "session key", '"right"', '"wrong"']) expect(told).not.toContain(hidden);
    expect(w.telemetry.count("Login", "ok")).toBe(1);
    expect(w.telemetry.count("Login", "refused")).toBe(1);
  });
});

describe("a domain's first login", () => {
  it("is reported, and later ones are not", async () => {
    await w.login("c1", "wrong", "new.example.com");
    await w.login("c1", "right");
    expect(w.checks.count("firstLogin")).toBe(0);
    expect(await w.login("c1", "right", "new.example.com")).toContain('"ok":true');
    expect(w.checks.calls.at(-1)).toMatchObject({ operation: "firstLogin", args: ["new.example.com", "id-right"] });
  });

  it("succeeds even if it cannot be reported", async () => {
    w.checks.fail("firstLogin", "unavailable");
    expect(await w.login("c1", "right", "new.example.com")).toContain('"ok":true');
    expect(w.telemetry.lines.join()).toContain("first login not reported");
    expect(w.telemetry.count("Login", "ok")).toBe(1);
  });

  it("throws unexpected errors", async () => {
    w.checks.plan("firstLogin", { breaks: new Error("a bug") });
    await expect(w.login("c1", "right", "new.example.com")).rejects.toThrow("a bug");
  });
});

describe("a network", () => {
  it("that keeps flooding is refused, and nothing is written", async () => {
    const one = services({ loggedInAt: undefined, closings: [10, 0] });
    expect(await one.opened("c9")).toBe(false);
    expect([one.sessions.calls, one.checks.calls]).toEqual([[], []]);
    expect(one.telemetry.count("Connection", "refused")).toBe(1);
  });

  it("that a PBX logged in from today is not refused", async () => {
    expect(await services({ loggedInAt: NOON - 86_399_999, closings: [10, 10] }).opened("c9")).toBe(true);
  });

  it("is not refused if our table does not answer", async () => {
    const one = services({ loggedInAt: undefined, closings: [10, 0] });
    one.networks.fail("recordOf", "unavailable");
    expect(await one.opened("c9")).toBe(true);
  });

  it("is remembered after a successful login, which succeeds even if that fails", async () => {
    await w.login("c1", "wrong");
    expect(w.networks.count("loggedIn")).toBe(0);
    w.networks.fail("loggedIn", "unavailable");
    expect(await w.login("c1", "right")).toBe(OK);
    expect(w.networks.calls.filter(({ operation }) => operation === "loggedIn").map(({ args }) => args[0])).toEqual([
      "192.0.2.1",
    ]);
  });
});

describe("failed logins", () => {
  const most = limits.failedLoginsPerSourceAndAccountPerMinute;

  it.each([
    ["wrong", "pbx.example.com", "wrong-password"],
    ["old", "pbx.example.com/other", "old-password"],
    ["right", "suspended.example.com", "suspended"],
    ["right", "nobodys.example.com", "unknown"],
  ])(
    "are stored with their reason in one write, and answered the same way: %s for %s is %s",
    async (password, account, reason) => {
      w.clock.advance(1_000); // the old password has ended
      expect(await w.login("c1", password, account)).toBe(UNAUTHORIZED);
      const notes = w.sessions.calls.filter(({ operation }) => operation === "keepRefusedLogin");
      expect(notes.map(({ args }) => args)).toMatchObject([[{ account, source: "192.0.2.1", reason }]]);
      expect(w.telemetry.lines.at(-1)).toContain(`"reason":"${reason}"`);
    },
  );

  it("are limited by source and account, but a correct digest always passes", async () => {
    for (let made = 0; made < most; made += 1) expect(await w.login("c1", "wrong")).toBe(UNAUTHORIZED);
    expect(await w.login("c1", "wrong")).toContain('"error":"TooManyFailures"');
    expect(w.telemetry.count("Login", "limited")).toBe(1);
    // Beyond the limit nothing is written.
    expect(w.sessions.count("keepRefusedLogin")).toBe(most);
    expect(await w.login("c1", "right")).toBe(OK);

    expect(await w.login("c1", "wrong", "other.example.com")).toBe(UNAUTHORIZED);
    await w.opened("c2", "192.0.2.2");
    expect(await w.login("c2", "wrong")).toBe(UNAUTHORIZED);
    w.clock.advance(60_000);
    expect(await w.login("c1", "wrong")).toBe(UNAUTHORIZED);
  });

  it("are limited by subnet, and more loosely by the network around it", async () => {
    const refused = async (sourceOf: (number: number) => string) => {
      let count = 0;
      for (let number = 0; number < 100; number += 1) {
        await w.opened(`v6-${number}`, sourceOf(number));
        count += Number((await w.login(`v6-${number}`, "wrong")) === UNAUTHORIZED);
      }
      return count;
    };
    const begun = w.clock.now();
    expect(await refused((number) => `2001:db8:1:2::${number}`)).toBe(most);
    expect(await refused((number) => `2001:db8:1:${1_000 + number}::1`)).toBe(2 * most);
    await w.opened("v6-other", "2001:db8:2::1");
    expect(await w.login("v6-other", "wrong")).toBe(UNAUTHORIZED);
    // A minute after the first of them, plus the time that it took.
    w.clock.advance(begun + 60_100 - w.clock.now());
    await w.opened("v6-later", "2001:db8:1:9::1");
    expect(await w.login("v6-later", "wrong")).toBe(UNAUTHORIZED);
  });
});

describe("a failing dependency", () => {
  it.each(["throttled", "timeout", "unavailable", "rejected"] as const)("is reported to a login: %s", async (kind) => {
    for (const [port, operation] of [
      [w.sessions, "takeChallenge"],
      [w.credentials, "find"],
      [w.sessions, "logIn"],
    ] as const) {
      port.fail(operation, kind);
      expect(await w.login("c1", "right")).toBe(`{"mt":"AppLoginResult","ok":false,${FAILED}`);
      expect(w.telemetry.lines.at(-1)).toMatch(/"dependency failed".*"account":"pbx\.example\.com/u);
    }
    w.sessions.fail("keepRefusedLogin", kind);
    expect(await w.login("c1", "wrong")).toContain('"ok":false');
    expect(await w.login("c1", "right")).toBe(OK);
  });

  it("is reported to a challenge, with its src", async () => {
    w.sessions.fail("setChallenge", "timeout");
    expect(await w.say("c1", '{"mt":"AppChallenge","src":"1"}')).toBe(`{"mt":"AppChallengeResult","src":"1",${FAILED}`);
    expect(w.telemetry.count("Login", "error")).toBe(1);
  });

  it("causes no reply to PbxInfo", async () => {
    w.sessions.fail("keepPbxInfo", "timeout");
    expect(await w.say("c1", '{"mt":"PbxInfo","src":"1"}')).toBeUndefined();
  });

  it("throws unexpected errors", async () => {
    const broken = { ...services().sessions, setChallenge: () => Promise.reject(new Error("a bug")) };
    const { clock, credentials, checks, networks, telemetry } = w;
    const talk = pbxSession({
      sessions: broken,
      credentials,
      checks,
      networks,
      clock,
      random: testRandom(),
      telemetry,
      limits,
    });
    await expect(talk.received("c1", '{"mt":"AppChallenge"}')).rejects.toThrow("a bug");
  });
});

describe("metrics and logs", () => {
  const logged = () => w.telemetry.lines.map((line) => JSON.parse(line) as object);
  const forget = () => {
    w.telemetry.metrics.length = 0;
    w.telemetry.lines.length = 0;
  };
  const THROTTLED = "test.Call: throttled";

  it("of a socket record its opening, duration and account", async () => {
    expect([w.telemetry.metrics, logged()]).toEqual([["Connection 1 outcome=opened"], []]);
    await w.login("c1", "right");
    w.clock.advance(90_000);
    forget();
    await w.closed("c1");
    expect(w.telemetry.metrics).toEqual(["Connection 1 outcome=closed"]);
    expect(logged()).toEqual([
      { level: "info", message: "connection closed", account: "pbx.example.com", seconds: 90 },
    ]);
  });

  it("of a network that keeps flooding record the refusal and its address", async () => {
    w = services({ loggedInAt: undefined, closings: [10, 0] });
    await w.opened("c2");
    expect(w.telemetry.metrics).toEqual(["Connection 1 outcome=refused"]);
    expect(logged()).toEqual([
      { level: "warn", message: "connection refused: its network keeps flooding", source: "192.0.2.1" },
    ]);
  });

  it("of a login record the account and which secret was used", async () => {
    forget();
    await w.login("c1", "right");
    expect(w.telemetry.metrics).toEqual(["Login 1 outcome=ok"]);
    expect(logged()).toEqual([
      { level: "info", message: "login", account: "pbx.example.com", source: "192.0.2.1", secretId: "id-right" },
    ]);
  });

  it("of a refused login record the reason, and the PBX's own name, shortened", async () => {
    const challenge = await w.challenge("c1");
    const text = loginText({ domain: "pbx.example.com", challenge, password: "wrong" });
    forget();
    await w.say("c1", text.replace('"sip":"push"', `"sip":"${"s".repeat(100)}"`));
    expect(w.telemetry.metrics).toEqual(["Login 1 outcome=refused"]);
    expect(logged()).toEqual([
      {
        level: "warn",
        message: "login refused",
        account: "pbx.example.com",
        source: "192.0.2.1",
        reason: expect.any(String) as string,
        sip: "s".repeat(64),
      },
    ]);
  });

  it("of a failed report contain a warning", async () => {
    w.networks.fail("loggedIn", "throttled");
    w.checks.fail("firstLogin", "throttled");
    forget();
    await w.login("c1", "right", "new.example.com");
    expect(logged().slice(0, -1)).toEqual([
      { level: "warn", message: "login's network not reported", account: "new.example.com", error: THROTTLED },
      { level: "warn", message: "first login not reported", account: "new.example.com", error: THROTTLED },
    ]);
    w.networks.fail("recordOf", "throttled");
    forget();
    await w.opened("c2");
    expect(logged()).toEqual([{ level: "warn", message: "network not looked up", error: THROTTLED }]);
  });

  it("of a failure on our side contain an error, and count a failed login", async () => {
    const said = async (text: string) => {
      forget();
      await w.say("c1", text);
      return [w.telemetry.metrics, logged()] as const;
    };
    const failed = { level: "error", message: "dependency failed", error: THROTTLED };
    w.sessions.fail("setChallenge", "throttled");
    expect(await said('{"mt":"AppChallenge"}')).toEqual([
      ["Login 1 outcome=error"],
      [{ ...failed, mt: "AppChallenge" }],
    ]);
    w.sessions.fail("takeChallenge", "throttled");
    expect(await said(loginText({ domain: "PBX.example.com", challenge: "00", password: "right" }))).toEqual([
      ["Login 1 outcome=error"],
      [{ ...failed, mt: "AppLogin", account: "pbx.example.com" }],
    ]);
    w.sessions.fail("keepPbxInfo", "throttled");
    expect(await said('{"mt":"PbxInfo","pbx":"master"}')).toEqual([[], [{ ...failed, mt: "PbxInfo" }]]);
  });

  it("do not hide a bug: it fails the opening of a socket", async () => {
    const breaks = new Error("a bug");
    w.networks.plan("recordOf", { breaks });
    await expect(w.opened("c2")).rejects.toBe(breaks);
  });
});
