import type { DomainView } from "../../../lambdas/core/domains/visitor.ts";
import { recordNow } from "../../../lambdas/views/domains/proof/record.tsx";
import type { Challenge } from "../../../lambdas/core/domains/proof/txt-proof.ts";
import { texts } from "../../../lambdas/views/texts/texts.ts";
import { describe, expect, it } from "vitest";
import type { OwnerError } from "../../../lambdas/usecases/domains/owner-commands.ts";
import { pageServices, SEEN_BY_OWNER, VISITOR } from "../../support/services/pages.ts";

const MINUTE = 60_000;
const verbs = [
  "activity",
  "test",
  "replace",
  "end-old",
  "change",
  "cancel-change",
  "confirm-change",
  "release",
  "object",
  "look",
  "prove",
  "leave",
];
const visitor = { ...VISITOR, language: "en" };

describe("without a session", () => {
  it.each([undefined, "__Host-push-session=", `__Host-push-session=${"A".repeat(43)}`, "other=1"])(
    "shows nothing (cookie %s)",
    async (cookie) => {
      const { ask } = pageServices();
      const { status, body } = await ask("GET", "/push/owner", cookie === undefined ? {} : { cookie });
      expect(status).toBe(401);
      expect(body).not.toContain(VISITOR.account);
    },
  );

  it.each(verbs)("refuses %s", async (verb) => {
    const { ask, done } = pageServices();
    expect((await ask("POST", `/push/owner/${verb}`, { form: { form: "x" } })).status).toBe(401);
    expect(done).toEqual([]);
  });

  it("counts a session as over after 15 minutes", async () => {
    const { ask, enter, clock } = pageServices();
    const { cookie } = await enter();
    expect((await ask("GET", "/push/owner", { cookie })).status).toBe(200);
    clock.advance(15 * MINUTE);
    expect((await ask("GET", "/push/owner", { cookie })).status).toBe(401);
  });
});

