import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFunctionRegistry } from "../../../local/lambda/registry.ts";
import { functionIn } from "../../support/values/function-definition.ts";

it("starts no sandbox after all have been stopped, as the process would never end", async () => {
  const taskRoot = mkdtempSync(join(tmpdir(), "registry-"));
  writeFileSync(join(taskRoot, "index.mjs"), "export const handler = () => 'done';");
  const functions = createFunctionRegistry({
    onLog: () => undefined,
    onInvocation: () => () => undefined,
    before: () => Promise.resolve(undefined),
  });
  const added = functions.add(functionIn(taskRoot));
  try {
    expect(await added.invoke({})).toEqual({ ok: true, payload: "done" });
    const onItsWay = added.invoke({});
    await functions.stop();
    expect(await onItsWay).toMatchObject({ ok: false });
    expect(await added.invoke({})).toMatchObject({ ok: false, error: { errorType: "Runtime.ExitError" } });
    expect(await added.heaps()).toEqual([]);
  } finally {
    await functions.stop();
    rmSync(taskRoot, { recursive: true });
  }
});
