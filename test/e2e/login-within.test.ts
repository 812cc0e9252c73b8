import { expect, it } from "vitest";
import { addAccount, useHost } from "../support/host.ts";
import { challengeOf, logIn, openSocket } from "../support/raw-socket.ts";

const host = useHost();

it("closes a socket that has not logged in 30 s after it opened, and no other", { timeout: 60_000 }, async () => {
  const secret = await addAccount(host(), "pbx.example.com");
  const [silent, refused, talking] = await Promise.all([1, 2, 3].map(() => openSocket(host().wsUrl)));
  if (!silent || !refused || !talking) throw new Error("no sockets");
  const openedAt = Date.now();
  expect(await logIn(refused, { account: "pbx.example.com", secret: "wrong" })).toMatchObject({ ok: false });
  expect(await logIn(talking, { account: "pbx.example.com", secret })).toMatchObject({ ok: true });

  expect(await silent.closed).toBeGreaterThanOrEqual(1000);
  expect(await refused.closed).toBeGreaterThanOrEqual(1000);
  expect(Date.now() - openedAt).toBeGreaterThan(29_000);
  expect(await challengeOf(talking)).toHaveLength(16);
  talking.close();
});