describe("with a session", () => {
  it.each(verbs)("%s requires the token of the page's forms", async (verb) => {
    const { ask, enter, done } = pageServices();
    const { cookie } = await enter();
    const other = await enter();
    for (const form of ["", "x", other.form]) {
      expect((await ask("POST", `/push/owner/${verb}`, { cookie, form: { form } })).status).toBe(403);
    }
    expect(done).toEqual([]);
  });

  it.each(verbs)("%s is not possible with GET", async (verb) => {
    const { ask, enter, done } = pageServices();
    const { cookie } = await enter();
    expect((await ask("GET", `/push/owner/${verb}`, { cookie })).status).toBe(405);
    expect(done).toEqual([]);
  });

  it.each(verbs)("%s is not possible from another site", async (verb) => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    const headers = { "sec-fetch-site": "cross-site" };
    expect((await ask("POST", `/push/owner/${verb}`, { cookie, form: { form }, headers })).status).toBe(403);
    expect(done).toEqual([]);
  });

  it.each([
    ["end-old", {}, "endOldSecret", "old-ended"],
    ["change", { email: "new@example.com" }, "changeAddress", "address-asked"],
    ["cancel-change", {}, "cancelChange", "address-cancelled"],
    ["confirm-change", { domain: VISITOR.account }, "confirmAddress", "address-confirmed"],
    ["object", { domain: VISITOR.account }, "object", "objected"],
    ["prove", {}, "prove", "missing"],
  ])("%s is done, and reported on the next page", async (verb, fields, called, said) => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    const answer = await ask("POST", `/push/owner/${verb}`, { cookie, form: { form, ...fields } });
    expect(done.map((each) => [each.verb, each.visitor])).toEqual([[called, visitor]]);
    expect(answer.status).toBe(303);
    expect(answer.headers?.["location"]).toBe(`/push/owner?said=${said}`);
    const { body } = await ask("GET", `/push/owner?said=${said}`, { cookie });
    expect(body).toMatch(/role="status">[^<]{10}/u);
  });

  it.each([
    "not-yours",
    "suspended",
    "claimed",
    "nothing",
    "same",
    "limited",
    "scope",
    "conflict",
  ] satisfies OwnerError[])("%s is explained, whatever the step", async (refusal) => {
    const { ask, enter, state } = pageServices();
    const { cookie, form } = await enter();
    state.refusal = refusal;
    const fields = { form, email: "new@example.com", domain: VISITOR.account, secret: "present1" };
    // At some steps the same error has another reason and another text.
    const elsewhere: Readonly<Record<string, string>> = {
      "release claimed": "release-claimed",
      "replace same": "stale",
      "test limited": "test-limited",
    };
    for (const verb of verbs.filter((each) => each !== "leave")) {
      const answer = await ask("POST", `/push/owner/${verb}`, { cookie, form: fields });
      const said = elsewhere[`${verb} ${refusal}`] ?? (refusal === "claimed" ? "other-claim" : refusal);
      expect(answer.headers?.["location"], verb).toBe(`/push/owner?said=${said}`);
      const { body } = await ask("GET", answer.headers?.["location"] ?? "", { cookie });
      expect(body, verb).toMatch(/class="note warning" role="status">[^<]{10}/u);
    }
  });

  it.each([
    ["accepted", "good", "no failure was reported"],
    ["gone", "warning", "app was removed"],
    ["bad-message", "warning", "rejects the messages"],
    ["app-down", "warning", "not accepting pushes"],
    ["failed", "warning", "got no answer"],
    ["unlisted", "warning", "no longer among"],
    ["forgotten", "warning", "no longer knows"],
    ["shared", "warning", "Another domain"],
  ] as const)(
    "a test push goes to the phone in the form, and its outcome is explained: %s",
    async (tested, tone, words) => {
      const { ask, enter, done, state } = pageServices();
      const { cookie, form } = await enter();
      state.tested = tested;
      const answer = await ask("POST", "/push/owner/test", { cookie, form: { form, device: "phone" } });
      expect(done).toEqual([{ verb: "testPush", visitor, more: "phone" }]);
      const { body } = await ask("GET", answer.headers?.["location"] ?? "", { cookie });
      expect(body).toMatch(new RegExp(`class="note ${tone}" role="status">[^<]*${words}`, "u"));
    },
  );

  it("a new password is shown only on the answer", async () => {
    const { ask, enter } = pageServices();
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/replace", { cookie, form: { form, secret: "present1" } });
    expect(status).toBe(200);
    expect(body).toContain("Pass0word1Pass2");
    expect(body).toContain("https://push.example.com/push/ws");
    expect(body).toContain("keep working with it for 7 days");
    expect((await ask("GET", "/push/owner", { cookie })).body).not.toContain("Pass0word1Pass2");
  });

  it("a form without a phone or a password passes on none", async () => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    for (const verb of ["test", "replace"]) await ask("POST", `/push/owner/${verb}`, { cookie, form: { form } });
    expect(done).toEqual([
      { verb: "testPush", visitor, more: "" },
      { verb: "replaceSecret", visitor, more: "" },
    ]);
  });

  it("a form names the password to replace, and an earlier replacement is reported", async () => {
    const { ask, enter, done, state } = pageServices();
    const { cookie, form } = await enter();
    await ask("POST", "/push/owner/replace", { cookie, form: { form, secret: "present1" } });
    expect(done).toEqual([{ verb: "replaceSecret", visitor, more: "present1" }]);
    state.refusal = "same";
    const answer = await ask("POST", "/push/owner/replace", { cookie, form: { form, secret: "present1" } });
    expect(answer.headers?.["location"]).toBe("/push/owner?said=stale");
  });

  it.each([
    ["pbx.example.com", true],
    [" PBX.example.com. ", true],
    ["", false],
    ["other.example.com", false],
  ])("the registration is deleted when %j was typed: %s", async (typed, released) => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    const answer = await ask("POST", "/push/owner/release", { cookie, form: { form, domain: typed } });
    expect(done.map(({ verb }) => verb)).toEqual(released ? ["release"] : []);
    expect(answer.status).toBe(released ? 200 : 303);
    expect((await ask("GET", "/push/owner", { cookie })).status).toBe(released ? 401 : 200);
  });

  it("the registration is not deleted while someone claims the domain, and the page says why", async () => {
    const { ask, enter, state } = pageServices();
    const { cookie, form } = await enter();
    state.refusal = "claimed";
    const answer = await ask("POST", "/push/owner/release", { cookie, form: { form, domain: VISITOR.account } });
    expect(answer.headers?.["location"]).toBe("/push/owner?said=release-claimed");
  });

  it("a new address is checked before any use case is called", async () => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    const answer = await ask("POST", "/push/owner/change", { cookie, form: { form, email: "nobody" } });
    expect(answer.headers?.["location"]).toBe("/push/owner?said=bad-address");
    expect(done).toEqual([]);
  });

  it("leaving ends the session, here and in the browser", async () => {
    const { ask, enter } = pageServices();
    const { cookie, form } = await enter();
    const answer = await ask("POST", "/push/owner/leave", { cookie, form: { form } });
    expect(answer.cookies).toEqual(["__Host-push-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"]);
    expect((await ask("GET", "/push/owner", { cookie })).status).toBe(401);
  });

  it("shows no note that does not exist", async () => {
    const { ask, enter } = pageServices();
    const { cookie } = await enter();
    for (const said of ["<b>", "constructor", "no-such"]) {
      const { body } = await ask("GET", `/push/owner?said=${encodeURIComponent(said)}`, { cookie });
      expect(body).not.toContain('role="status"');
      expect(body).not.toContain(said);
    }
  });
});

