import { fork } from "node:child_process";
import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findBinary, startEngine } from "../../../local/dynamodb/engine.ts";
import { eventually } from "../../support/process/waiting.ts";

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

it("the engine ends on stop", async () => {
  const engine = await startEngine(undefined);
  expect(await answers(engine.url)).toBe(true);
  await engine.stop();
  expect(await answers(engine.url)).toBe(false);
});

it("the engine ends with its parent, even if SIGKILL ends that", async () => {
  const script = join(mkdtempSync(join(tmpdir(), "parent-")), "parent.mts");
  const engine = join(import.meta.dirname, "../../../local/dynamodb/engine.ts");
  writeFileSync(
    script,
    `import { startEngine } from ${JSON.stringify(engine)};\nprocess.send((await startEngine(undefined)).url);\n`,
  );
  const parent = fork(script, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const url = await new Promise<string>((resolve) => parent.once("message", (message) => resolve(message as string)));
  expect(await answers(url)).toBe(true);
  parent.kill("SIGKILL");
  await eventually(async () => ((await answers(url)) ? undefined : true));
});

it("without an engine for the platform, the error says what to set instead", () => {
  const nowhere = () => {
    throw new Error("MODULE_NOT_FOUND");
  };
  expect(() => findBinary(nowhere)).toThrow(
    /no DynamoDB engine for \w+-\w+ is installed: .* set DYNAMODB_ENDPOINT=http/u,
  );
});
