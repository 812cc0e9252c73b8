import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loginDigest, matchDigest, type LoginFields } from "../../../lambdas/core/pbx/digest.ts";
import type { AccountSecrets } from "../../../lambdas/core/pbx/secret.ts";
import { parseLogin, provenSecret, type PbxSecrets } from "../../../lambdas/core/pbx/login.ts";
import { loginFrame } from "../../../bin/pbx/protocol/frames.ts";
import { NOON } from "../../support/values/clock.ts";
import { aFrame } from "../../support/values/values.ts";
import vectors from "../../vectors/app-login-digest.json" with { type: "json" };

function read(text: string) {
  const login = parseLogin(aFrame(text));
  if (!login.ok) throw new Error(`no login: ${login.error}`);
  return login.value;
}

const fields = (changes: Partial<LoginFields> = {}): LoginFields => ({
  app: "ws",
  domain: "pbx.example.com",
  sip: "push",
  guid: "00ff",
  dn: "Push",
  info: undefined,
  ...changes,
});

describe("digest", () => {
  it.each(vectors)("matches the published vector: $name", ({ frame, challenge, password }) => {
    const login = read(frame);
    expect(loginDigest(login, challenge, password).toString("hex")).toBe(login.digest);
    expect(matchDigest(login, challenge, login.digest, [password])).toBe(0);
    expect(matchDigest(login, challenge, login.digest.toUpperCase(), [password])).toBe(0);
    expect(matchDigest(login, challenge, login.digest, [`${password} `])).toBe(-1);
    expect(matchDigest(login, challenge.toUpperCase(), login.digest, [password])).toBe(-1);
  });

  it("has exactly 64 hex digits, and is attributed to the first matching password", () => {
    const digest = loginDigest(fields(), "c", "p").toString("hex");
    for (const text of [`0${digest}`, `${digest}0`, `x${digest}`, digest.slice(1), ""])
      expect(matchDigest(fields(), "c", text, ["p"])).toBe(-1);
    expect(matchDigest(fields(), "c", digest, ["q", "p", "p"])).toBe(1);
    expect(matchDigest(fields(), "c", digest, ["p", "p"])).toBe(0);
  });

  it("uses info exactly as in the frame: another spelling of the same value gives another digest", () => {
    const spellings = ['{"a":1.0}', '{"a":1}', '{ "a":1 }', '{"a":1,"a":1}', String.raw`{"\u0061":1}`];
    const digests = spellings.map((info) => loginDigest(fields({ info }), "c", "p").toString("hex"));
    expect(new Set(digests).size).toBe(spellings.length);
    expect(read(`{"info": ${spellings[2] ?? ""} ,"digest":""}`).info).toBe('{ "a":1 }');
  });

  it("uses the fields unchanged, including colons and letters of any script", () => {
    const login = fields({ domain: "a:b", sip: ":", dn: "Zoë ☎" });
    // printf 'ws:a:b:::00ff:Zoë ☎:c:p:w' | sha256sum
    expect(loginDigest(login, "c", "p:w")).toEqual(
      loginDigest(fields({ domain: "a", sip: "b::", dn: "Zoë ☎" }), "c", "p:w"),
    );
    expect(loginDigest(login, "c", "p:w").toString("hex")).toBe(
      "f8e719bf3df3b38e38dffab95060d9fb3b8a3ec0b72bdfd8d1f60620fec2e3af",
    );
  });

  it("equals the PBX's digest of the frame it sends, whatever its content", () => {
    const url = new URL("wss://push.example.com/push/ws");
    const words = fc
      .oneof(fc.string({ unit: "binary" }), fc.constantFrom("", ":", "a:b", "Zoë ☎", '"\\"', "\u2028"))
      .map((text) => text.toWellFormed());
    const member = fc.record({ sip: words, guid: words, dn: words, app: words });
    const info = fc.option(
      fc.json({ maxDepth: 3 }).map((text) => `{ "a" : ${text} ,"1":1.0}`),
      { nil: null },
    );
    fc.assert(
      fc.property(
        words,
        words,
        member,
        info,
        fc.stringMatching(/^[0-9a-f]{16}$/u),
        (account, secret, login, given, challenge) => {
          const sent = read(loginFrame(url, { account, secret, login, info: given }, challenge));
          expect(matchDigest(sent, challenge, sent.digest, [`${secret}.`, secret])).toBe(1);
          expect(sent.info).toBe(given ?? undefined);
        },
      ),
    );
  });

  it("finds the password at any place among others, and none if it is missing", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.string(),
        (passwords, nth, challenge) => {
          const index = nth % passwords.length;
          const digest = loginDigest(fields(), challenge, passwords[index] ?? "").toString("hex");
          expect(matchDigest(fields(), challenge, digest, passwords)).toBe(index);
          expect(matchDigest(fields(), challenge, digest, passwords.toSpliced(index, 1))).toBe(-1);
        },
      ),
    );
  });

  it.each([
    "",
    "0",
    "0".repeat(63),
    "0".repeat(65),
    "g".repeat(64),
    `${"0".repeat(64)}\n`,
    " ".repeat(64),
    "é".repeat(32),
  ])("matches nothing with a malformed digest: %j", (digest) =>
    expect(matchDigest(fields(), "c", digest, ["p"])).toBe(-1),
  );
});

