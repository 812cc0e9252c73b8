import { describe, expect, it } from "vitest";
import { operatorAccount } from "../../../lambdas/core/shared/names.ts";

describe("operatorAccount", () => {
  it.each([
    ["PBX.example.com/Master", "pbx.example.com/master"],
    [" my pbx ", "my pbx"],
    ["MyPBX", "mypbx"],
    ["my pbx\n", "my pbx"],
    ["a".repeat(512), "a".repeat(512)],
  ])("reads %j as %s", (input, key) => {
    expect(operatorAccount(input)).toEqual({ ok: true, value: key });
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["/master", "empty"],
    ["pbx.example.com/", "empty"],
    ["a".repeat(513), "too-long"],
    [`${"a".repeat(510)}   b`, "too-long"],
    ["a\nb", "bad-character"],
    ["a\u202eb", "bad-character"],
    ["a\ud800b", "bad-character"],
  ])("refuses %j: %s", (input, error) => {
    expect(operatorAccount(input)).toEqual({ ok: false, error });
  });
});
