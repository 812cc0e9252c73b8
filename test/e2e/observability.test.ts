import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminApi } from "../../bin/admin/api.ts";
import { play, type Played } from "../../tools/gameday/play.ts";
import { scenarios } from "../../tools/gameday/scenarios.ts";
import { localWorld } from "../../bin/local/world.ts";
import { runStory } from "../../bin/story/story.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { CONNECTING } from "../../lambdas/core/monitoring/canary.ts";
import { keyOf, type MetricId } from "../../local/metrics/store.ts";
import { browserFound, flaws, named, useBrowser } from "../support/process/browser.ts";
import { getJson, iosToken } from "../support/process/host.ts";
import { openSession } from "../support/process/raw-socket.ts";
import { notFromAws, searchedMetrics, usedMetrics } from "../support/values/used-metrics.ts";
import { eventually, WAIT_MS } from "../support/process/waiting.ts";

interface Shown {
  readonly type: string;
  readonly title: string;
  readonly empty: boolean;
}

/** Emails and delivery events are handled behind a queue, and log lines arrive shortly after the answer. */
const LATER = { timeout: WAIT_MS };

const open = useBrowser();
let host: LocalHost;
let afterDemo: readonly Shown[];
const played = new Map<string, Played>();
let status: { readonly json: Response; readonly page: Response };

beforeAll(async () => {
  host = await startLocalHost({ port: 0 });
  await runStory(localWorld(host, new AbortController().signal), {
    step: (_, work) => work(),
    leftOut: expect.unreachable,
  });
  await vi
    .waitUntil(
      async () => !(afterDemo = await getJson(`${host.url}/_local/dashboard.json`)).some(({ empty }) => empty),
      LATER,
    )
    .catch(() => undefined);
  status = {
    json: await fetch(`${host.url}/push/status`),
    page: await fetch(`${host.url}/push/status`, { headers: { accept: "text/html" } }),
  };
  const account = "observed.example.com";
  const { secret } = await adminApi(host.url, {}).call("POST", "/domains", { body: { account } });
  for (const scenario of scenarios) played.set(scenario.title, await play(scenario, { host, account, secret }));
  await exceed(account, secret);
});

/** More posts to one phone than the limit; each execution environment counts its own, so this continues until one refuses. */
async function exceed(account: string, secret: string): Promise<void> {
  const socket = await openSession(host, { account, secret });
  const post = (src: number) =>
    socket.send({ mt: "PushNotifyPost", src: String(src), token: `ios-call:${iosToken("often")}`, type: "call" });
  await eventually(async () => {
    for (let src = 0; src < 50; src += 1) post(src);
    let refused = false;
    for (let src = 0; src < 50; src += 1) refused = "err" in (await socket.next()) || refused;
    return refused ? true : undefined;
  });
}

afterAll(() => host.stop());

describe("the game day", () => {
  test.each(scenarios)("$title: its alarms fire, and stop again", ({ title, alarms }) => {
    const { alarms: told = [], missing, stillOn } = played.get(title) ?? {};
    expect(told.filter(({ fired }) => fired).map(({ name }) => name)).toEqual(alarms);
    expect(missing).toEqual([]);
    expect(stillOn).toEqual([]);
  });
});

describe("the dashboard", () => {
  test("has data in every widget after the demo", () => {
    expect(afterDemo.length).toBeGreaterThan(20);
    expect(afterDemo.filter(({ empty }) => empty).map(({ title }) => title)).toEqual([]);
  });

  test("draws every chart, and loads nothing from elsewhere", async () => {
    const page = await fetch(`${host.url}/_local/dashboard`);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const charts = [...html.matchAll(/<img src="([^"]+)"/gu)].map(([, path = ""]) => path);
    expect(charts.length).toBeGreaterThan(15);
    for (const path of charts) {
      const chart = await fetch(host.url + path);
      expect(chart.headers.get("content-type")).toBe("image/svg+xml");
      expect(await chart.text()).toContain("<path");
    }
    expect(html).not.toMatch(/<script|href="https?:/u);
  });

  test.skipIf(!browserFound)(
    named("shows every chart in a browser, inside its card, without accessibility or layout violations"),
    async () => {
      const { page, context, complaints } = await open(host.url, { viewport: { width: 1200, height: 740 } });
      await page.goto(`${host.url}/_local/dashboard`, { waitUntil: "load" });
      const charts = await page.locator(".card img").evaluateAll((images) =>
        images.map((image) => {
          const { width, height, left, right } = image.getBoundingClientRect();
          const card = image.closest(".card")?.getBoundingClientRect() ?? new DOMRect();
          const { complete, naturalWidth } = image as HTMLImageElement;
          return complete && naturalWidth > 0 && width > 200 && height > 80 && left >= card.left && right <= card.right;
        }),
      );
      expect(charts.length).toBeGreaterThan(20);
      expect(charts).not.toContain(false);
      expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
        "Alarms",
        "Is it up?",
        "Are pushes going through?",
        "What fails?",
        "Are limits near?",
        "What will hurt later?",
        "What does it cost?",
      ]);
      // Visible without hovering: what each alarm means, and what to do.
      const alarm = page.locator(".alarms li", { hasText: /push-local-canary\b(?!-)/u });
      expect(await alarm.innerText()).toContain("The test phone is not woken through the public URL");
      expect(await page.locator(".alarms [title]").count()).toBe(0);
      await alarm.getByRole("link", { name: "What to do" }).click();
      expect(page.url()).toBe(`${host.url}/_local/runbook#canary`);
      await page.goBack();
      expect(complaints).toEqual([]);
      expect(await flaws(page)).toEqual([]);
      await context.close();
    },
  );
});

