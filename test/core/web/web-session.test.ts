import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashToken } from "../../../lambdas/core/shared/token.ts";
import { formToken, isFormToken } from "../../../lambdas/core/web/web-session.ts";

const TOKEN = "A".repeat(43);

describe("the token of a form", () => {
  it("is accepted only for its own session", () => {
    expect(isFormToken(formToken(TOKEN), TOKEN)).toBe(true);
    expect(isFormToken(formToken("B".repeat(43)), TOKEN)).toBe(false);
  });

  it("does not reveal the stored session id", () => {
    expect(formToken(TOKEN)).not.toBe(hashToken(TOKEN));
    expect(formToken(TOKEN)).not.toContain(TOKEN);
  });

  it.each(["", TOKEN, formToken(TOKEN).slice(1), `${formToken(TOKEN)}0`, "ä".repeat(64), "é".repeat(32)])(
    "differs from %j",
    (given) => {
      expect(isFormToken(given, TOKEN)).toBe(false);
    },
  );

  it("is never matched by other text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.string(), (given, token) => {
        expect(isFormToken(given, token)).toBe(given === formToken(token));
      }),
    );
  });
});
