import { describe, expect, it } from "vitest";
import { mockReply } from "../../../local/apigateway/mock.ts";

/** Key of the response that a MOCK integration with that status selects. */
const chosen = (status: number, keys: readonly string[]): string | undefined => {
  const index = mockReply({
    requestTemplates: { byKey: { "200": `{"statusCode":${status}}` }, selection: "200" },
    responses: new Map(keys.map((key, index) => [key, { byKey: { "200": String(index) }, selection: "200" }])),
  });
  return keys[Number(index)];
};

describe("a MOCK integration", () => {
  it.each([
    [200, ["/200/"], "/200/"],
    [200, ["/4\\d\\d/", "/2\\d\\d/"], "/2\\d\\d/"],
    [200, ["/40|200/"], "/40|200/"],
    [200, ["$default", "/200/"], "/200/"],
    [500, ["/200/", "$default"], "$default"],
  ] as const)("with status %i and the responses %j selects %s", (status, keys, answer) => {
    expect(chosen(status, keys)).toBe(answer);
  });

  it.each([["/20/"], ["/2000/"], ["/00/"]])("does not match status 200 with %s", (key) => {
    expect(() => chosen(200, [key])).toThrow("no response for status 200");
  });
});
