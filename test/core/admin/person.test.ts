import { describe, expect, it } from "vitest";
import { actorOf, mayAct, personOf, roleOf } from "../../../lambdas/core/admin/person.ts";

// docs/operate/console.md: support reads, resends and tests; operator does the rest too.
describe("a role", () => {
  it.each([
    [[], undefined],
    [["others"], undefined],
    [["helpers"], "support"],
    [["operators"], "operator"],
    [["helpers", "operators"], "operator"],
    [["Operators", "operator", "support"], undefined],
  ] as const)("for groups %j is %s", (groups, role) =>
    expect(roleOf(groups, { support: "helpers", operator: "operators" })).toBe(role),
  );

  it.each([
    ["support", "support", true],
    ["support", "operator", false],
    ["operator", "support", true],
    ["operator", "operator", true],
  ] as const)("%s may do what requires %s: %s", (role, needed, may) => expect(mayAct(role, needed)).toBe(may));
});

describe("a person", () => {
  it.each([
    ["Anna Smith", "a-1", "Anna Smith", "a-1"],
    ["", "a-1", "a-1", "a-1"],
    [" \n ", "a-1", "a-1", "a-1"],
    ["  Anna\u202e\u0000 Smith \n", " a\u200b-1 ", "Anna Smith", "a-1"],
    ["x".repeat(81), "y".repeat(256), "x".repeat(80), "y".repeat(255)],
    [`${"x".repeat(79)}\u{1f4de}`, "a\ud800", `${"x".repeat(79)}\ufffd`, "a\ufffd"],
  ])("%j with the id %j is %j with the id %j", (name, subject, shown, id) =>
    expect(personOf(name, subject, "support")).toEqual({ name: shown, subject: id, role: "support" }),
  );

  it("is named in the history with name and id, or only with the id", () => {
    expect(actorOf(personOf("Anna Smith", "a-1", "operator"))).toBe("operator Anna Smith (a-1)");
    expect(actorOf(personOf("", "a-1", "operator"))).toBe("operator a-1");
  });
});
