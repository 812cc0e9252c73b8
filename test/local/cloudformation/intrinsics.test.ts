import { describe, expect, it } from "vitest";
import { resolveValue, type Scope } from "../../../local/cloudformation/intrinsics.ts";
import type { Json } from "../../../local/cloudformation/template.ts";

const scope: Scope = {
  mappings: { Ports: { eu: { https: 443 } } },
  ref: (name) => Promise.resolve(name === "AWS::NoValue" ? undefined : `ref-${name}`),
  getAtt: (id, attribute) => Promise.resolve(`${id}.${attribute}`),
  importValue: (name) => `imported-${name}`,
  condition: (name) => Promise.resolve(name === "Yes"),
};

const cases: readonly (readonly [string, Json, Json | undefined])[] = [
  ["plain values", { a: [1, "x", null, true] }, { a: [1, "x", null, true] }],
  ["Ref", { Ref: "A" }, "ref-A"],
  ["NoValue in an object", { a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
  ["NoValue in a list", [1, { Ref: "AWS::NoValue" }, 2], [1, 2]],
  ["GetAtt as list", { "Fn::GetAtt": ["A", "B.C"] }, "A.B.C"],
  ["GetAtt as text", { "Fn::GetAtt": "A.Arn" }, "A.Arn"],
  ["Join", { "Fn::Join": ["-", ["a", { Ref: "B" }, 3]] }, "a-ref-B-3"],
  ["Sub", { "Fn::Sub": "${A}/${B.Arn}/${!C}" }, "ref-A/B.Arn/${C}"],
  ["Sub with variables", { "Fn::Sub": ["${X}${A}", { X: { Ref: "Y" } }] }, "ref-Yref-A"],
  ["Select of Split", { "Fn::Select": [1, { "Fn::Split": [":", "a:b:c"] }] }, "b"],
  ["If", [{ "Fn::If": ["Yes", 1, 2] }, { "Fn::If": ["No", 1, { Ref: "AWS::NoValue" }] }], [1]],
  [
    "logic",
    {
      "Fn::And": [
        { Condition: "Yes" },
        { "Fn::Not": [{ "Fn::Or": [{ Condition: "No" }, { "Fn::Equals": ["a", "b"] }] }] },
      ],
    },
    true,
  ],
  ["Base64", { "Fn::Base64": "hi" }, "aGk="],
  ["FindInMap", { "Fn::FindInMap": ["Ports", "eu", "https"] }, 443],
  ["ImportValue", { "Fn::ImportValue": { "Fn::Sub": "${A}-x" } }, "imported-ref-A-x"],
  [
    "a policy's Condition is not a function",
    { Condition: { StringEquals: { a: { Ref: "B" } } } },
    { Condition: { StringEquals: { a: "ref-B" } } },
  ],
];

describe("intrinsic functions", () => {
  it.each(cases)("%s", async (_, value, expected) => {
    expect(await resolveValue(value, scope)).toEqual(expected);
  });

  it.each([
    ["Fn::Transform", { "Fn::Transform": {} }],
    ["Fn::Join needs a list", { "Fn::Join": "a" }],
    ["finds no", { "Fn::FindInMap": ["Ports", "us", "https"] }],
  ])("name what they do not know: %s", async (message, value) => {
    await expect(resolveValue(value, scope)).rejects.toThrow(message);
  });
});
