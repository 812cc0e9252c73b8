import { describe, expect, it } from "vitest";
import { loginError, malformedLogin } from "../../../lambdas/core/pbx/login-error.ts";

describe("the error of a login or challenge", () => {
  // docs/protocol.md, error of AppLoginResult.
  const names = ["Unauthorized", "NoChallenge", "TooManyFailures", "DatabaseErr", "NoConnection"] as const;

  it.each(names)("%s has its published name and a readable text", (error) =>
    expect(loginError(error)).toEqual({
      error,
      errorText: expect.stringMatching(/^[a-z]+ [a-z ]+[a-z,; ]*$/u) as string,
    }),
  );

  it("has a different text for each name", () =>
    expect(new Set(names.map((name) => loginError(name).errorText)).size).toBe(names.length));

  it("says for Malformed what is wrong", () =>
    expect(malformedLogin("sip must be a string")).toEqual({ error: "Malformed", errorText: "sip must be a string" }));
});
