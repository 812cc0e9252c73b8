import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DeviceRow } from "../../bin/rebuild/device.ts";
import { triage } from "../../bin/rebuild/device.ts";
import { regionOf } from "../../bin/rebuild/place.ts";
import { nothing, rebuild, type Cursor, type Options, type Ports, type Progress } from "../../bin/rebuild/rebuild.ts";
import { stateFile } from "../../bin/rebuild/state.ts";
import { DependencyError, type FailureKind } from "../../lambdas/ports/errors.ts";
import { virtualClock } from "../support/values/clock.ts";

const clock = virtualClock();

const application = { platform: "APNS", applicationArn: "arn:aws:sns:eu-west-1:1:app/APNS/new-ios" } as const;
const place = { applications: new Map([["ios", application]]) };
const OLD = "arn:aws:sns:eu-central-1:1:endpoint/APNS/old-ios/1";
const row = (pk: string, more: Partial<DeviceRow> = {}): DeviceRow => ({
  pk,
  app: "ios",
  endpointArn: OLD,
  token: `sealed ${pk}`,
  gone: false,
  ...more,
});

/** A table of pages, and a channel that accepts every token; parts can be replaced. */
function services(pages: readonly (readonly DeviceRow[])[]) {
  const moved = new Map<string, readonly [endpointArn: string, token: string]>();
  const registered: number[] = [];
  const ports: Ports = {
    devices: {
      page: (after) => {
        const index = Number(after?.["page"] ?? 0);
        const next = index + 1 < pages.length ? { page: index + 1 } : undefined;
        return Promise.resolve({ rows: pages[index] ?? [], next });
      },
      move: ({ pk }, endpointArn, token) => {
        moved.set(pk, [endpointArn, token]);
        return Promise.resolve(true);
      },
    },
    dispatcher: {
      register: (_, device) => {
        registered.push(clock.now());
        return Promise.resolve(`arn:new/${device}`);
      },
    },
    open: (sealed) => Promise.resolve(sealed.replace("sealed", "token")),
    seal: (token) => `resealed ${token}`,
  };
  return { ports, moved, registered };
}

const run = (ports: Ports, more: Partial<Options> = {}) => {
  const usual: Options = {
    place,
    rate: 1_000,
    dryRun: false,
    from: undefined,
    onPage: () => undefined,
    signal: new AbortController().signal,
    clock,
  };
  return clock.run(rebuild(ports, { ...usual, ...more }));
};

const failing = (kind: FailureKind, times = Infinity) => {
  let left = times;
  return <T>(value: T): Promise<T> =>
    left-- > 0 ? Promise.reject(new DependencyError("sns.CreatePlatformEndpoint", kind)) : Promise.resolve(value);
};

describe("triage", () => {
  it.each<[string, DeviceRow, string]>([
    ["an endpoint elsewhere", row("a"), "rebuild"],
    ["an endpoint here", row("a", { endpointArn: "arn:aws:sns:eu-west-1:1:endpoint/APNS/new-ios/2" }), "current"],
    [
      "an endpoint of an application whose name only begins the same",
      row("a", { endpointArn: "arn:aws:sns:eu-west-1:1:endpoint/APNS/new-ios-2/2" }),
      "rebuild",
    ],
    ["an app that does not exist here", row("a", { app: "android" }), "without app"],
    ["a phone whose app is gone", row("a", { gone: true }), "gone"],
    ["no token", row("a", { token: undefined }), "without token"],
  ])("%s", (_, device, fate) => {
    expect(triage(device, place)).toBe(fate);
  });
});

