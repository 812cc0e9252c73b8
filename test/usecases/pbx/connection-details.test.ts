import { describe, expect, it } from "vitest";
import type { LoggedInConnection } from "../../../lambdas/core/pbx/connection.ts";
import type { KeptRefusedLogin } from "../../../lambdas/core/pbx/refused-logins.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";

import { refusedLoginsOf, withActivity } from "../../../lambdas/usecases/pbx/connection-details.ts";

const connection = (connectionId: string): LoggedInConnection => ({
  connectionId,
  connectedAt: 1,
  source: "192.0.2.1",
  login: { account: "pbx.example.com", domain: "pbx.example.com", secretId: "s", at: 1 },
});

describe("the last activity of sockets", () => {
  it("is read for 50 at most; one that is gone or unreadable stays as it is", async () => {
    const all = Array.from({ length: 52 }, (_, n) => connection(`c${n}`));
    const asked: string[] = [];
    const details = await withActivity(
      {
        lastActiveAt(id) {
          asked.push(id);
          if (id === "c1") return Promise.resolve(undefined);
          return id === "c2" ? Promise.reject(new DependencyError("test.Call", "throttled")) : Promise.resolve(7);
        },
      },
      all,
    );
    expect(asked).toEqual(all.slice(0, 50).map(({ connectionId }) => connectionId));
    expect(details).toStrictEqual(
      all.map((each, n) => (n === 1 || n === 2 || n >= 50 ? each : { ...each, lastActiveAt: 7 })),
    );
  });

  it("throws unexpected errors", async () => {
    const bug = new Error("a bug");
    await expect(withActivity({ lastActiveAt: () => Promise.reject(bug) }, [connection("c")])).rejects.toBe(bug);
  });
});

describe("refused logins", () => {
  const refused = (account: string, at: number): KeptRefusedLogin => ({
    account,
    source: "192.0.2.1",
    at,
    reason: "wrong-password",
    refusals: 1,
  });
  const kept = [refused("pbx.example.com", 3), refused("pbx.example.com/a", 2), refused("pbx.example.com/b", 1)];
  const sockets = { refusedLogins: (domain: string) => Promise.resolve(domain === "pbx.example.com" ? kept : []) };

  it.each([
    ["pbx.example.com", [3, 2, 1]],
    ["pbx.example.com/a", [2]],
    ["pbx.example.com/c", []],
    ["other.example.com", []],
  ])("of %s are its own, for a domain with those of all its accounts", async (key, times) => {
    expect((await refusedLoginsOf(sockets, key, 10)).map(({ at }) => at)).toEqual(times);
  });

  it("are as many as requested", async () =>
    expect(await refusedLoginsOf(sockets, "pbx.example.com", 2)).toHaveLength(2));
});
