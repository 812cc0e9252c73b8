import { describe, expect, it } from "vitest";
import { sessionFailure, sessionHandler } from "../../../lambdas/handlers/pbx/session.ts";
import { REFUSED, type SocketRequest } from "../../../lambdas/middleware/socket.ts";

function setting(welcome = true) {
  const asked: unknown[] = [];
  const handle = sessionHandler({
    opened: (...given) => Promise.resolve(asked.push(["opened", ...given]) > 0 && welcome),
    closed: (...given) => Promise.resolve(void asked.push(["closed", ...given])),
    received: (...given) => Promise.resolve(asked.push(["received", ...given]) > 0 ? "reply" : undefined),
  });
  const happen = (kind: SocketRequest["kind"]) =>
    handle({ kind, connectionId: "c1", source: "192.0.2.1", text: "{}", arrivedAt: 0 });
  return { asked, happen };
}

describe("a socket", () => {
  it("opens with its source address", async () => {
    const { asked, happen } = setting();
    expect(await happen("connect")).toBeUndefined();
    expect(asked).toEqual([["opened", "c1", "192.0.2.1"]]);
  });

  it("from a network that keeps flooding is refused", async () => {
    expect(await setting(false).happen("connect")).toBe(REFUSED);
  });

  it("gets the answer to its frame", async () => {
    const { asked, happen } = setting();
    expect(await happen("message")).toBe("reply");
    expect(asked).toEqual([["received", "c1", "{}"]]);
  });

  it("closes without an answer", async () => {
    const { asked, happen } = setting();
    expect(await happen("disconnect")).toBeUndefined();
    expect(asked).toEqual([["closed", "c1"]]);
  });
});

it.each([
  ['{"mt":"AppInfo","src":"5","api":"PbxApi"}', { src: "5", api: "PbxApi" }],
  ["not JSON", {}],
])("an unexpected error is answered in the PBX's protocol: %s", (text, more) => {
  expect(JSON.parse(sessionFailure(text))).toEqual({
    mt: "Error",
    error: "InternalError",
    errorText: "this message could not be handled",
    ...more,
  });
});
