import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { slotOf } from "../../../../lambdas/core/pbx/refused-logins.ts";
import { refusedLoginsOf } from "../../../../lambdas/usecases/pbx/connection-details.ts";
import { NOON } from "../../../support/values/clock.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
let dynamo: TestDynamo | undefined;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(async () => dynamo?.stop());

function stores() {
  if (dynamo === undefined) throw new Error("not started");
  const table = dynamo.tables.sessions;
  return { sessions: dynamoSessions(dynamo.clients.lean, table), sockets: dynamoSockets(dynamo.clients.sdk, table) };
}

const DOMAIN = "pbx.example.com";
const OWN = { account: `${DOMAIN}/master`, source: "198.51.100.7", reason: "old-password" } as const;
const rowOf = (source: string) => slotOf({ account: "", source }).split(".")[0];

describe("refused logins in DynamoDB", () => {
  it("stay bounded, and those of a PBX visible, while others invent accounts and domains", async () => {
    const { sessions, sockets } = stores();
    await sessions.keepRefusedLogin({ ...OWN, at: NOON });
    const sources = Array.from({ length: 400 }, (_, nth) => `203.0.${nth % 100}.${nth}`).filter(
      (source) => rowOf(source) !== rowOf(OWN.source),
    );
    const invented = Array.from({ length: 1_500 }, (_, nth) => ({
      account: nth % 5 === 0 ? `invented${nth}.example.com` : `${DOMAIN}/${nth}`,
      source: sources[nth % sources.length] ?? "",
      at: NOON + nth,
      reason: nth % 5 === 0 ? ("unknown" as const) : ("wrong-password" as const),
    }));
    for (let start = 0; start < invented.length; start += 50) {
      await Promise.all(invented.slice(start, start + 50).map((refusal) => sessions.keepRefusedLogin(refusal)));
    }
    const kept = await sockets.refusedLogins(DOMAIN);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThanOrEqual(256);
    expect(await sockets.refusedLogins("invented0.example.com")).toEqual([]);
    expect(await refusedLoginsOf(sockets, DOMAIN, 32)).toContainEqual({ ...OWN, at: NOON, refusals: 1 });
    expect(await refusedLoginsOf(sockets, OWN.account, 32)).toEqual([{ ...OWN, at: NOON, refusals: 1 }]);
  });
});
