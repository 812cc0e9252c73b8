import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localWorld } from "../../../bin/local/world.ts";
import { confirmByLink } from "../../../bin/story/confirm.ts";
import { runStory } from "../../../bin/story/story.ts";
import type { World } from "../../../bin/story/world.ts";
import { useFakeService } from "../../support/process/fake-service.ts";
import { useHost } from "../../support/process/host.ts";

const host = useHost();
const fake = useFakeService();
const ending = new AbortController();
// The command line waits ten seconds for an answer; on a busy machine a function's first start may take longer.
beforeAll(() => fetch(`${host().url}/push/connect`));
afterAll(() => ending.abort());

/** Runs the story in a world: its steps with results, what was left out and why, and the step that failed. */
async function told(changes: Partial<Record<keyof World, unknown>> = {}) {
  const world = { ...localWorld(host(), ending.signal), ...changes } as World;
  const went = { steps: [] as string[], leftOut: [] as string[], failed: "" };
  await runStory(world, {
    step: async (title, work) => {
      went.failed = title;
      went.steps.push(`${title}: ${await work()}`);
      went.failed = "";
    },
    leftOut: (title, why) => went.leftOut.push(`${title}: ${why}`),
  }).catch((error: Error) => (went.failed += `: ${error.message}`));
  return went;
}

describe("confirmByLink", () => {
  it("ends on its signal if the page does not answer", async () => {
    const interrupt = new AbortController();
    const { url } = await fake({ http: () => interrupt.abort() });
    await expect(confirmByLink(`${url}/push/verify`, "012345", interrupt.signal)).rejects.toThrow("aborted");
  });
});

describe("the story", () => {
  it("runs completely on the local host", async () => {
    const { steps, leftOut, failed } = await told();
    expect([leftOut, failed]).toEqual([[], ""]);
    expect(steps).toHaveLength(13);
    for (const step of [
      /the window of pbx\.example\.com shows the code \d{6}/u,
      /ios-call:\w+…; the phone rings/u,
      /: Uninstalled$/u,
    ])
      expect(steps.filter((each) => step.test(each))).toHaveLength(1);
  });

  it("lists what it leaves out on a stage where only the operator's API is available", async () => {
    const { steps, leftOut, failed } = await told({
      domain: "stage.example.com",
      mailbox: undefined,
      phones: undefined,
    });
    expect(failed).toBe("");
    expect(steps.map((step) => step.split(":")[0])).toEqual([
      "the operator adds a domain",
      "log in",
      "a post for an app that nobody has is refused",
      "the operator sees the PBX connected",
      "the operator deletes the domain added by hand, which can log in no more",
    ]);
    expect(leftOut).toHaveLength(8);
    expect(leftOut[0]).toBe("ask for the domain in the Connect window: no mailbox can be read here");
    expect(leftOut.at(-1)).toMatch(/^a phone without the app: .*: what phones get cannot be seen here$/u);
  });

  it("leaves everything out if no login is possible", async () => {
    const { steps, leftOut } = await told({ mailbox: undefined, operator: undefined });
    expect(steps).toEqual([]);
    expect(leftOut).toContain("log in: there is no account to log in with");
  });

  it("stops at the first step that fails, and leaves no domain behind", async () => {
    const silent = {
      received: () => ({ app: "ios-call", payload: {}, does: "drops", why: "late" }),
      uninstall: () => undefined,
    };
    const { failed } = await told({ domain: "failing.example.com", mailbox: undefined, phones: silent });
    expect(failed).toMatch(/^wake a phone: call for ios-call: /u);
    expect((await fetch(`${host().url}/_local/admin/domain?account=by-hand.failing.example.com`)).status).toBe(404);
  });
});
