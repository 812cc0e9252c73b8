import { describe, expect, it } from "vitest";
import { parsePbxInfo } from "../../../lambdas/core/pbx/pbx-info.ts";
import { aFrame } from "../../support/values/values.ts";

describe("parsePbxInfo", () => {
  it("keeps a PBX's own description", () => {
    const info = {
      domain: "example.com",
      pbx: "master",
      pbxDns: "pbx.example.com",
      apis: ["PbxApi"],
      version: "14r1",
      build: "1",
    };
    expect(parsePbxInfo(aFrame({ mt: "PbxInfo", src: "1", more: true, ...info }))).toEqual(info);
  });

  it.each([
    ["{}", { apis: [] }],
    ['{"domain":1,"pbx":null,"apis":"PbxApi"}', { apis: [] }],
    ['{"apis":{"0":"PbxApi"},"version":""}', { apis: [], version: "" }],
    ['{"apis":[1,"A",null,["B"]]}', { apis: ["A"] }],
    ['{"apis":null}', { apis: [] }],
  ])("leaves out members of another type: %s", (text, info) => expect(parsePbxInfo(aFrame(text))).toEqual(info));

  it("cuts long texts without splitting a character", () => {
    const long = `${"x".repeat(254)}\u{1f4de}`;
    const { pbx, apis } = parsePbxInfo(aFrame({ pbx: long, apis: Array.from({ length: 60 }, () => long) }));
    expect(apis).toHaveLength(50);
    for (const text of [pbx, ...apis]) expect(text).toBe(`${"x".repeat(254)}\ufffd`);
  });
});
