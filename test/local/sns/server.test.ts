import { afterEach, beforeEach, expect, it } from "vitest";
import { serveSns } from "../../support/aws/serve-sns.ts";
import { type Stage, stage } from "./support.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

it("answers malformed requests in SNS's own form and keeps running", async () => {
  const post = async (body: string) => {
    const response = await fetch(on.server.url, { method: "POST", body });
    return [response.status, await response.text()] as const;
  };
  for (const body of ["", "{}", "Action=Publish", "Action=%00%FF", "Action=CreatePlatformEndpoint&Token=x", "&&&==="]) {
    const [status, text] = await post(body);
    expect(status).toBe(400);
    expect(text).toMatch(/^<ErrorResponse .*<Type>Sender<\/Type>.*<\/ErrorResponse>$/su);
    // XML 1.0 has no control characters.
    expect(text).not.toMatch(/[\0-\x08]/u);
  }
  expect((await post("x".repeat(2_000_000)).catch(() => [413] as const))[0]).toBe(413);
  expect((await post("Action=ListTopics"))[0]).toBe(200);
});

it("rejects when its port is in use", async () => {
  await expect(serveSns(on.simulator, Number(new URL(on.server.url).port))).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});
