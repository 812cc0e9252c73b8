import { describe, expect, it } from "vitest";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { connectionCloser } from "../../../lambdas/usecases/domains/close-connections.ts";
import { operatorServices as services } from "../../support/services/operator.ts";

const DOMAIN = "pbx.example.com";
const ME = "operator test";

describe("closing a connection that fails", () => {
  async function suspended(closing: (id: string) => Promise<void>, loggingOut?: (id: string) => Promise<void>) {
    const setting = services();
    const { domain } = await setting.add(DOMAIN);
    for (const id of ["c1", "c2", "c3"]) setting.logIn(id, DOMAIN, domain.secrets.current.id);
    const { close, logOut } = setting.sockets;
    const sockets = {
      ...setting.sockets,
      close: async (id: string) => (await closing(id), close(id)),
      logOut: async (id: string) => (await loggingOut?.(id), logOut(id)),
    };
    await setting.office.suspend(DOMAIN, ME);
    for (const id of ["c1", "c2", "c3"]) setting.logIn(id, DOMAIN, domain.secrets.current.id);
    setting.sockets.closed.length = 0;
    return { ...setting, watch: connectionCloser({ ...setting, sockets }) };
  }
  const failsFor = (bad: string) => (id: string) =>
    id === bad ? Promise.reject(new DependencyError("test.Call", "unavailable")) : Promise.resolve();

  it("still ends the login, closes the others, and is tried again", async () => {
    const { watch, sockets, checked, telemetry } = await suspended(failsFor("c1"));
    expect(await watch.sweep(DOMAIN)).toBe(3);
    expect(
      telemetry.lines.filter((line) => line.includes("not closed")).map((line) => JSON.parse(line) as object),
    ).toEqual([
      {
        level: "warn",
        message: "connection not closed, it is tried again",
        connectionId: "c1",
        error: "test.Call: unavailable",
      },
    ]);
    expect(sockets.closed.toSorted()).toEqual(["c2", "c3"]);
    expect(sockets.open.get("c1")).toMatchObject({ connectionId: "c1" });
    expect(sockets.open.get("c1")).not.toHaveProperty("login");
    expect(checked).toEqual(["c1 after 15"]);
  });

  it("is reported when not even the login could be ended, after the others were closed", async () => {
    const { watch, sockets } = await suspended(() => Promise.resolve(), failsFor("c2"));
    await expect(watch.disconnect(DOMAIN)).rejects.toThrow(DependencyError);
    expect(sockets.closed.toSorted()).toEqual(["c1", "c3"]);
    expect(sockets.open.get("c2")).toHaveProperty("login");
  });
});

describe("closing a connection that hits a bug", () => {
  it("throws the error, and tries no socket again", async () => {
    const { add, logIn, ports, sockets, checks, checked, networks } = services();
    const { domain } = await add(DOMAIN);
    logIn("c1", DOMAIN, domain.secrets.current.id);
    const broken = { ...sockets, close: () => Promise.reject(new Error("a bug")) };
    const watch = connectionCloser({ ...ports, checks, networks, sockets: broken });
    await expect(watch.disconnect(DOMAIN)).rejects.toThrow("a bug");
    expect(checked).toEqual([]);
  });
});

it("a closed connection is counted and logged with its reason", async () => {
  const { watch, sockets, logIn, telemetry } = services();
  for (const id of ["quiet", "loud"]) sockets.open.set(id, { connectionId: id, connectedAt: 0, source: "192.0.2.1" });
  await watch.checkLogin("quiet");
  await watch.flooding("loud");
  logIn("unknown", DOMAIN, "x");
  await watch.sweep(DOMAIN);
  logIn("ended", DOMAIN, "x");
  await watch.disconnect(DOMAIN);
  const closed = [
    ["quiet", "never-logged-in"],
    ["loud", "flooding"],
    ["unknown", "no-longer-allowed"],
    ["ended", "disconnected"],
  ];
  expect(telemetry.metrics).toEqual(closed.map(([, reason]) => `Connection 1 outcome=${String(reason)}`));
  expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual(
    closed.map(([connectionId, reason]) => ({
      level: "info",
      message: "connection closed by the service",
      connectionId,
      reason,
    })),
  );
});

