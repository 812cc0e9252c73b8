import { expect, it } from "vitest";
import { fill, texts } from "../../../lambdas/views/texts/texts.ts";

/** Every text with its path. */
function leaves(value: unknown, path = ""): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, `${path}/${name}`));
}

const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([place]) => place).sort();
const english = leaves(texts.en);
const german = new Map(leaves(texts.de));

it.each(english)("%s exists in both languages, with the same placeholders", (path, text) => {
  const other = german.get(path);
  expect(other?.trim()).toBeTruthy();
  expect(placesIn(other ?? "")).toEqual(placesIn(text));
});

it("has the same texts in German as in English, in the same order", () => {
  expect([...german.keys()]).toEqual(english.map(([path]) => path));
});

it("inserts values verbatim, placeholders and patterns included", () => {
  expect(fill("{a} {b} {c}", { a: "{b}", b: "$&" })).toBe("{b} $& {c}");
});
