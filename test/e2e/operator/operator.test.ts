import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { ListTopicsCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, describe, expect, it } from "vitest";
import { adminProgram } from "../../../bin/admin/program.ts";
import { startNameServer, type NameServer } from "../../support/aws/name-server.ts";
import { addAccount, iosToken, postJson, pushes, quiet, useHost } from "../../support/process/host.ts";
import { logIn, openSession, openSocket } from "../../support/process/raw-socket.ts";
import { mailsTo, register, request } from "../../support/services/register.ts";
import { eventually } from "../../support/process/waiting.ts";
import type { Outcome } from "../../support/process/command.ts";
import { runHere } from "../../support/process/in-process.ts";

let names: NameServer | undefined;
const host = useHost(async () => {
  names = await startNameServer();
  return { dnsServers: names.address };
});
afterAll(() => names?.stop());
const admin = (...args: readonly string[]): Promise<Outcome> => runHere(adminProgram(), args, { PUSH_URL: host().url });

const LOST = /no longer knows this token|Uninstalled/u;
/** On a busy machine the news of a lost app may come after the 8 s that a test push waits for it: then the next one knows. */
const pushUntilLost = (push: () => Promise<Outcome>): Promise<Outcome> =>
  eventually(async () => {
    const said = await push();
    return LOST.test(said.out) ? said : undefined;
  });

const json = <T>({ out }: Outcome): T => JSON.parse(out) as T;
const mailAbout = (address: string, subject: RegExp) =>
  eventually(async () => (await mailsTo(host(), address)).find((mail) => subject.test(mail.subject)));
/** An event of SES, through the mail stack's topic. */
async function tell(event: object): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const sns = new SNSClient({ endpoint: host().awsUrl, region: "eu-central-1", credentials });
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const TopicArn = Topics.map(({ TopicArn: arn = "" }) => arn).find((arn) => /push-local-mail/u.test(arn));
  await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(event) }));
  sns.destroy();
}