describe("a session of a link with one purpose", () => {
  it.each(["object", "confirm"] as const)("passes its purpose to the use case at every step: %s", async (scope) => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter({ ...VISITOR, scope });
    const fields = { form, email: "new@example.com", domain: VISITOR.account, secret: "present1" };
    for (const verb of verbs.filter((each) => !["release", "leave"].includes(each)))
      await ask("POST", `/push/owner/${verb}`, { cookie, form: fields });
    expect(done).toHaveLength(10);
    for (const each of done) expect(each.visitor).toEqual({ ...visitor, scope });
  });
});

describe("the page", () => {
  const MUENCHEN = "xn--mnchen-3ya.example";
  const shown = async (seen: object) => {
    const { ask, enter, state, clock } = pageServices();
    const { cookie } = await enter();
    state.seen = { ...SEEN_BY_OWNER, ...seen };
    return { body: (await ask("GET", "/push/owner", { cookie })).body ?? "", now: clock.now() };
  };
  const forms = (body: string) => [...body.matchAll(/action="\/push\/owner\/([^"]*)"/gu)].map(([, verb]) => verb);

  it("of an owner offers an owner's steps", async () => {
    const { body } = await shown({});
    expect(forms(body)).toEqual(["replace", "change", "release", "leave"]);
  });

  it("of a suspended domain offers no steps", async () => {
    const { body } = await shown({ state: "suspended" });
    expect(forms(body)).toEqual(["leave"]);
  });

  it("shows who is connected, with which password, escaped", async () => {
    const connection = (account: string, secretId: string) => ({
      connectionId: account,
      source: "192.0.2.7",
      connectedAt: 1,
      login: { account, domain: VISITOR.account, secretId, at: 1 },
      pbx: { pbx: "<master>", version: "14r2", apis: [] },
    });
    const previous = { id: "former01", issuedAt: 1, validUntil: 9e12 };
    const connections = [
      connection("pbx.example.com/a", "present1"),
      connection("pbx.example.com/b", "former01"),
      connection("pbx.example.com/c", "own00001"),
    ];
    const { body } = await shown({ connections, secrets: { ...SEEN_BY_OWNER.secrets, previous } });
    expect(body).toContain("&lt;master>");
    expect(body).toContain("192.0.2.7");
    expect(body).toContain("current");
    expect(body.match(/<dd class="old">old/gu)).toHaveLength(1);
    expect(body).toContain("<dd>the account's own");
    expect(body).toContain("PBXes connected with it: 1");
    expect(forms(body)).toContain("end-old");
  });

  it("requests the activity of connected PBXes by a form, and shows it only on the answer", async () => {
    const { ask, enter, state } = pageServices();
    const { cookie, form } = await enter();
    const connection = {
      connectionId: "c",
      source: "192.0.2.7",
      connectedAt: 1,
      login: { account: VISITOR.account, domain: VISITOR.account, secretId: "s", at: 1 },
    };
    state.seen = {
      ...SEEN_BY_OWNER,
      connections: [{ ...connection, lastActiveAt: Date.UTC(2026, 10, 23, 11, 58) }, connection],
    };
    expect(forms((await ask("GET", "/push/owner", { cookie })).body ?? "")[0]).toBe("activity");
    const { status, body = "" } = await ask("POST", "/push/owner/activity", { cookie, form: { form } });
    expect(status).toBe(200);
    expect(body).toMatch(/<dt>Last seen<\/dt><dd>[^<]*November[^<]*11:58[^<]*UTC<\/dd>/u);
    expect(body).toContain("<dd>unknown");
    expect((await ask("GET", "/push/owner", { cookie })).body).not.toContain("Last seen");
  });

  it("shows refused logins with reasons, cut and escaped, and the last one beside its PBX, of its own network if possible", async () => {
    const refusal = (account: string, source: string, at: number) =>
      ({ account, source, at, reason: "wrong-password", refusals: 1 }) as const;
    const connection = {
      connectionId: "c",
      source: "192.0.2.7",
      connectedAt: 1,
      login: { account: "pbx.example.com/a", domain: VISITOR.account, secretId: "s", at: 1 },
    };
    const odd = `pbx.example.com/<b>\u202e${"x".repeat(600)}`;
    const refusedLogins = [
      refusal("pbx.example.com/a", "203.0.113.9", 9),
      refusal("pbx.example.com/a", "192.0.2.7", 8),
      { ...refusal(odd, "203.0.113.9", 7), reason: "old-password" as const },
    ];
    const { body } = await shown({ connections: [connection], refusedLogins });
    expect(body).toMatch(/<dt>Last refused login<\/dt><dd>[^<]*from 192\.0\.2\.7: wrong password<\/dd>/u);
    expect(body).toMatch(
      /pbx\.example\.com\/&lt;b>\\u202ex{20,80}…: [^<]*from 203\.0\.113\.9: a replaced password that is no longer valid/u,
    );
    expect(body).not.toContain("x".repeat(81));
    expect((await shown({})).body).not.toContain("Refused logins");
  });

  it("shows the accounts with a password of their own, escaped, if there are any", async () => {
    const accounts = [{ account: "pbx.example.com/<slave>", state: "suspended", createdAt: 1 } as const];
    expect((await shown({ accounts })).body).toContain("pbx.example.com/&lt;slave>, since 1 January 1970");
    expect((await shown({})).body).not.toContain("password of their own");
  });

  it("shows recent posts with the outcome of each, escaped, and the age of the view", async () => {
    const post = (id: string, more: object) => ({
      id,
      at: Date.UTC(2026, 10, 23, 11, 58),
      account: "pbx.example.com",
      outcome: "accepted",
      ms: 23,
      ...more,
    });
    const { clock } = pageServices();
    const posts = {
      posts: [
        post("1", { app: "ios-call", kind: "call" } as const),
        post("2", { outcome: "Uninstalled", account: "pbx.example.com/<master>" }),
        post("3", { outcome: "<NewError>" }),
      ],
      day: { accepted: 7, failed: 2 },
      lastPostAt: { "pbx.example.com/<master>": Date.UTC(2026, 10, 23, 11, 57) },
      writtenAt: clock.now() - 3 * MINUTE,
    };
    const { body } = await shown({ posts });
    expect(body).toContain("In the last 24 hours: 7 accepted, 2 failed.");
    expect(body).toMatch(/<strong>accepted<\/strong><br\/?><time datetime="2026-11-23T11:58:00.000Z">/u);
    expect(body).toContain("call · ios-call · pbx.example.com · 23 ms");
    expect(body).toContain('<strong class="old">failed: the app was removed from the phone</strong>');
    expect(body).toContain("failed: &lt;NewError");
    expect(body).toContain("(3 minutes ago)");
    expect(body).toMatch(/Not connected now:.*pbx\.example\.com\/&lt;master>, last push on [^<]*11:57/u);
  });

  it("offers a test push to each phone of the posts it shows, while the domain is active", async () => {
    const at = Date.UTC(2026, 10, 23, 11, 58);
    const post = (id: string, device?: string) => ({
      id,
      at,
      account: "pbx.example.com",
      outcome: "accepted",
      ms: 1,
      app: "ios",
      ...(device && { device }),
    });
    const posts = {
      posts: [post("1", "phone-a"), post("2", "phone-b"), post("3", "phone-a"), post("4")],
      lastPostAt: {},
      writtenAt: at,
    };
    const { body } = await shown({ posts });
    expect([...body.matchAll(/<option value="([^"]*)"/gu)].map(([, value]) => value)).toEqual(["phone-a", "phone-b"]);
    expect(forms(body)).toContain("test");
    expect(body).toContain("At most 5 an hour.");
    expect(forms((await shown({ posts, state: "suspended" })).body)).not.toContain("test");
    expect(forms((await shown({ posts: { ...posts, posts: [post("4")] } })).body)).not.toContain("test");
  });

  it.each([
    ["off", "keeps no list of pushes"],
    ["none", "No push is known from the last 30 days"],
  ] as const)("says why it shows no posts: %s", async (posts, words) => {
    expect((await shown({ posts })).body).toContain(words);
  });

  it("shows the domain's limits", async () => {
    const { body } = await shown({ limits: { ...SEEN_BY_OWNER.limits, newTokensPerDomainInFirstHour: 12_345 } });
    expect(body).toContain("<dt>New phones in the first hour</dt><dd>12,345</dd>");
  });

  it("names a domain in Unicode and in its DNS form", async () => {
    const { body } = await shown({ account: MUENCHEN });
    expect(body).toContain("<h1>münchen.example</h1>");
    expect(body).toContain(`In the DNS: ${MUENCHEN}`);
    expect(body).toContain("<title>münchen.example");
    expect((await shown({})).body).not.toContain("In the DNS:");
  });

  it.each<[string, DomainView, string]>([
    ["successor", { role: "successor", account: MUENCHEN, expiresAt: 9e12 }, "Take over münchen.example?"],
    [
      "unrelated address",
      { role: "unrelated", account: MUENCHEN, challenge: { name: "_push-challenge", value: "v", expiresAt: 9e12 } },
      "Prove that münchen.example is yours",
    ],
  ])("names a domain in both forms for a %s as well", async (_, seen, title) => {
    const { body } = await shown(seen);
    expect(body).toContain(`<h1>${title}</h1><p class="hint">In the DNS: ${MUENCHEN}</p>`);
  });

  it("does not mention an old password that has ended", async () => {
    const previous = { id: "former01", issuedAt: 1, validUntil: 2 };
    const { body } = await shown({ secrets: { ...SEEN_BY_OWNER.secrets, previous } });
    expect(forms(body)).not.toContain("end-old");
  });

  it.each([
    [{ claimant: "r@example.org", madeAt: 1, objectUntil: 9e12 }, true],
    [{ claimant: "r@example.org", madeAt: 1, objectUntil: 2 }, false],
    [{ claimant: "r@example.org", madeAt: 1, objectUntil: 9e12, objectedAt: 2 }, false],
  ])("of a claimed domain lets its owner object until the time is over (%j)", async (claim, open) => {
    const { body } = await shown({ claim });
    expect(body).toContain("r@example.org");
    expect(forms(body).includes("object")).toBe(open);
    expect(forms(body)).not.toContain("release");
  });

  it("of a claimant says until when the owner may object, and has no form", async () => {
    const claim = { claimant: VISITOR.emailKey, madeAt: Date.UTC(2026, 10, 1), objectUntil: Date.UTC(2026, 10, 8) };
    const { body } = await shown({ role: "claimant", account: VISITOR.account, claim });
    expect(body).toContain("<h1>Your claim to pbx.example.com</h1>");
    expect(body).toContain("8 November 2026");
    expect(forms(body)).toEqual(["leave"]);
  });

  it("of a successor has one question", async () => {
    const { body } = await shown({ role: "successor", account: VISITOR.account, expiresAt: 9e12 });
    expect(forms(body)).toEqual(["confirm-change", "leave"]);
  });

  it.each([
    [
      "objector",
      {
        role: "objector",
        account: VISITOR.account,
        claim: { claimant: "r@example.org", madeAt: 1, objectUntil: 9e12 },
      },
      ["object", "leave"],
    ],
    ["reader of a link that has done its job", { role: "done-link", account: VISITOR.account }, ["leave"]],
  ])("of an %s says so, and has no form by which a scanner could request an email", async (_, seen, offered) => {
    const { body } = await shown(seen);
    expect(forms(body)).toEqual(offered);
    expect(body).not.toContain('action="/push/manage"');
    expect(body).toContain('href="/push/manage"');
  });

  it("of an unrelated address shows the record, and nothing else about the domain", async () => {
    const challenge = { name: "_push-challenge.pbx.example.com", value: "push-challenge=abc", expiresAt: 9e12 };
    const { body } = await shown({ role: "unrelated", account: VISITOR.account, challenge });
    expect(body).toContain('value="_push-challenge.pbx.example.com"');
    expect(body).toContain('value="push-challenge=abc"');
    expect(forms(body)).toEqual(["prove", "leave"]);
    expect(body).toContain("Name within example.com");
    expect(body).toContain('value="_push-challenge.pbx"');
    expect(body).toContain("Not checked yet.");
  });

  it("names no relative record if no name above it can be registered", async () => {
    const challenge = { name: "_push-challenge.hq", value: "push-challenge=abc", expiresAt: 9e12 };
    const { body } = await shown({ role: "unrelated", account: "hq", challenge });
    expect(body).toContain('value="_push-challenge.hq"');
    expect(body).not.toContain("record-relative");
  });
});

describe("the TXT record", () => {
  const challenge = { name: "_push-challenge.pbx.example.com", value: "push-challenge=abc", expiresAt: 9e12 };
  const unrelated: DomainView = { role: "unrelated", account: VISITOR.account, challenge };

  it("is shown with what DNS returned if it was not found, only on the answer", async () => {
    const { ask, enter, state } = pageServices();
    state.seen = unrelated;
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/prove", { cookie, form: { form } });
    expect(status).toBe(200);
    expect(body).toMatch(/role="status">The record was not found/u);
    expect(body).toContain("The TXT records at this name have a different value:");
    expect(body).toContain("<code>v=spf1 &lt;-all></code>");
    const { body: later } = await ask("GET", "/push/owner", { cookie });
    expect(later).not.toContain("v=spf1");
  });

  it("is reported as unreachable if the name servers do not answer, only on the answer", async () => {
    const { ask, enter, state } = pageServices();
    state.seen = unrelated;
    state.proved = {
      kind: "unreachable",
      challenge: { ...challenge, seen: { kind: "unreachable", values: [], at: 1 } },
    };
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/prove", { cookie, form: { form } });
    expect(status).toBe(200);
    expect(body).toMatch(/class="note warning" role="status">The domain(?:'|&#39;)s name servers did not answer/u);
  });

  it("if correct takes over a provisional domain, and shows its new password once", async () => {
    const { ask, enter, state } = pageServices();
    state.proved = { kind: "taken", password: "Taken0word1Pass" };
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/prove", { cookie, form: { form } });
    expect(status).toBe(200);
    for (const shown of ["Taken0word1Pass", "https://push.example.com/push/ws", "The domain is yours now."])
      expect(body).toContain(shown);
    expect((await ask("GET", "/push/owner", { cookie })).body).not.toContain("Taken0word1Pass");
  });

  it("if correct for a free domain leads to the Connect window", async () => {
    const { ask, enter, state } = pageServices();
    state.proved = { kind: "free" };
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/prove", { cookie, form: { form } });
    expect(status).toBe(200);
    expect(body).toContain("<h1>The domain is free</h1>");
    expect(body).toContain('href="/push/connect"');
  });

  it.each([
    { kind: "proven" },
    { kind: "claimed", claim: { claimant: "a@example.com", madeAt: 1, objectUntil: 2 } },
  ] as const)("if correct is reported on the next page: $kind", async (proved) => {
    const { ask, enter, state } = pageServices();
    state.proved = proved;
    const { cookie, form } = await enter();
    const answer = await ask("POST", "/push/owner/prove", { cookie, form: { form } });
    expect([answer.status, answer.headers?.["location"]]).toEqual([303, `/push/owner?said=${proved.kind}`]);
    const { body } = await ask("GET", answer.headers?.["location"] ?? "", { cookie });
    expect(body).toMatch(/role="status">[^<]{10}/u);
  });

  it("is looked up for the page's script, which gets that part of the page", async () => {
    const { ask, enter, done } = pageServices();
    const { cookie, form } = await enter();
    const { status, body } = await ask("POST", "/push/owner/look", { cookie, form: { form } });
    expect(status).toBe(200);
    expect(body).toMatch(/^<div id="record-seen" aria-live="polite">/u);
    expect(body).toContain("<code>v=spf1 &lt;-all></code>");
    expect(done.map(({ verb }) => verb)).toEqual(["lookUpRecord"]);
  });

  it.each<[Required<Challenge>["seen"], RegExp]>([
    [
      { kind: "found", values: ["push-challenge=abc"], at: 0 },
      /data-found[^<]*><p>The record is there, with the right/u,
    ],
    [{ kind: "unreachable", values: [], at: 0 }, /name servers did not answer\./u],
    [
      { kind: "missing", values: [], at: 0 },
      /There is no TXT record at this name\..*Checked 1 January 1970 at 00:00:00 UTC/u,
    ],
    [
      { kind: "missing", values: ["1", "2", "3", "4", "5", "6", "7"], at: 0 },
      /<code>5<\/code><\/li><li>and 2 more<\/li>/u,
    ],
    [{ kind: "missing", values: ["x".repeat(500)], at: 0 }, /<code>x{80}…<\/code>/u],
  ])("that DNS returns as %j is described in words", (seen, words) => {
    const reader = { t: texts.en, chosen: false, operator: {} };
    expect(recordNow({ ...challenge, seen }, reader)).toMatch(words);
  });
});