const entrypoint = (name: string) => readFileSync(`lambdas/entrypoints/${name}.ts`, "utf8");

describe("every metric in dashboard and alarms", () => {
  const used = () => usedMetrics(host.metrics.dashboards.values(), host.metrics.alarms);
  const words = ({ namespace, name, dimensions }: MetricId) => `${namespace} ${name} ${JSON.stringify(dimensions)}`;

  const emitted = () => host.metrics.store.list().filter(({ namespace }) => namespace === "PushService");
  // Unexpected errors cannot be provoked in every function: the middleware counts them under the name it is given.
  // A claim needs a name server: reclaim.browser.test.ts has one, and sees the alarm fire. The canary counts the step at
  // which it failed, which tsc checks.
  const counted = ({ name, dimensions: { outcome = "" } }: MetricId) =>
    (name === "Unexpected" && new RegExp(`name: "${outcome}"`, "u").test(entrypoint(outcome))) ||
    (name === "Ownership" && outcome === "claimed") ||
    (name === "CanaryFailure" && (CONNECTING as readonly string[]).includes(outcome));
  const shape = (name: string, dimensions: readonly string[]) => `${name} ${dimensions.toSorted().join()}`;

  test("of ours is emitted by the code", async () => {
    const ours = used().filter(({ namespace }) => namespace === "PushService");
    expect(ours.length).toBeGreaterThan(20);
    const missing = () => {
      const known = new Set(emitted().map(keyOf));
      return ours.filter((metric) => !known.has(keyOf(metric)) && !counted(metric)).map(words);
    };
    await expect.poll(missing).toEqual([]);
  });

  test("of ours in a search is emitted by the code", async () => {
    const searched = searchedMetrics(host.metrics.dashboards.values());
    expect(searched.length).toBeGreaterThan(10);
    const missing = () => {
      const known = new Set(emitted().map(({ name, dimensions }) => shape(name, Object.keys(dimensions))));
      return searched.filter(([name, dimensions]) => !known.has(shape(name, dimensions.split(","))));
    };
    await expect.poll(missing).toEqual([]);
  });

  test("of AWS is published by AWS, for an existing resource", () => {
    const theirs = used().filter(({ namespace }) => namespace !== "PushService");
    expect(theirs.length).toBeGreaterThan(20);
    expect(theirs.flatMap((metric) => notFromAws(metric) ?? [])).toEqual([]);
    const functions = host.functions.map(({ definition }) => definition.name);
    const queues = host.queues.map(({ definition }) => definition.name);
    for (const { dimensions } of theirs) {
      if (dimensions["FunctionName"] !== undefined) expect(functions).toContain(dimensions["FunctionName"]);
      if (dimensions["QueueName"] !== undefined) expect(queues).toContain(dimensions["QueueName"]);
    }
  });
});

describe("the status page", () => {
  test("says up for a working service, as JSON and as page, and may be cached", async () => {
    expect(await status.json.clone().json()).toMatchObject({
      state: "up",
      components: {
        pushes: { state: "up", last24Hours: { availability: 1 } },
        connections: { state: "up", last24Hours: { availability: 1 } },
        registration: { state: "up" },
        email: { state: "up" },
      },
    });
    expect(status.page.headers.get("content-type")).toContain("text/html");
    for (const { headers } of Object.values(status)) expect(headers.get("cache-control")).toBe("public, max-age=30");
  });

  test("reveals nothing about tenants", async () => {
    const text = await status.json.clone().text();
    expect(Object.keys(JSON.parse(text) as object)).toEqual(["state", "checkedAt", "components"]);
    expect(text).not.toContain("example.com");
    expect(await status.page.clone().text()).not.toContain("example.com");
  });
});