describe("npm run admin", () => {
  it("shows who is connected, with which PBX, and refused logins", async () => {
    const account = "shown.example.com";
    const secret = await addAccount(host(), account);
    const failed = await openSocket(host().wsUrl);
    await logIn(failed, { account: `${account}/slave`, secret: "wrong" });
    failed.close();
    const socket = await openSession(host(), { account: `${account}/master`, secret });
    socket.send(JSON.stringify({ mt: "PbxInfo", domain: account, pbx: "hq", pbxDns: "hq", apis: [], version: "16r1" }));
    const shown = await eventually(async () => {
      const { out } = await admin("domains", "show", account, "--activity");
      return out.includes("hq") && !/First login\s+never/u.test(out) ? out : undefined;
    });
    expect(shown).toMatch(/1 connected[\s\S]*shown\.example\.com\/master\s+hq\s+16r1\s+127\.0\.0\.1/u);
    expect(shown).toMatch(/REFUSED LOGINS OF[\s\S]*shown\.example\.com\/slave.*wrong-password/u);
    const [connection] = json<{ connections: { lastActiveAt?: number }[] }>(
      await admin("domains", "show", account, "--activity", "--json"),
    ).connections;
    expect(connection?.lastActiveAt).toBeGreaterThan(Date.now() - 60_000);
    socket.close();
  });

  it("finds domains by name and owner's address, and shows the history of deleted ones too", async () => {
    await admin("domains", "add", "findme.example.com", "--owner", "Someone@Needle.example");
    for (const text of ["findme", "@needle"]) {
      expect(
        json<{ account: string }[]>(await admin("domains", "search", text, "--json")).map(({ account }) => account),
      ).toEqual(["findme.example.com"]);
    }
    await admin("domains", "delete", "findme.example.com", "--yes");
    const { out } = await admin("domains", "history", "findme.example.com");
    expect(out).toMatch(/deleted[\s\S]*added/u);
    expect(await mailAbout("someone@needle.example", /findme/u)).toMatchObject({
      text: expect.stringContaining("findme.example.com") as string,
    });
  });

  it("transfers with a new secret, closes old logins and emails both addresses", async () => {
    const account = "given.example.com";
    await admin("domains", "add", account, "--owner", "old@one.example", "--secret", "oldSecret");
    const socket = await openSession(host(), { account, secret: "oldSecret" });
    const { code, out } = await admin("domains", "transfer", account, "new@two.example", "--yes");
    expect([code, out]).toEqual([0, expect.stringContaining("new@two.example")]);
    await socket.closed;
    const again = await openSocket(host().wsUrl);
    expect(await logIn(again, { account, secret: "oldSecret" })).toMatchObject({ ok: false });
    again.close();
    await mailAbout("old@one.example", /given/u);
    await mailAbout("new@two.example", /given/u);
    expect((await admin("domains", "transfer", account, "new@two.example", "--yes")).code).toBe(1);
  });

  it("shows for each claim whether its record is in DNS now", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new DynamoDBClient({ endpoint: host().awsUrl, region: "eu-central-1", credentials });
    const claim = {
      claimant: "it@rival.example",
      madeAt: Date.now(),
      objectUntil: Date.now() + 7 * 86_400_000,
      value: "push-challenge=mine",
    };
    for (const account of ["there.example.com", "missing.example.com"]) {
      await addAccount(host(), account);
      await client.send(
        new UpdateItemCommand({
          TableName: String(host().outputs.get("push-local-data.CoreTable")),
          Key: marshall({ pk: `DOMAIN#${account}`, sk: "DOMAIN" }),
          UpdateExpression: "SET claim = :claim",
          ExpressionAttributeValues: marshall({ ":claim": claim }),
        }),
      );
    }
    client.destroy();
    names?.txt.set("_push-challenge.there.example.com", ["other", "push-challenge=mine"]);
    names?.txt.set("_push-challenge.missing.example.com", ["push-challenge=another"]);
    const { out } = await admin("domains", "claims");
    expect(out).toMatch(/TXT RECORD NOW/u);
    expect(out).toMatch(/there\.example\.com .*it@rival\.example .*\sfound\s*$/mu);
    expect(out).toMatch(/missing\.example\.com .*\smissing\s*$/mu);
    if (names) names.silent = true;
    const records = json<{ account: string; record: string }[]>(await admin("domains", "claims", "--json"));
    if (names) names.silent = false;
    expect(records.map(({ record }) => record)).toEqual(["unreachable", "unreachable"]);
    for (const name of ["there", "missing"]) await admin("domains", "decide", `${name}.example.com`, "deny", "--yes");
    expect((await admin("domains", "claims")).out).toContain("There are none.");
    expect((await fetch(`${host().url}/_local/admin/domain/record?account=there.example.com`)).status).toBe(409);
    expect((await fetch(`${host().url}/_local/admin/domain/record?account=nobodys.example.com`)).status).toBe(404);
  });

  it("sends a pending registration's email again", async () => {
    await request(host(), "again.example.com", "again@one.example");
    await eventually(async () => ((await mailsTo(host(), "again@one.example")).length === 1 ? true : undefined));
    await eventually(async () =>
      (await admin("domains", "resend", "again.example.com")).out.includes("Emails queued: 1") ? true : undefined,
    );
    await eventually(async () => ((await mailsTo(host(), "again@one.example")).length === 2 ? true : undefined));
  });

  it("exports without secrets, and imports what it exported with new ones", async () => {
    const directory = mkdtempSync(join(tmpdir(), "push-bulk-"));
    const [exported, wanted] = [join(directory, "out.ndjson"), join(directory, "in.ndjson")];
    await admin("domains", "add", "bulk.example.com", "--secret", "notExported");
    expect((await admin("domains", "export", exported)).code).toBe(0);
    const text = readFileSync(exported, "utf8");
    expect(text).not.toContain("notExported");
    const line = text.split("\n").find((each) => each.includes('"bulk.example.com"')) ?? "";
    await admin("domains", "delete", "bulk.example.com", "--yes");
    writeFileSync(
      wanted,
      [
        line,
        "{",
        JSON.stringify({ account: "bulk2.example.com", state: "suspended", origin: "mail", owner: "bulk@one.example" }),
        line,
        "",
      ].join("\n"),
    );
    const { code, out, err } = await admin("domains", "import", wanted);
    expect([code, err]).toEqual([1, expect.stringContaining("2 added, 1 there already, 1 failed or not tried")]);
    expect(readFileSync(`${wanted}.failed`, "utf8")).toBe("{\n");
    const results = out
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each) as { account?: string; secret?: string; error?: string });
    expect(results.map(({ error }) => error)).toEqual([undefined, "malformed", undefined, undefined]);
    expect(results[3]).toEqual({ account: "bulk.example.com", unchanged: true });
    const socket = await openSession(host(), { account: "bulk.example.com", secret: results[0]?.secret ?? "" });
    socket.close();
    expect((await admin("domains", "show", "bulk2.example.com")).out).toMatch(
      /suspended\s+Owner\s+bulk@one\.example \(provisional\)/u,
    );
  });

  it("wakes a phone in an account's name, and reports the vendor's answer", async () => {
    await addAccount(host(), "tester.example.com");
    const [good, gone] = [iosToken("operator good"), iosToken("operator gone")];
    const fine = await admin("push", `ios-call:${good}`, "--account", "tester.example.com");
    expect([fine.code, fine.out]).toEqual([
      0,
      expect.stringMatching(/Accepted \(ios-call, call; \d+ ms\), and no failure was reported/u),
    ]);
    expect((await pushes(host())).filter(({ token }) => token === good)).toHaveLength(1);
    host().sns.phones.uninstall(gone);
    const lost = await pushUntilLost(() => admin("push", `ios-call:${gone}`, "--account", "tester.example.com"));
    expect([lost.code, lost.out]).toEqual([1, expect.stringMatching(LOST)]);
    const unknown = await admin("push", "nonsense", "--account", "tester.example.com", "--json");
    expect(unknown.code).toBe(1);
    expect(json(unknown)).toMatchObject({ error: { err: "UnknownApp" } });
  });

  it("lifts the mark of a phone whose app is back, once", async () => {
    await addAccount(host(), "returning.example.com");
    const token = iosToken("operator returning");
    const push = () => admin("push", `ios-call:${token}`, "--account", "returning.example.com");
    host().sns.phones.uninstall(token);
    await pushUntilLost(push);
    host().sns.phones.reinstall(token);
    expect((await push()).out).toContain("Uninstalled");
    const lifted = await admin("tokens", "lift", `ios-call:${token}`);
    expect([lifted.code, lifted.out]).toEqual([0, expect.stringContaining("The mark is lifted")]);
    expect((await push()).out).toMatch(/^Accepted/u);
    expect((await admin("tokens", "lift", "nonsense")).code).toBe(1);
  });

  it("shows the apps with their state and the age of their credentials", async () => {
    const { apps } = json<{ apps: { app: { id: string }; application: object; credential: { changedAt: number } }[] }>(
      await admin("apps", "--json"),
    );
    expect(apps.map(({ app }) => app.id)).toEqual(["ios-call", "ios", "android"]);
    expect(apps[0]).toMatchObject({
      application: { enabled: true },
      credential: { changedAt: expect.any(Number) as number },
    });
    expect((await admin("apps")).out).toMatch(/ios-call \(default\)\s+APNS_VOIP/u);
  });

  it("sends no email to an address that bounced, lists it, and allows it again", async () => {
    const [owner, account] = ["Bounced@one.example", "bounced.example.com"];
    await register(host(), account, owner);
    await tell({
      eventType: "Bounce",
      mail: {},
      bounce: { bounceType: "Permanent", bouncedRecipients: [{ emailAddress: owner }] },
    });
    await eventually(async () =>
      (await admin("mail", "suppressed")).out.includes("bounced@one.example") ? true : undefined,
    );
    expect((await admin("domains", "show", account)).out).toMatch(/Email\s+none to this address until .*: it bounced/u);
    await request(host(), "other-bounced.example.com", owner);
    await admin("domains", "suspend", account, "--yes");
    await quiet(host());
    expect(await mailsTo(host(), owner)).toHaveLength(1);
    expect(await mailsTo(host(), owner.toLowerCase())).toHaveLength(0);
    expect((await admin("mail", "allow", owner)).code).toBe(0);
    expect((await admin("mail", "allow", owner)).code).toBe(1);
    await admin("domains", "resume", account);
    await mailAbout(owner.toLowerCase(), /bounced/u);
  });
});

