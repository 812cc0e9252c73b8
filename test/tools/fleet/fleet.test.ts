import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivals, peakOf, shapeAt } from "../../../tools/fleet/arrivals.ts";
import { ownDomains, sharedSecret } from "../../../tools/fleet/accounts.ts";
import { devicesOf, postFor } from "../../../tools/fleet/devices.ts";
import { latencyRecorder } from "../../../tools/fleet/latencies.ts";
import { fleetPage } from "../../../tools/fleet/report/page.tsx";
import { randomFrom } from "../../../tools/fleet/random.ts";
import { breaches, fleetReport } from "../../../tools/fleet/report/report.ts";
import { runFleet, type FleetOptions } from "../../../tools/fleet/run.ts";
import { newTally, type Outcome } from "../../../tools/fleet/tally.ts";
import { fleet, LOGIN } from "../../support/programs/fleet-command.ts";
import { say, SECRET, useFakeService } from "../../support/process/fake-service.ts";

const service = useFakeService();

const never = new AbortController().signal;
async function options(url: string, changes: Partial<FleetOptions> = {}): Promise<FleetOptions> {
  const { accounts } = await sharedSecret("pbx{n}.example", SECRET, 10)(never);
  return {
    url,
    accounts,
    rampPerSecond: 200,
    durationMs: 1_000,
    rate: 100,
    shape: "flat",
    devices: 3,
    tokens: [],
    payloadBytes: 100,
    keepAliveMs: 0,
    resultMs: 60_000, // only catches hangs
    dropsPerMinute: 0,
    seed: 7,
    ...changes,
  };
}

describe("the times of posts", () => {
  it("have the configured rate on average and follow the shape of a day", () => {
    const times = [...arrivals(100, 60_000, "day", randomFrom(1))];
    expect(times.length).toBeGreaterThan(5_500);
    expect(times.length).toBeLessThan(6_500);
    const within = (from: number, to: number) => times.filter((at) => at >= from * 2_500 && at < to * 2_500).length;
    expect(within(9, 11)).toBeGreaterThan(10 * within(2, 4)); // 2.5 s are an hour
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times).toEqual([...arrivals(100, 60_000, "day", randomFrom(1))]);
    expect([...arrivals(0, 60_000, "flat", randomFrom(1))]).toEqual([]);
  });

  it("never exceed the peak, with a mean of 1 over the day", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 2, noNaN: true }), (progress) => {
        expect(shapeAt("day", progress)).toBeGreaterThan(0);
        expect(shapeAt("day", progress)).toBeLessThanOrEqual(peakOf("day"));
      }),
    );
    const mean = Array.from({ length: 2_400 }, (_, i) => shapeAt("day", i / 2_400)).reduce((a, b) => a + b) / 2_400;
    expect(mean).toBeCloseTo(1, 6);
  });

  it("go to made-up phones of every app, each with only the types its app supports", () => {
    const random = randomFrom(3);
    const posts = devicesOf([], 200, random).map((device) => postFor(device, "1", 10, random));
    const seen = new Set(posts.map(({ token, type }) => `${token.slice(0, token.indexOf(":"))} ${type}`));
    expect([...seen].sort()).toEqual(["android call", "android notification", "ios notification", "ios-call call"]);
    expect(devicesOf(["a", "b"], 200, random).map(({ token }) => token)).toEqual(["a", "b"]);
  });
});

describe("latencies", () => {
  it("are summarized and sorted into buckets without losing one", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 50_000, noNaN: true }), { minLength: 1 }), (values) => {
        const recorder = latencyRecorder();
        values.forEach((value) => recorder.record(value));
        const { count, max, p50, p99 } = recorder.summary();
        const buckets = recorder.buckets();
        expect(count).toBe(values.length);
        expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(values.length);
        expect(max).toBeGreaterThanOrEqual(Math.max(...values) * 0.998 - 0.001);
        expect(p50).toBeLessThanOrEqual(p99);
      }),
    );
    expect(latencyRecorder().summary()).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });
});

