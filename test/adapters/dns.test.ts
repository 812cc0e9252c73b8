import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dnsTxtRecords } from "../../lambdas/adapters/dns.ts";
import { DependencyError } from "../../lambdas/ports/errors.ts";
import { startNameServer, type NameServer } from "../support/aws/name-server.ts";
import { failsAfter, holdTimeLimits } from "../support/values/time-limits.ts";

holdTimeLimits();
let server: NameServer;
beforeAll(async () => {
  server = await startNameServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.silent = false;
});

describe("TXT records", () => {
  it("are all found, each as one string", async () => {
    server.txt.set("_push-challenge.found.example.com", ["one", ["in ", "two pieces"]]);
    const found = await dnsTxtRecords(server.address).find("_push-challenge.found.example.com");
    expect([...found].sort()).toEqual(["in two pieces", "one"]);
  });

  it.each(["_push-challenge.unknown.example.com", "_push-challenge.empty.example.com"])(
    "are none at %s",
    async (name) => {
      server.txt.set("_push-challenge.empty.example.com", []);
      expect(await dnsTxtRecords(server.address).find(name)).toEqual([]);
    },
  );

  it("time out after 5 s, however many name servers there are", async () => {
    server.silent = true;
    const asked = dnsTxtRecords([server.address, server.address].join(",")).find("_push-challenge.silent.example.com");
    expect(await failsAfter(5_000, asked)).toMatchObject({
      name: "DependencyError",
      kind: "timeout",
      code: "ECANCELLED",
      operation: "dns.resolveTxt",
    });
  });

  it("are unreachable if no name server answers", async () => {
    const asked = dnsTxtRecords("127.0.0.1:9").find("_push-challenge.example.com");
    await expect(asked).rejects.toBeInstanceOf(DependencyError);
    await expect(asked).rejects.toMatchObject({
      operation: "dns.resolveTxt",
      kind: "unavailable",
      code: "ECONNREFUSED",
    });
  });
});