describe("parseLogin", () => {
  it("reads an absent member as the empty string, and an absent info as none", () => {
    expect(read('{"mt":"AppLogin"}')).toEqual({
      app: "",
      domain: "",
      sip: "",
      guid: "",
      dn: "",
      digest: "",
      info: undefined,
    });
  });

  it("rejects a member that is not a string, by name", () => {
    for (const name of ["app", "domain", "sip", "guid", "dn", "digest"]) {
      for (const value of ["1", "null", "{}", "[]", "true"]) {
        expect(parseLogin(aFrame(`{"mt":"AppLogin","${name}":${value}}`))).toEqual({ ok: false, error: name });
      }
    }
  });

  it("does not read the client's session key", () => {
    expect(JSON.stringify(read('{"mt":"AppLogin","key":"a secret of the client","pbxObj":"push"}'))).not.toContain(
      "secret",
    );
  });
});

describe("provenSecret", () => {
  const secret = (name: string) => ({ id: `id of ${name}`, secret: name, issuedAt: 1 });
  const row = (name: string, previous?: string, validUntil = NOON + 1): AccountSecrets => ({
    current: secret(name),
    ...(previous !== undefined && { previous: { ...secret(previous), validUntil } }),
  });
  const prove = (password: string, credentials: Partial<PbxSecrets>) => {
    const login = { ...fields(), digest: loginDigest(fields(), "c", password).toString("hex") };
    const proven = provenSecret(
      login,
      "c",
      { own: undefined, domain: undefined, active: true, holder: "", used: [], ...credentials },
      NOON,
    );
    return proven.ok ? proven.value.id : proven.error;
  };

  it.each([
    ["the domain's", "domain", { domain: row("domain") }, "id of domain"],
    ["the account's own", "own", { own: row("own"), domain: row("domain") }, "id of own"],
    [
      "not the domain's if the account has its own",
      "domain",
      { own: row("own"), domain: row("domain") },
      "wrong-password",
    ],
    ["the previous one while it is valid", "old", { domain: row("new", "old") }, "id of old"],
    ["the current one beside a previous one", "new", { domain: row("new", "old") }, "id of new"],
    ["the current one beside a previous one that has ended", "new", { domain: row("new", "old", NOON) }, "id of new"],
    [
      "an earlier one that is valid beside a previous one that has ended",
      "older",
      { domain: { ...row("new", "old", NOON), earlier: { ...secret("older"), validUntil: NOON + 1 } } },
      "id of older",
    ],
    ["not the previous one once it has ended", "old", { domain: row("new", "old", NOON) }, "old-password"],
    ["none of a suspended account", "domain", { domain: row("domain"), active: false }, "suspended"],
    ["a wrong one of a suspended account", "wrong", { domain: row("domain"), active: false }, "wrong-password"],
    ["none of an unknown account", "", {}, "unknown"],
    ["not the stand-in for an unknown account's", "\0no such account", {}, "unknown"],
    ["not the stand-in for an unknown previous one", "\0no such account", { domain: row("domain") }, "wrong-password"],
  ])("%s", (_name, password, credentials, expected) => expect(prove(password, credentials)).toBe(expected));
});