describe("a run", () => {
  it("sends every post once, reports each outcome and closes all connections", async () => {
    const push = await service();
    const outcomes: Outcome[] = [];
    const run = await runFleet(await options(push.url, { onPost: (_, outcome) => outcomes.push(outcome) }));
    const { posts, connections, violations } = run.tally;
    const posting = run.posting.to.getTime() - run.posting.from.getTime();
    expect(posting).toBeGreaterThan(500); // of 1 s, without the ramp
    expect(posting).toBeLessThan(run.seconds * 1_000);
    const arrived = push.bodies("PushNotifyPost");
    expect(posts).toMatchObject({
      sent: arrived.length,
      taken: arrived.length,
      refused: 0,
      timedOut: 0,
      closed: 0,
      unsent: 0,
    });
    expect(outcomes).toHaveLength(arrived.length);
    expect(arrived.length).toBeGreaterThan(60);
    expect(new Set(arrived.map(({ id }) => id)).size).toBe(arrived.length);
    expect(connections).toMatchObject({ reached: 10, connects: 10, logins: 10, ended: 0, dropped: 0 });
    expect(new Set(push.bodies("AppLogin").map(({ domain }) => domain)).size).toBe(10);
    expect(violations.size).toBe(0);
    expect(run.tally.spans.reduce((sum, { taken }) => sum + taken, 0)).toBe(posts.taken);
    await expect.poll(() => push.sockets.size).toBe(0);
  });

  it("starts to post only after the settling time that follows the last login", async () => {
    const push = await service();
    const begun = Date.now();
    const run = await runFleet(await options(push.url, { settleMs: 700 }));
    expect(run.posting.from.getTime() - begun).toBeGreaterThanOrEqual(700);
    expect(run.tally.posts.taken).toBeGreaterThan(60);
  });

  it("counts errs, lost results and duplicates, and reports them as broken thresholds", async () => {
    let number = 0;
    const push = await service({
      answers: {
        PushNotifyPost: ({ src }, s) => {
          number += 1;
          if (number % 10 === 1) return; // never answered
          say(s, { mt: "PushNotifyPostResult", src, ...(number % 10 === 2 && { err: "Uninstalled" }) });
          if (number % 10 === 3) say(s, { mt: "PushNotifyPostResult", src });
        },
      },
    });
    const settings = await options(push.url, { resultMs: 5_000 });
    const run = await runFleet(settings);
    const { posts } = run.tally;
    expect(posts.timedOut).toBe(Math.ceil(posts.sent / 10));
    expect(run.tally.errs.get("Uninstalled")).toBe(posts.refused);
    expect(posts.taken + posts.refused + posts.timedOut).toBe(posts.sent);
    const { broken } = fleetReport(settings, run, { maxErrRate: 0.01 });
    expect(broken.join()).toMatch(/posts without result,\d+ breaches of the protocol,err rate/u);
  });

  it("reconnects what it drops itself and what the service drops", async () => {
    const push = await service();
    const cut = setTimeout(() => push.sockets.forEach((socket) => socket.close(1001, "two hours")), 600);
    const run = await runFleet(await options(push.url, { durationMs: 3_500, rate: 50, dropsPerMinute: 120 }));
    clearTimeout(cut);
    const { connections, posts, failures } = run.tally;
    expect(connections.dropped).toBeGreaterThan(0);
    expect(failures.get("ended: 1001 two hours")).toBe(connections.ended);
    expect(connections.ended).toBeGreaterThan(5);
    expect(connections.logins).toBeGreaterThan(10);
    expect(posts.taken + posts.closed + posts.cut).toBe(posts.sent);
  });

  it("ends early on its signal, and waits for posts in flight", async () => {
    const end = new AbortController();
    let number = 0;
    const push = await service({
      answers: {
        PushNotifyPost({ src }, s) {
          number += 1;
          if (number === 20) end.abort();
          setTimeout(() => say(s, { mt: "PushNotifyPostResult", src }), 200);
        },
      },
    });
    const { tally } = await runFleet(await options(push.url, { durationMs: 3_600_000, signal: end.signal }));
    expect(tally.posts.taken).toBe(tally.posts.sent);
    expect(tally.posts.sent).toBeGreaterThanOrEqual(20);
  });
});

describe("the verdict", () => {
  const tally = (outcomes: readonly Outcome[]) => {
    const counted = newTally();
    outcomes.forEach((outcome) => counted.ended(outcome));
    counted.connections.reached = 3;
    return counted;
  };
  it.each<[string, readonly Outcome[], object, number]>([
    ["good", [{ kind: "taken", ms: 5 }], { maxP99: 6, maxErrRate: 0 }, 0],
    ["accepts errs without a threshold", [{ kind: "refused", err: "x", ms: 5 }], {}, 0],
    ["does not count posts on connections we cut as lost", [{ kind: "cut" }], {}, 0],
    ["lost", [{ kind: "lost", why: "closed" }], {}, 1],
    ["slow", [{ kind: "taken", ms: 7 }], { maxP99: 6 }, 1],
    [
      "errs",
      [
        { kind: "taken", ms: 7 },
        { kind: "refused", err: "x", ms: 1 },
      ],
      { maxErrRate: 0.4 },
      1,
    ],
  ])("%s", (_, outcomes, thresholds, number) => {
    expect(breaches(tally(outcomes), 3, thresholds)).toHaveLength(number);
  });

  it("counts PBXes that never logged in", () => {
    expect(breaches(tally([]), 5, {})).toEqual(["2 of 5 PBXes never logged in"]);
  });
});

