import { describe, expect, it } from "vitest";
import { diagnose, type Patient } from "../../bin/admin/diagnosis.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const ACCOUNT = "pbx.example.com";
const secrets = { current: { id: "s2", issuedAt: NOW }, previous: { id: "s1", issuedAt: 0, validUntil: NOW } };
const connection = (secretId: string) => ({
  connectionId: "c",
  connectedAt: NOW,
  source: "192.0.2.1",
  login: { account: `${ACCOUNT}/master`, domain: ACCOUNT, secretId, at: NOW },
  pbx: { pbx: "hq", version: "16r1" },
});
const refused = (at: number) => ({
  account: `${ACCOUNT}/master`,
  source: "192.0.2.9",
  at,
  reason: "wrong-password",
  refusals: 4,
});
const app = (application: object, credential: object = { changedAt: NOW, expiresAt: undefined }) => ({
  app: { id: "ios", platform: "APNS", bundle: "b", default: false },
  application,
  credential,
});

const posts = (...outcomes: readonly string[]) => ({
  posts: outcomes.map((outcome) => ({ at: NOW, account: ACCOUNT, outcome, ms: 5 })),
  lastPostAt: {},
  writtenAt: NOW,
});

function patient(domain: object = {}, more: object = {}): Patient {
  const healthy = {
    account: ACCOUNT,
    state: "active",
    origin: "mail",
    owner: "owner@example.com",
    proof: "address",
    secrets,
    createdAt: NOW,
    changedAt: NOW,
    version: 1,
    firstLoginAt: NOW,
    connections: [connection("s2")],
    refusedLogins: [],
    posts: posts("accepted", "accepted"),
    history: [],
  };
  return { domain: { ...healthy, ...domain }, apps: [app({ enabled: true })], ...more } as unknown as Patient;
}

describe("diagnose", () => {
  it("finds nothing wrong with a healthy domain", () => {
    const findings = diagnose(patient());
    expect(findings.map(({ what, verdict }) => `${what} ${verdict}`)).toEqual([
      "State ok",
      "Owner ok",
      "DNS proof ok",
      "Connected ok",
      "Logins ok",
      "Posts ok",
      "Apps ok",
    ]);
    expect(findings[3]?.found).toMatch(
      /^pbx\.example\.com\/master, hq, 16r1 from 192\.0\.2\.1 since .*, with the current secret$/u,
    );
  });

  it("shows the worst five of many similar findings, so that all fit on one screen", () => {
    const connections = [...Array<string>(95).fill("s2"), "s1", ...Array<string>(4).fill("s2")].map(connection);
    const refusedLogins = [NOW - 1, ...Array<number>(99).fill(NOW + 1)].map(refused);
    const findings = diagnose(patient({ connections, refusedLogins }));
    expect(
      findings.map(({ what, verdict, found }) => `${what} ${verdict} ${/^\d+ more$/u.exec(found)?.[0] ?? ""}`),
    ).toEqual([
      "State ok ",
      "Owner ok ",
      "DNS proof ok ",
      "Connected look ",
      ...Array<string>(4).fill("Connected ok "),
      "Connected ok 95 more",
      ...Array<string>(5).fill("Refused wrong "),
      "Refused wrong 95 more",
      "Posts ok ",
      "Apps ok ",
    ]);
    expect(findings.find(({ found }) => found === "95 more")?.next).toBe("npx push-admin domains show pbx.example.com");
  });

  it.each([
    ["State", "wrong", { state: "suspended" }, {}, /no PBX can log in/u, /domains resume pbx\.example\.com$/u],
    ["State", "look", { endsAt: NOW }, {}, /ends at .* unless a PBX logs in/u, undefined],
    [
      "Owner",
      "wrong",
      { suppression: { address: "owner@example.com", reason: "bounced", at: NOW } },
      {},
      /it bounced/u,
      /mail allow owner@example\.com$/u,
    ],
    ["DNS proof", "look", { proof: undefined }, {}, /^none: .*an address at it or at a name above it/u, undefined],
    ["DNS proof", "ok", { owner: undefined, proof: undefined }, {}, /the operator set it up/u, undefined],
    [
      "DNS proof",
      "wrong",
      { claim: { claimant: "c@example.com", madeAt: NOW, objectUntil: NOW } },
      { record: "missing" },
      /claimed by c@example\.com .*is not in the DNS/u,
      /domains decide/u,
    ],
    ["Connections", "wrong", { connections: [] }, {}, /no PBX is connected/u, /domains history/u],
    ["Connections", "wrong", { connections: [], firstLoginAt: undefined }, {}, /ever logged in/u, /Push object/u],
    ["Connected", "look", { connections: [connection("s1")] }, {}, /the old secret, valid until/u, /new password/u],
    ["Connected", "ok", { connections: [connection("own")] }, {}, /the account's own secret/u, undefined],
    ["Refused", "wrong", { refusedLogins: [refused(NOW + 1)] }, {}, /4 times.*wrong-password/u, /domains replace/u],
    ["Refused", "ok", { refusedLogins: [refused(NOW - 1)] }, {}, /it has logged in since/u, undefined],
    ["Posts", "look", { posts: undefined }, {}, /^none is known$/u, undefined],
    [
      "Posts",
      "look",
      { posts: posts("accepted", "Uninstalled") },
      {},
      /: accepted; 1 of the last 2 failed, as of /u,
      undefined,
    ],
    ["Apps", "wrong", {}, { apps: [] }, /no push can be sent/u, undefined],
    ["Apps", "wrong", {}, { apps: [app({ enabled: false })] }, /ios is off/u, /npx push-admin apps$/u],
    ["Apps", "wrong", {}, { apps: [app({ problem: "denied" })] }, /ios: denied/u, /apps$/u],
    ["Apps", "wrong", {}, { apps: [app({ enabled: true }, { problem: "no date" })] }, /ios: no date/u, /apps$/u],
  ])("%s is %s: %j %j", (what, verdict, domain, more, found, next) => {
    const finding = diagnose(patient(domain, more)).find((each) => each.what === what);
    expect(finding).toMatchObject({ verdict, found: expect.stringMatching(found) as string });
    if (next === undefined) expect(finding?.next).toBeUndefined();
    else expect(finding?.next).toMatch(next);
  });
});
