import { describe, expect, it } from "vitest";
import { adminProgram } from "../../../bin/admin/program.ts";
import { useHost } from "../../support/process/host.ts";
import { logIn, openSession, openSocket, type RawSocket } from "../../support/process/raw-socket.ts";
import type { Outcome } from "../../support/process/command.ts";
import { runHere } from "../../support/process/in-process.ts";

const host = useHost();
const admin = (...args: readonly string[]): Promise<Outcome> => runHere(adminProgram(), args, { PUSH_URL: host().url });

const json = <T>({ out }: Outcome): T => JSON.parse(out) as T;

async function add(account: string): Promise<string> {
  return json<{ secret: string }>(await admin("domains", "add", account, "--json")).secret;
}

async function loggedIn(account: string, secret: string): Promise<RawSocket> {
  return openSession(host(), { account, secret });
}

describe("npm run admin -- domains", () => {
  it("adds with a generated secret that logs in, and never shows it again", async () => {
    const secret = await add("manual.example.com");
    expect(secret).toMatch(/^[A-Za-z0-9]{15}$/u);
    const socket = await loggedIn("manual.example.com", secret);
    const shown = await admin("domains", "show", "manual.example.com", "--json");
    expect(json(shown)).toMatchObject({
      account: "manual.example.com",
      state: "active",
      origin: "operator",
      connections: [{ login: { account: "manual.example.com" } }],
      history: [{ action: "added" }],
    });
    for (const { out } of [
      shown,
      await admin("domains", "list"),
      await admin("domains", "show", "manual.example.com"),
    ]) {
      expect(out).toContain("manual.example.com");
      expect(out).not.toContain(secret);
    }
    socket.close();
  });

  it("adds with a given secret, including accounts that are not domain names", async () => {
    const { code, out } = await admin("domains", "add", "My PBX/Master", "--secret", "pwd");
    expect([code, out]).toEqual([0, expect.stringContaining("pwd")]);
    (await loggedIn("My PBX/Master", "pwd")).close();
  });

  it.each(["delete", "suspend", "replace"])("%s closes the account's connections at once", async (verb) => {
    const account = `${verb}.example.com`;
    const secret = await add(account);
    const socket = await loggedIn(`${account}/master`, secret);
    const { code } = await admin("domains", verb, account, "--yes");
    expect(code).toBe(0);
    await socket.closed;
    const again = await openSocket(host().wsUrl);
    expect(await logIn(again, { account, secret })).toMatchObject({ mt: "AppLoginResult", ok: false });
    again.close();
  });

  it("resumes a suspended account with the same secret", async () => {
    const secret = await add("resumed.example.com");
    await admin("domains", "suspend", "resumed.example.com", "--yes");
    expect(await admin("domains", "resume", "resumed.example.com")).toMatchObject({ code: 0 });
    (await loggedIn("resumed.example.com", secret)).close();
  });

  it("disconnects an account that can log in again", async () => {
    const secret = await add("cut.example.com");
    const socket = await loggedIn("cut.example.com", secret);
    const { out } = await admin("domains", "disconnect", "cut.example.com", "--json", "--yes");
    expect(JSON.parse(out)).toEqual({ account: "cut.example.com", closed: 1 });
    await socket.closed;
    (await loggedIn("cut.example.com", secret)).close();
  });

  it.each([
    ["does not delete without a terminal to confirm on", ["domains", "delete", "manual.example.com"], 1, /--yes/u],
    ["reports an unknown account", ["domains", "show", "nobody.example.com"], 1, /no such account/u],
    ["adds no account twice", ["domains", "add", "manual.example.com"], 1, /exists already/u],
    ["rejects an empty account", ["domains", "add", " "], 1, /empty/u],
    ["rejects a secret with spaces", ["domains", "add", "x.example.com", "--secret", "a b"], 1, /without spaces/u],
    ["requires an account", ["domains", "add"], 2, /missing required argument/u],
    ["rejects an unknown verb", ["domains", "frobnicate"], 2, /unknown command/u],
    ["requires an address", ["--url", "nonsense", "domains", "list"], 2, /https:\/\/HOST/u],
    ["reports an API that does not answer", ["--url", "http://127.0.0.1:9", "domains", "list"], 1, /cannot ask/u],
  ])("%s", async (_name, args, code, said) => {
    const outcome = await admin(...args);
    expect(outcome.err).toMatch(said);
    expect(outcome.code).toBe(code);
    expect(outcome.err).not.toMatch(/\n\s+at /u);
  });
});