describe("accounts", () => {
  const operator = (calls: string[], failAt = Infinity, status = 500) =>
    service({
      http: (request, response) => {
        calls.push(`${request.method} ${request.url}`);
        if (calls.length === failAt) return void response.writeHead(status).end();
        if (request.method === "DELETE") return void response.writeHead(204).end();
        response.writeHead(201).end(JSON.stringify({ account: "as asked", secret: SECRET }));
      },
    });

  it("are created through the operator's API and deleted at the end", async () => {
    const calls: string[] = [];
    const push = await operator(calls);
    const { accounts, release } = await ownDomains(push.url, 20)(never);
    expect(new Set(accounts.map(({ account }) => account)).size).toBe(20);
    expect(accounts[0]).toMatchObject({
      account: expect.stringMatching(/^pbx1\.fleet-\w+\.example$/u) as string,
      secret: SECRET,
    });
    await release();
    expect(calls.filter((call) => call === "POST /_local/admin/domains")).toHaveLength(20);
    const deleted = accounts.map(({ account }) => `DELETE /_local/admin/domain?account=${account}`);
    expect(calls.slice(20).sort()).toEqual(deleted.sort());
  });

  it("share domains, with fewer accounts in the last one", async () => {
    const calls: string[] = [];
    const shares: number[] = [];
    const push = await operator(calls);
    const { accounts, release } = await ownDomains(push.url, 45, 20)(never, (share) => shares.push(share));
    expect(accounts).toHaveLength(45);
    const perDomain = accounts.reduce<Record<string, number>>((sum, { account }) => {
      const [domain = "", number] = account.split("/");
      expect(Number(number)).toBe((sum[domain] ?? 0) + 1);
      return { ...sum, [domain]: (sum[domain] ?? 0) + 1 };
    }, {});
    expect(Object.values(perDomain).sort()).toEqual([20, 20, 5]);
    expect(shares).toEqual([1 / 3, 2 / 3, 1]);
    await release();
    expect(calls.slice(3).sort()).toEqual(
      Object.keys(perDomain)
        .map((domain) => `DELETE /_local/admin/domain?account=${domain}`)
        .sort(),
    );
  });

  it("are requested again when the API throttles", async () => {
    const calls: string[] = [];
    const push = await operator(calls, 5, 429);
    const { accounts } = await ownDomains(push.url, 20)(never);
    expect(accounts).toHaveLength(20);
    expect(calls).toHaveLength(21);
  });

  it("are deleted if not all could be created", async () => {
    const calls: string[] = [];
    const push = await operator(calls, 15);
    await expect(ownDomains(push.url, 20)(never)).rejects.toMatchObject({ kind: "refused", error: "500" });
    const added = calls.filter((call) => call.startsWith("POST")).length;
    expect(calls.filter((call) => call.startsWith("DELETE"))).toHaveLength(added - 1);
  });
});

describe("the command", () => {
  it.each([
    ["another machine", ["--url", "https://push.example.com/push/ws", ...LOGIN], "--yes-this-is-mine"],
    [
      "tokens made up for another machine",
      ["--url", "https://push.example.com/push/ws", "--yes-this-is-mine", ...LOGIN],
      "needs --account and --token",
    ],
    [
      "accounts made up for another machine",
      ["--url", "https://push.example.com/push/ws", "--yes-this-is-mine", "--token", "android:x"],
      "needs --account and --token",
    ],
    ["an account without secret", ["--account", "a"], "--secret"],
    ["too many", ["--pbxes", "100000"], "from 1 to 5000"],
    ["half a PBX", ["--pbxes", "1.5"], "whole number"],
    ["no PBX in a domain", ["--per-domain", "0"], "from 1 to 1000"],
    ["no shape", ["--shape", "moon"], "Allowed choices"],
  ])("2: %s", async (_, args, words) => {
    const { code, text } = await fleet(args);
    expect(code).toBe(2);
    expect(text).toContain(words);
  });

  it("1: a threshold was broken; 3: no PBX could log in", async () => {
    const push = await service();
    const load = ["--url", push.url, "--pbxes", "2", "--duration", "1", "--rate", "20"];
    const slow = await fleet([...load, "--account", "pbx{n}.example", "--secret", "-", "--max-p99", "0.0001"], SECRET);
    expect(slow.code).toBe(1);
    expect(slow.report.broken[0]).toMatch(/^p99 is/u);
    const refused = await fleet([...load, "--account", "a", "--secret", "wrong"]);
    expect(refused.code).toBe(3);
    expect(refused.report.connections.logins).toBe(0);
    expect(Object.keys(refused.report.failures)).toEqual(["login refused: Denied (no)"]);
  });

  it("escapes text from the service in its page", async () => {
    const push = await service({
      answers: {
        PushNotifyPost: ({ src }, s) => say(s, { mt: "PushNotifyPostResult", src, err: "<script>alert(1)</script>" }),
      },
    });
    const settings = await options(push.url);
    expect(fleetPage(fleetReport(settings, await runFleet(settings), {}))).not.toContain("<script");
  });
});
