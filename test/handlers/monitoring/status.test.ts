import { describe, expect, it } from "vitest";
import type { ComponentStatus, Status } from "../../../lambdas/core/monitoring/status.ts";
import { statusRoutes } from "../../../lambdas/handlers/monitoring/status.ts";
import { answerOf, aRequest } from "../../support/values/requests.ts";

const AT = Date.UTC(2026, 10, 23, 12);
const working: ComponentStatus = {
  state: "up",
  availability: 0.5,
  slots: [
    { from: AT, availability: 1 },
    { from: AT + 1_800_000, availability: undefined },
  ],
};
const unknown: ComponentStatus = { state: "degraded", availability: undefined, slots: [] };
const status: Status = {
  state: "degraded",
  checkedAt: AT,
  components: { pushes: working, connections: unknown, registration: working, email: working },
};
const routes = statusRoutes(() => Promise.resolve(status), {
  "/push/status/style.css": { type: "text/css", body: "p {}" },
});
const CACHED = { "cache-control": "public, max-age=30", vary: "accept, accept-language" };

const machine = {
  state: "up",
  last24Hours: {
    availability: 0.5,
    slots: [
      { from: "2026-11-23T12:00:00.000Z", availability: 1 },
      { from: "2026-11-23T12:30:00.000Z", availability: null },
    ],
  },
};

describe("the status", () => {
  it.each([
    ["/push/status.json", "text/html"],
    ["/push/status", "application/json"],
    ["/push/status", undefined],
  ])("at %s for a client that accepts %s is JSON, cached for 30 s", async (path, accept) => {
    const answer = await answerOf(routes, aRequest("GET", path, { headers: { accept } }));
    expect(answer).toMatchObject({ status: 200, headers: CACHED });
    expect(answer.value).toEqual({
      state: "degraded",
      checkedAt: "2026-11-23T12:00:00.000Z",
      components: {
        pushes: machine,
        connections: { state: "degraded", last24Hours: { availability: null, slots: [] } },
        registration: machine,
        email: machine,
      },
    });
  });

  it("for a browser is a page that reloads after a minute, with its own style sheet", async () => {
    const request = aRequest("GET", "/push/status", { headers: { accept: "text/html,*/*", "accept-language": "de" } });
    const { status: code, headers, body } = await answerOf(routes, request);
    expect([code, headers]).toEqual([200, { "content-type": "text/html; charset=utf-8", refresh: "60", ...CACHED }]);
    expect(body).toContain('lang="de"');
    expect(body).toContain('href="/push/status/style.css"');
    expect(body).not.toContain("/push/assets/");
  });

  it("serves what its page loads", async () => {
    expect(await answerOf(routes, aRequest("GET", "/push/status/style.css"))).toMatchObject({
      status: 200,
      headers: { "content-type": "text/css", "cache-control": "public, max-age=300" },
      body: "p {}",
    });
  });
});
