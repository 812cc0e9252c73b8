import { describe, expect, it } from "vitest";
import type { Claim, Domain } from "../../../lambdas/core/domains/domain.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { lookUpRecord, recordOf } from "../../../lambdas/usecases/domains/look-up-record.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";

const DOMAIN = "pbx.example.com";
const NAME = "_push-challenge.pbx.example.com";

/** Name servers with this answer, and the names they were asked for. */
function services(answer: readonly string[] | Error) {
  const asked: string[] = [];
  const telemetry = rememberingTelemetry();
  const find = (name: string) => {
    asked.push(name);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, telemetry, ports: { txtRecords: { find }, telemetry } };
}

describe("the TXT record of a proof", () => {
  it.each([
    ["found", ["v=spf1 -all", "value"]],
    ["missing", ["value of another"]],
    ["missing", []],
  ])("is %s among %j", async (kind, values) => {
    const { ports, asked } = services(values);
    expect(await lookUpRecord(ports, `${DOMAIN}/master`, "value")).toEqual({ kind, values });
    expect(asked).toEqual([NAME]);
  });

  it("is unreachable if the name servers do not answer, which is logged", async () => {
    const { ports, telemetry } = services(new DependencyError("dns.resolveTxt", "timeout"));
    expect(await lookUpRecord(ports, DOMAIN, "value")).toEqual({ kind: "unreachable", values: [] });
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "warn", message: "name servers do not answer", account: DOMAIN, error: "dns.resolveTxt: timeout" },
    ]);
  });

  it("throws unexpected errors", async () => {
    const { ports, telemetry } = services(new Error("a bug"));
    await expect(lookUpRecord(ports, DOMAIN, "value")).rejects.toThrow("a bug");
    expect(telemetry.lines).toEqual([]);
  });
});

describe("the record that made a claim", () => {
  const claimed = (claim?: Partial<Claim>) => ({ account: DOMAIN, ...(claim && { claim }) }) as Domain;

  it.each([
    ["found", "value"],
    ["missing", "another"],
  ])("is %s by its text %s", async (kind, value) => {
    expect(await recordOf(services(["value"]).ports, claimed({ value }))).toBe(kind);
  });

  it.each([claimed(), claimed({})])("is missing, and not looked up, if none is known: %j", async (domain) => {
    const { ports, asked } = services([]);
    expect([await recordOf(ports, domain), asked]).toEqual(["missing", []]);
  });
});
