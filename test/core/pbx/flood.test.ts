import { expect, it } from "vitest";
import { isFlooding, mayConnect, oneMore } from "../../../lambdas/core/pbx/flood.ts";
import { NOON } from "../../support/values/clock.ts";

const DAY = 86_400_000;

it.each([
  [4, 0, false],
  [5, 0, true],
  [2, 2_000, false],
  [2, 2_001, true],
])("isFlooding: %i posts within %i ms: %s", (posts, ms, flooding) =>
  expect(isFlooding({ posts, since: NOON - ms }, NOON)).toBe(flooding),
);

it("oneMore: counts from the first one", () => {
  expect(oneMore(undefined, NOON)).toEqual({ posts: 1, since: NOON });
  expect(oneMore({ posts: 1, since: NOON - 5 }, NOON)).toEqual({ posts: 2, since: NOON - 5 });
});

it.each([
  [undefined, [9, 9], true],
  [undefined, [10, 0], false],
  [undefined, [0, 10], false],
  [NOON - DAY + 1, [100, 100], true],
  [NOON - DAY, [10, 0], false],
] as const)("mayConnect: last login at %s, closings %j: %s", (loggedInAt, closings, may) =>
  expect(mayConnect({ loggedInAt, closings }, NOON)).toBe(may),
);