describe("the first login", () => {
  it("is reported once, for any PBX, and is not part of the history", async () => {
    const { password } = await register(host(), "first.example.com", "first@one.example");
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(host().wsUrl)));
    for (const socket of sockets) await logIn(socket, { account: "first.example.com/slave", secret: password });
    const show = async () => {
      const response = await fetch(`${host().url}/_local/admin/domain?account=first.example.com`);
      return (await response.json()) as { firstLoginAt?: number; history: unknown[] };
    };
    const { history } = await eventually(async () => {
      const shown = await show();
      return shown.firstLoginAt === undefined ? undefined : shown;
    });
    expect(history).toHaveLength(1);
    for (const socket of sockets) socket.close();
  });
});

describe("the operator's API", () => {
  it.each([
    ["/push", { token: "x" }, 400, "malformed"],
    ["/push", { token: "x", account: " " }, 422, "account"],
    ["/push", { token: "x", account: "nobody.example.com" }, 404, "unknown"],
    ["/push", { token: "x", account: "nobody.example.com", type: "ring" }, 400, "malformed"],
    ["/tokens/lift", {}, 400, "malformed"],
    ["/tokens/lift", { token: "nonsense" }, 422, "token"],
    ["/tokens/lift", { token: `ios-call:${"ab".repeat(32)}` }, 404, "unknown"],
    ["/domain/transfer?account=x.example.com", { to: "nobody" }, 422, "to"],
    ["/domain/transfer?account=x.example.com", {}, 400, "malformed"],
    ["/domain/decide?account=x.example.com", { decision: "maybe" }, 400, "malformed"],
    ["/domain/decide?account=x.example.com", { decision: "grant" }, 404, "unknown"],
    ["/domain/object?account=x.example.com", {}, 404, "unknown"],
    ["/domain/end-old?account=x.example.com", {}, 404, "unknown"],
    ["/domain/suspend?account=", {}, 400, "account"],
  ])("%s %j", async (path, body, status, error) => {
    const response = await postJson(`${host().url}/_local/admin${path}`, body);
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([status, error]);
  });

  it.each(["0", "501", "x"])("rejects a limit of %s", async (limit) => {
    for (const path of ["/domains?", "/suppressions?", "/domain/history?account=x.example.com&"]) {
      expect((await fetch(`${host().url}/_local/admin${path}limit=${limit}`)).status).toBe(400);
    }
  });
});
