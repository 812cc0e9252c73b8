import fc from "fast-check";

/** Texts that have broken parsers before. */
const NASTY: readonly string[] = [
  "",
  " ",
  "\u0000",
  "\u2028\u2029",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "é\u0301",
  "ﬃ",
  "İ",
  "🦊".repeat(50),
  "a".repeat(20_000),
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "$connect",
  "$default",
  "%00",
  "%E0%A4%A",
  "../../etc/passwd",
  "' OR 1=1 --",
  "<script>alert(1)</script>",
  "\r\nX-Injected: 1",
  "${7*7}",
  "null",
  "undefined",
  "NaN",
  "1e999",
  "-0",
  "0x10",
  "DOMAIN#pbx.example.com",
  "CONN#c1",
  ":",
  "::::",
  "pbx.example.com/master",
  "PBX.example.COM.",
  "xn--",
  "a".repeat(64) + ".example",
];

export const nastyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

/** Any JSON value as text, numbers and escapes in spellings that JSON.stringify does not use. */
export const jsonText = fc.oneof(
  fc.json({ maxDepth: 3 }),
  nastyText.map((text) => JSON.stringify(text)),
  fc.constantFrom(
    "1.0",
    "1E400",
    "-0",
    "1e-7",
    '"\\/\\u00fc"',
    "[[[[]]]]",
    "{}",
    "[]",
    "null",
    "true",
    '{"2":1,"1":2,"1":3}',
  ),
  fc.nat({ max: 2_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
);

/** Cuts, repeats and swaps pieces of a text. */
export const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.array(fc.tuple(fc.nat(3), fc.nat(), fc.nat(40), nastyText), { minLength: 1, maxLength: 3 }))
    .map(([whole, changes]) =>
      changes.reduce((now, [kind, place, length, other]) => {
        const at = now.length === 0 ? 0 : place % now.length;
        const [before, piece, after] = [now.slice(0, at), now.slice(at, at + length), now.slice(at + length)];
        return (
          [before + after, before + piece + piece + after, before + other.slice(0, 50) + after, before][kind] ?? now
        );
      }, whole),
    );
