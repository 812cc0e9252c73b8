import { describe, expect, it } from "vitest";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { connectionCloser } from "../../../lambdas/usecases/domains/close-connections.ts";
import { operatorServices as services } from "../../support/services/operator.ts";

const DOMAIN = "pbx.example.com";
const ME = "operator test";

describe("closing that fails", () => {
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

  it("ends the login all the same, closes the others, and is tried again", async () => {
    const { watch, sockets, checked } = await suspended(failsFor("c1"));
    expect(await watch.sweep(DOMAIN)).toBe(3);
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

describe("the look after 30 seconds", () => {
  it("closes who has not logged in, and only those", async () => {
    const { watch, sockets, logIn } = services();
    sockets.open.set("c1", { connectionId: "c1", connectedAt: 0, source: "192.0.2.1" });
    logIn("c2", DOMAIN, "x");
    for (const id of ["c1", "c2", "gone"]) await watch.checkLogin(id);
    expect(sockets.closed).toEqual(["c1"]);
  });
});

describe("a flooding socket", () => {
  it("is closed, and its network counted, once; one that has logged in or is gone is left alone", async () => {
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
  it("closes a login that was under way when its domain was deleted", async () => {
    const { office, add, logIn, sockets, watch } = services();
    const { domain } = await add(DOMAIN);
    await office.remove(DOMAIN, ME);
    logIn("late", DOMAIN, domain.secrets.current.id);
    expect(await watch.sweep(DOMAIN)).toBe(1);
    expect(sockets.closed).toEqual(["late"]);
  });

  it("leaves both alone while old and new secret count, and the old one's user after seven days no more", async () => {
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
});
