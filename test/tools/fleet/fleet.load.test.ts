import { expect, it } from "vitest";
import { fleet, LOGIN } from "../../support/programs/fleet-command.ts";
import { SECRET, useFakeService } from "../../support/process/fake-service.ts";

const service = useFakeService();

it("the fleet sustains 500 connections and 200 posts/s without being the bottleneck, and reports as table, JSON and page", async () => {
  const push = await service();
  const load = [
    "--pbxes",
    "500",
    "--ramp",
    "250",
    "--duration",
    "6",
    "--rate",
    "200",
    "--shape",
    "flat",
    "--keepalive",
    "1",
  ];
  const { code, text, report, html } = await fleet(["--url", push.url, ...LOGIN, ...load]);
  expect(code).toBe(0);
  expect(text).toContain("Good: every post was answered once.");
  expect(report.connections).toMatchObject({ logins: 500, onlineAtStart: 500, ended: 0 });
  expect(report.posts.taken).toBe(push.bodies("PushNotifyPost").length);
  expect(report.posts.taken).toBeGreaterThan(500);
  expect(report.fleet.busy).toBeLessThan(0.8);
  expect(push.bodies("KeepAlive").length).toBeGreaterThan(500); // 3,000 are scheduled; a busy machine sends fewer
  for (const part of [text, html]) expect(part).toContain(`Node ${process.version}`);
  expect(html.split("<svg")).toHaveLength(4);
  expect(html).not.toMatch(/<script|<link|src=|url\(http/u);
  expect(html).not.toContain(SECRET);
});
