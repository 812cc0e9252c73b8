import { describe, expect, it } from "vitest";
import { housekeepingHandler } from "../../../lambdas/handlers/domains/housekeeping.ts";
import { recentPostsHandler } from "../../../lambdas/handlers/domains/recent-posts.ts";
import type { LoggedEvent } from "../../../lambdas/core/domains/recent-posts.ts";

/** All calls of the use cases, as `name(arguments)`. */
function setting(fails = false) {
  const asked: string[] = [];
  const note =
    (what: string) =>
    (...given: unknown[]) => {
      asked.push(`${what}(${given.join(", ")})`);
      return fails ? Promise.reject(new Error("down")) : Promise.resolve();
    };
  const work = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, note(name)]));
  const handle = housekeepingHandler(
    work("checkLogin", "flooding", "sweep") as never,
    work("loggedIn", "tidy") as never,
  );
  return { asked, handle };
}

describe("a message of the check queue", () => {
  it.each([
    [{ kind: "login", connectionId: "c1" }, "checkLogin(c1)"],
    [{ kind: "flooding", connectionId: "c1" }, "flooding(c1)"],
    [{ kind: "sweep", domain: "pbx.example.com" }, "sweep(pbx.example.com)"],
    [{ kind: "first-login", account: "pbx.example.com", secretId: "s1" }, "loggedIn(pbx.example.com, s1)"],
    [{ kind: "first-login", account: "pbx.example.com" }, "loggedIn(pbx.example.com, )"],
    [{ kind: "tidy", after: "pbx.example.com" }, "tidy(pbx.example.com)"],
    [{ kind: "tidy" }, "tidy()"],
  ])("%j: %s", async (message, expected) => {
    const { asked, handle } = setting();
    await handle(message);
    expect(asked).toEqual([expected]);
  });

  it.each([
    [undefined],
    [{}],
    [{ kind: "other" }],
    [{ kind: "login" }],
    [{ kind: "login", connectionId: 5 }],
    [{ kind: "flooding" }],
    [{ kind: "sweep" }],
    [{ kind: "first-login", secretId: "s1" }],
    [{ kind: "tidy", after: 5 }],
  ])("%j is returned to the queue, and nothing is done", async (message) => {
    const { asked, handle } = setting();
    await expect(handle(message)).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it.each([
    [{ kind: "login", connectionId: "c1" }],
    [{ kind: "flooding", connectionId: "c1" }],
    [{ kind: "sweep", domain: "pbx.example.com" }],
    [{ kind: "first-login", account: "pbx.example.com", secretId: "s1" }],
    [{ kind: "tidy" }],
  ])("%j comes again if it failed", async (message) => {
    await expect(setting(true).handle(message)).rejects.toThrow("down");
  });
});

describe("log events", () => {
  it("are passed on if they are about posts", async () => {
    const taken: (readonly LoggedEvent[])[] = [];
    const { take, flush } = recentPostsHandler({
      take: (events: readonly LoggedEvent[]) => Promise.resolve(void taken.push(events)),
      flush: () => Promise.resolve(5),
    } as never);
    const watch = JSON.stringify({ message: "posts watched", account: "pbx.example.com", time: 5 });
    await take([
      { id: "1", message: "START RequestId: 1" },
      { id: "2", message: watch },
    ] as never);
    expect(taken).toMatchObject([[{ kind: "watch", domain: "pbx.example.com", at: 5 }]]);
    expect(await flush()).toBe(5);
  });
});
