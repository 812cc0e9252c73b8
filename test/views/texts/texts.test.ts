import { expect, it } from "vitest";
import { fill, texts } from "../../../lambdas/views/texts/texts.ts";

/** Every text with the path that leads to it. */
function leaves(value: unknown, path = ""): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, `${path}/${name}`));
}

const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([place]) => place).sort();
const english = leaves(texts.en);
const german = new Map(leaves(texts.de));

it.each(english)("%s says the same in both languages, with the same values in it", (path, text) => {
  const other = german.get(path);
  expect(other?.trim()).toBeTruthy();
  expect(placesIn(other ?? "")).toEqual(placesIn(text));
});

it("leaves nothing in German that English does not have", () => {
  expect([...german.keys()]).toEqual(english.map(([path]) => path));
});

it("fills in values as they are, whatever they look like", () => {
  expect(fill("{a} {b} {c}", { a: "{b}", b: "$&" })).toBe("{b} $& {c}");
});