it("disconnecting an account keeps the others of its domain; disconnecting the domain ends them all", async () => {
  const { watch, sockets, logIn } = services();
  logIn("master", `${DOMAIN}/master`, "x");
  logIn("slave", `${DOMAIN}/slave`, "x");
  logIn("own", DOMAIN, "x");
  logIn("other", "other.example.com", "x");
  expect(await watch.disconnect(`${DOMAIN}/master`)).toBe(1);
  expect(sockets.closed).toEqual(["master"]);
  expect(await watch.disconnect(DOMAIN)).toBe(2);
  expect([...sockets.open.keys()]).toEqual(["other"]);
});

describe("the check after 30 seconds", () => {
  it("closes only sockets that have not logged in", async () => {
    const { watch, sockets, logIn } = services();
    sockets.open.set("c1", { connectionId: "c1", connectedAt: 0, source: "192.0.2.1" });
    logIn("c2", DOMAIN, "x");
    for (const id of ["c1", "c2", "gone"]) await watch.checkLogin(id);
    expect(sockets.closed).toEqual(["c1"]);
  });
});

describe("a flooding socket", () => {
  it("is closed, and its network counted, once; one that has logged in or is gone is skipped", async () => {
    const { watch, sockets, logIn, counted } = services();
    sockets.open.set("c1", { connectionId: "c1", connectedAt: 0, source: "192.0.2.1" });
    const { close } = sockets;
    let failures = 1;
    const failing = {
      ...sockets,
      close: async (id: string) =>
        failures-- > 0 ? Promise.reject(new DependencyError("test.Call", "timeout")) : close(id),
    };
    const again = connectionCloser({
      ...services(),
      sockets: failing,
      networks: { closed: (source) => Promise.resolve(void counted.push(source)) },
    });
    await expect(again.flooding("c1")).rejects.toThrow(DependencyError);
    await again.flooding("c1");
    logIn("c2", DOMAIN, "x");
    for (const id of ["c1", "c2", "gone"]) await watch.flooding(id);
    expect([sockets.closed, counted]).toEqual([["c1"], ["192.0.2.1"]]);
  });
});

describe("the later sweep", () => {
  it("closes a login that was in progress when its domain was deleted", async () => {
    const { office, add, logIn, sockets, watch } = services();
    const { domain } = await add(DOMAIN);
    await office.remove(DOMAIN, ME);
    logIn("late", DOMAIN, domain.secrets.current.id);
    expect(await watch.sweep(DOMAIN)).toBe(1);
    expect(sockets.closed).toEqual(["late"]);
  });

  it("closes neither while old and new secret are valid, and after seven days the old one's user", async () => {
    const { register, domains, logIn, watch, sockets, clock } = services();
    await register(DOMAIN, "owner@example.com");
    const before = await domains.find(DOMAIN);
    await register(DOMAIN, "owner@example.com", true);
    const after = await domains.find(DOMAIN);
    logIn("old", DOMAIN, before?.secrets.current.id ?? "");
    logIn("new", DOMAIN, after?.secrets.current.id ?? "");
    expect(await watch.sweep(DOMAIN)).toBe(0);
    clock.advance(7 * 24 * 3_600_000);
    expect(await watch.sweep(DOMAIN)).toBe(1);
    expect(sockets.closed).toEqual(["old"]);
  });

  it("uses an account's own secret if it has one, and reads every row once", async () => {
    const { add, logIn, watch, sockets, domains } = services();
    const { domain } = await add(DOMAIN);
    const { domain: account } = await add(`${DOMAIN}/own`);
    logIn("covered", `${DOMAIN}/master`, domain.secrets.current.id);
    logIn("own", `${DOMAIN}/own`, account.secrets.current.id);
    logIn("as the domain", `${DOMAIN}/own`, domain.secrets.current.id);
    const asked: (readonly string[])[] = [];
    const findAll = domains.findAll.bind(domains);
    Object.assign(domains, { findAll: (keys: readonly string[]) => (asked.push(keys), findAll(keys)) });
    expect(await watch.sweep(DOMAIN)).toBe(1);
    expect(sockets.closed).toEqual(["as the domain"]);
    // DynamoDB refuses a batch that names a key twice.
    expect(asked.map((keys) => keys.toSorted())).toEqual([[DOMAIN, `${DOMAIN}/master`, `${DOMAIN}/own`]]);
  });
});
