import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askSecret, confirmed, type Terminal } from "../../bin/shared/prompt.ts";
import { secretFrom } from "../../bin/shared/secret.ts";

/** A terminal at which these keys are pressed once the question appears. */
function terminal(keys: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    if (shown === "") setImmediate(() => input.write(keys));
    shown += chunk.toString();
  });
  return { terminal: { input, output } satisfies Terminal, shown: () => shown };
}

describe("a question", () => {
  it.each([
    ["y\r", true],
    ["n\r", false],
    ["\r", false],
  ])("is answered by %j", async (keys, answer) => {
    expect(await confirmed("Delete it?", terminal(keys).terminal)).toBe(answer);
  });

  it.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("treats %s as an interruption", async (_, key) => {
    const failure = { error: "interrupted", message: "Interrupted.", exitCode: 130 };
    await expect(confirmed("Delete it?", terminal(key).terminal)).rejects.toMatchObject(failure);
    await expect(askSecret("Password", "", terminal(key).terminal)).rejects.toMatchObject(failure);
  });

  it("reads a secret without showing it", async () => {
    const at = terminal("hunter2\r");
    expect(await askSecret("Password", "", at.terminal)).toBe("hunter2");
    expect(at.shown()).toContain("Password");
    expect(at.shown()).not.toContain("hunter2");
  });
});

describe("a piped secret", () => {
  const piped = (text: string) => secretFrom("-", "Password", new PassThrough().end(text));

  it.each([
    ["its first line", "hunter2\nmore\n"],
    ["without a line end", "hunter2"],
    ["with a BOM and a Windows line end", "\uFEFFhunter2\r\n"],
  ])("is read from standard input: %s", async (_, text) => expect(await piped(text)).toBe("hunter2"));

  it.each(["", "\n", "\uFEFF\r\n"])("is missing in %j", (text) =>
    expect(piped(text)).rejects.toMatchObject({ message: "standard input holds no secret", exitCode: 2 }),
  );
});