describe("rebuild", () => {
  it("reads all pages and seals each token again", async () => {
    const { ports, moved } = services([[row("a"), row("b", { gone: true })], [], [row("c")]]);
    expect(await run(ports)).toEqual({ counts: { ...nothing, rebuilt: 2, gone: 1 }, cursor: undefined });
    expect(Object.fromEntries(moved)).toEqual({
      a: ["arn:new/token a", "resealed token a"],
      c: ["arn:new/token c", "resealed token c"],
    });
  });

  it("only counts in a dry run", async () => {
    const { ports, moved, registered } = services([[row("a")]]);
    const open = () => Promise.reject(new Error("opened"));
    expect((await run({ ...ports, open }, { dryRun: true })).counts.rebuilt).toBe(1);
    expect([moved.size, registered.length]).toEqual([0, 0]);
  });

  it("keeps to the rate", async () => {
    const { ports, registered } = services([Array.from({ length: 11 }, (_, i) => row(String(i)))]);
    await run(ports, { rate: 50 });
    const [first = 0] = registered;
    expect(registered.map((at) => at - first)).toEqual(Array.from({ length: 11 }, (_, nth) => nth * 20));
  });

  it("stops after the current page, and resumes from there", async () => {
    const { ports, moved } = services([[row("a")], [row("b")]]);
    const control = new AbortController();
    const pages: Progress[] = [];
    const broken = await run(ports, {
      signal: control.signal,
      onPage: (page) => {
        pages.push(page);
        control.abort();
      },
    });
    expect([broken.cursor, [...moved.keys()]]).toEqual([{ page: 1 }, ["a"]]);
    expect(pages).toEqual([broken]);
    expect(await run(ports, { from: broken })).toEqual({ counts: { ...nothing, rebuilt: 2 }, cursor: undefined });
    expect([...moved.keys()]).toEqual(["a", "b"]);
  });

  it.each<[string, Partial<Ports>, keyof typeof nothing]>([
    ["a token that the key cannot decrypt", { open: () => Promise.resolve(undefined) }, "unreadable"],
    ["a token that SNS refuses", { dispatcher: { register: () => Promise.resolve(undefined) } }, "refused"],
    ["a channel that stays throttled", { dispatcher: { register: () => failing("throttled")("arn") } }, "failed"],
    ["a key that may not be used", { open: () => failing("rejected")("x") }, "failed"],
  ])("counts %s and continues", async (_, part, fate) => {
    const { ports, moved } = services([[row("a")], [row("b", { gone: true })]]);
    expect((await run({ ...ports, ...part })).counts).toEqual({ ...nothing, [fate]: 1, gone: 1 });
    expect(moved.size).toBe(0);
  });

  it("retries a throttled call, but not a refused one", async () => {
    const { ports } = services([[row("a")]]);
    const throttled = failing("throttled", 3);
    expect((await run({ ...ports, dispatcher: { register: () => throttled("arn") } })).counts.rebuilt).toBe(1);
    let asked = 0;
    const open = () => {
      asked += 1;
      return failing("rejected")("x");
    };
    await run({ ...ports, open });
    expect(asked).toBe(1);
  });

  it("does not overwrite a row that a post has changed meanwhile", async () => {
    const { ports } = services([[row("a")]]);
    const devices = { ...ports.devices, move: () => Promise.resolve(false) };
    expect((await run({ ...ports, devices })).counts).toEqual({ ...nothing, changed: 1 });
  });

  it("throws if the table cannot be read", async () => {
    const { ports } = services([]);
    const devices = {
      ...ports.devices,
      page: () => failing("rejected")({ rows: [], next: undefined as Cursor | undefined }),
    };
    await expect(run({ ...ports, devices })).rejects.toThrow(DependencyError);
  });
});

describe("state", () => {
  it("is kept for one table until the rebuild is complete", () => {
    const directory = mkdtempSync(join(tmpdir(), "push-rebuild-"));
    const file = join(directory, "deep", "state.json");
    const state = stateFile(file, "core");
    expect(state.read()).toBeUndefined();
    const progress = { cursor: { pk: "DEVICE#a", sk: "DEVICE" }, counts: { ...nothing, rebuilt: 3 } };
    state.write(progress);
    expect(state.read()).toEqual(progress);
    expect(() => stateFile(file, "other").read()).toThrow(`${file} is not of table other: remove it to start over`);
    state.write({ ...progress, cursor: undefined });
    expect(state.read()).toBeUndefined();
    writeFileSync(file, "half a fi");
    expect(() => state.read()).toThrow("remove it");
    rmSync(directory, { recursive: true });
  });
});

it.each([
  ["arn:aws:kms:eu-west-1:123456789012:key/mrk-1234", "eu-west-1"],
  ["arn:aws-cn:kms:cn-north-1:123456789012:key/0-1", "cn-north-1"],
  ["arn:aws:kms:eu-west-1:123456789012:alias/x", undefined],
  ["key", undefined],
])("reads the Region of %s", (arn, region) => expect(regionOf(arn)).toBe(region));
