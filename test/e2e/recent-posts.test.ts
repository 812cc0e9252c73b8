import { afterEach, describe, expect, it } from "vitest";
import type { ListedFault } from "../../local/aws/faults.ts";
import {
  addAccount,
  calls,
  clear,
  getJson,
  iosToken,
  postJson,
  pushes,
  quiet,
  useHost,
} from "../support/process/host.ts";
import { openSession, type RawSocket } from "../support/process/raw-socket.ts";
import { eventually, TEST_MS } from "../support/process/waiting.ts";

const host = useHost();
const open: RawSocket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.close();
  await clear(host(), "faults");
});

interface Kept {
  readonly posts?: {
    readonly posts: readonly { readonly account: string; readonly outcome: string; readonly app?: string }[];
    readonly day: { readonly accepted: number; readonly failed: number };
    readonly lastPostAt: Readonly<Record<string, number>>;
    readonly writtenAt: number;
  };
}

/** As `npm run admin -- domains show`. */
const shown = (account: string) => getJson<Kept>(`${host().url}/_local/admin/domain?account=${account}`);
const outcomes = async (account: string) => (await shown(account)).posts?.posts.map(({ outcome }) => outcome);

async function connect(domain: string, account = domain, secret?: string): Promise<RawSocket> {
  const password = secret ?? (await addAccount(host(), domain));
  const socket = await openSession(host(), { account, secret: password });
  open.push(socket);
  return socket;
}

async function post(socket: RawSocket, members: object): Promise<unknown> {
  socket.send({ mt: "PushNotifyPost", src: "1", ...members });
  return socket.next();
}

describe("recent posts", () => {
  it("show an operator good and bad posts of each account and the day's counts, without token or payload", async () => {
    const domain = "kept.example.com";
    const secret = await addAccount(host(), domain);
    const [pbx, master] = [await connect(domain, domain, secret), await connect(domain, `${domain}/master`, secret)];
    await post(pbx, { token: `ios-call:${iosToken("kept")}`, type: "call", data: "ciphertext-of-a-call" });
    await post(master, { token: "unknown-app:1", type: "call" });
    const seen = await eventually(async () => {
      const { posts } = await shown(domain);
      return posts?.posts.length === 2 ? posts : undefined;
    });
    expect(seen.posts).toMatchObject([
      { account: `${domain}/master`, outcome: "UnknownApp" },
      { account: domain, outcome: "accepted", app: "ios-call", kind: "call" },
    ]);
    expect(seen.day).toEqual({ accepted: 1, failed: 1 });
    expect(Object.keys(seen.lastPostAt).sort()).toEqual([domain, `${domain}/master`]);
    expect(seen.writtenAt).toBeGreaterThan(Date.now() - 3_600_000);
    const text = JSON.stringify(seen);
    for (const hidden of [iosToken("kept"), "ciphertext", "unknown-app:1"]) expect(text).not.toContain(hidden);
  });

  it("are complete, once each and in order of time, however the log is delivered", async () => {
    const domain = "worse.example.com";
    const pbx = await connect(domain);
    for (const fault of [
      { service: "logs", error: "ServiceUnavailable", rate: 0.3 },
      { service: "logs", latencyMs: 300, rate: 0.4 },
      { service: "logs", duplicate: true, rate: 0.5 },
      { service: "lambda", operation: "history", error: "Crash", rate: 0.2, count: 3 },
    ])
      expect((await postJson(`${host().url}/_local/faults`, fault)).status).toBe(201);
    const expected: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const good = n % 3 !== 0;
      expected.unshift(good ? "accepted" : "UnknownApp");
      await post(pbx, { token: good ? `ios:${iosToken(`worse-${n}`)}` : "nobody:1", type: "notification" });
    }
    await clear(host(), "faults");
    const day = await eventually(async () => {
      const { posts } = await shown(domain);
      return posts?.posts.length === 12 ? posts.day : undefined;
    });
    expect(await outcomes(domain)).toEqual(expected);
    await quiet(host()); // a second delivery is ignored
    expect((await shown(domain)).posts?.day).toEqual(day);
    expect(day).toEqual({ accepted: 8, failed: 4 });
  });

  it.each([
    ["always fails", { error: "Crash" }],
    ["hangs", { latencyMs: 2 * TEST_MS }],
  ])("neither delay nor lose a post if their function %s, and continue afterwards", async (name, trouble) => {
    const domain = `${name.replace(" ", "-")}.example.com`;
    const pbx = await connect(domain);
    const token = `ios-call:${iosToken(domain)}`;
    const send = (n: number) => post(pbx, { token, type: "call", data: `${domain} ${String(n)}` });
    await send(0); // so that the token is known
    await eventually(async () => ((await outcomes(domain))?.length === 1 ? true : undefined));
    await postJson(`${host().url}/_local/faults`, { service: "lambda", operation: "history", ...trouble });
    await clear(host(), "pushes");
    await clear(host(), "calls");
    const struck = async () => (await getJson<ListedFault[]>(`${host().url}/_local/faults`))[0]?.struck ?? 0;
    // One at a time, each once the function has hit the fault.
    for (let n = 1; n <= 3; n += 1) {
      const before = await struck();
      expect(await send(n)).not.toHaveProperty("err");
      await eventually(async () => ((await struck()) > before ? true : undefined));
    }
    const arrived = async () => (await pushes(host())).filter((push) => push.token === iosToken(domain)).length;
    await eventually(async () => ((await arrived()) >= 3 ? true : undefined));
    expect(await arrived()).toBe(3);
    expect((await calls(host()))["sns.Publish"]).toBe(3);
    expect(await outcomes(domain)).toHaveLength(1);
    await clear(host(), "faults");
    expect(await send(4)).not.toHaveProperty("err");
    await eventually(async () => (((await outcomes(domain))?.length ?? 0) > 1 ? true : undefined));
  });

  it("list domains without a connected PBX, with the time of their last post", async () => {
    const domain = "offline.example.com";
    const pbx = await connect(domain);
    await addAccount(host(), "never.example.com");
    await post(pbx, { token: `ios:${iosToken("offline")}`, type: "notification" });
    await eventually(async () => ((await outcomes(domain))?.length === 1 ? true : undefined));
    const list = async () => {
      const { domains } = await getJson<{ domains: { account: string; lastPostAt?: number }[] }>(
        `${host().url}/_local/admin/domains?offline`,
      );
      return new Map(domains.map(({ account, lastPostAt }) => [account, lastPostAt]));
    };
    expect([...(await list()).keys()]).not.toContain(domain);
    pbx.close();
    const at = await eventually(async () => (await list()).get(domain));
    expect(at).toBeGreaterThan(Date.now() - 3_600_000);
    expect((await list()).has("never.example.com")).toBe(true);
    expect((await list()).get("never.example.com")).toBeUndefined();
  });
});
