import { describe, expect, it } from "vitest";
import { ApiError, type Api } from "../../bin/admin/api.ts";
import { importLines, type Outcome } from "../../bin/admin/import.ts";
import { adminProgram } from "../../bin/admin/program.ts";
import type { ListedDomain } from "../../lambdas/handlers/admin/wire.ts";
import { useFakeService } from "../support/process/fake-service.ts";
import { runHere } from "../support/process/in-process.ts";

const domain = (account: string, more: Partial<ListedDomain> = {}): ListedDomain => ({
  account,
  state: "active",
  origin: "operator",
  secrets: { current: { id: "s", issuedAt: 0 } },
  createdAt: 0,
  changedAt: 0,
  version: 1,
  ...more,
});
const line = (account: string, more: object = {}) => JSON.stringify({ account, ...more });

/** The operator's API, which creates each domain unless `refuse` returns an error. */
async function imported(
  lines: readonly string[],
  there: readonly ListedDomain[] = [],
  refuse: (account: string) => Error | undefined = () => undefined,
) {
  const asked: unknown[] = [];
  const api: Api = {
    call: (method, path, { body, query } = {}) => {
      asked.push(body ?? query);
      const { account } = (body ?? query) as { account: string };
      const error = refuse(account);
      if (error !== undefined && method === "POST") return Promise.reject(error);
      const found = { ...domain(account.toLowerCase()), owner: "there@example.com" };
      return Promise.resolve((path === "/domain" ? found : { ...domain(account), secret: "new", url: "u" }) as never);
    },
  };
  const outcomes: Outcome[] = [];
  const control = new AbortController();
  const known = new Map(there.map((each) => [each.account, each]));
  const options = {
    api,
    there: known,
    rate: 1_000,
    signal: control.signal,
    onOutcome: (each: Outcome) => outcomes.push(each),
  };
  return { ...(await importLines(lines, options)), outcomes, asked };
}

describe("domains export", () => {
  const fake = useFakeService();

  it("fails if the file cannot be written completely", async () => {
    const domains = JSON.stringify({ domains: [domain("a.example")] });
    const { url } = await fake({ http: (_, response) => void response.end(domains) });
    expect(await runHere(adminProgram(), ["--url", url, "domains", "export", "/dev/full"])).toEqual({
      code: 1,
      out: "",
      err: "/dev/full: no space left on device\n",
    });
  });
});

describe("importLines", () => {
  it("adds missing domains, lines of an export included, and shows each secret", async () => {
    const { outcomes, asked, ...done } = await imported([
      line("a.example", { owner: "x@a.example", origin: "mail", createdAt: 5 }),
      line("b.example", { secret: "given", state: "suspended" }),
    ]);
    expect(done).toEqual({ left: [], added: 2, unchanged: 0 });
    expect(outcomes[0]).toEqual({ account: "a.example", url: "u", secret: "new" });
    expect(asked).toEqual([
      { account: "a.example", owner: "x@a.example", proof: "none" },
      { account: "b.example", secret: "given", state: "suspended" },
    ]);
  });

  it("skips a line that matches an existing domain, and fails one that differs from it, without a request", async () => {
    const there = [domain("a.example", { owner: "x@a.example" })];
    const lines = [
      line("A.example", { owner: "X@a.example", state: "active" }),
      line("a.example", { owner: "y@a.example" }),
      line("a.example", { state: "suspended" }),
    ];
    const { outcomes, asked, ...done } = await imported(lines, there);
    expect(asked).toEqual([]);
    expect(done).toEqual({ left: lines.slice(1), added: 0, unchanged: 1 });
    expect(outcomes).toEqual([
      { account: "A.example", unchanged: true },
      expect.objectContaining({
        error: "exists",
        message: "is there already, with owner x@a.example: nothing was changed",
      }),
      expect.objectContaining({ error: "exists", message: "is there already, with state active: nothing was changed" }),
    ]);
  });

  it("adds a repeated line only once", async () => {
    const { added, unchanged, asked } = await imported([line("a.example"), line("a.example")]);
    expect([added, unchanged, asked.length]).toEqual([1, 1, 1]);
  });

  it("compares a line with a domain that was added meanwhile", async () => {
    const exists = () => new ApiError("exists", "This account exists already.");
    const { unchanged, left } = await imported(
      [line("a.example"), line("b.example", { owner: "o@b.example" })],
      [],
      exists,
    );
    expect([unchanged, left]).toEqual([1, [line("b.example", { owner: "o@b.example" })]]);
  });

  it("returns failed lines unchanged, including malformed ones", async () => {
    const lines = ["{", line("a.example"), line("b.example", { state: "gone" }), line("c.example")];
    const refuse = (account: string) =>
      account === "a.example" ? new ApiError("secret", "The secret is empty.") : undefined;
    const { left, added, outcomes } = await imported(lines, [], refuse);
    expect([left, added]).toEqual([lines.slice(0, 3), 1]);
    expect(outcomes.map((each) => ("error" in each ? each.error : "added"))).toEqual([
      "malformed",
      "secret",
      "malformed",
      "added",
    ]);
  });

  it.each(["unreachable", "credentials", "http-403"])(
    "stops on %s and returns that line and all after it",
    async (error) => {
      const lines = ["a", "b", "c"].map((name) => line(`${name}.example`));
      const refuse = (account: string) => (account === "b.example" ? new ApiError(error, "no answer") : undefined);
      const { left, added, ended, asked } = await imported(lines, [], refuse);
      expect([left, added, asked.length]).toEqual([lines.slice(1), 1, 2]);
      expect(ended).toMatchObject({ error, message: expect.stringContaining("no answer") as string });
    },
  );

  it("returns all lines if it is interrupted before the first", async () => {
    const lines = [line("a.example")];
    const onOutcome = () => expect.fail("nothing is tried");
    const api: Api = { call: () => expect.fail("nothing is asked") };
    const done = await importLines(lines, { api, there: new Map(), rate: 1, signal: AbortSignal.abort(), onOutcome });
    expect(done).toMatchObject({ left: lines, added: 0, ended: { name: "AbortError" } });
  });
});
