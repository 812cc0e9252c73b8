import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFrame, replyText, stringOf } from "../../../lambdas/core/pbx/frame.ts";
import { aFrame } from "../../support/values/values.ts";

const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\r", "\n"), maxLength: 3 });

/** Text of a JSON value with white space wherever JSON allows it. */
function spaced(value: unknown, spaces: Iterator<string>): string {
  const gap = () => spaces.next().value as string;
  const list = (parts: readonly string[]) => parts.map((part) => gap() + part + gap()).join(",") || gap();
  if (Array.isArray(value)) return `[${list(value.map((item) => spaced(item, spaces)))}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, item]) => JSON.stringify(name) + gap() + ":" + gap() + spaced(item, spaces),
  );
  return `{${list(members)}}`;
}

const objectText = fc
  .tuple(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), fc.infiniteStream(space))
  .map(([object, spaces]) => ({ object, text: spaced(object, spaces) }));

describe("parseFrame", () => {
  it("has the members that JSON.parse has, whatever the white space", () => {
    fc.assert(
      fc.property(objectText, space, space, ({ text }, before, after) => {
        const frame = aFrame(before + text + after);
        const members = [...frame.values].map(([name, value]) => [name, JSON.parse(value) as unknown]);
        expect(Object.fromEntries(members)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("keeps every member's text, so that reassembling them gives the same object", () => {
    fc.assert(
      fc.property(objectText, ({ text }) => {
        const { members } = aFrame(text);
        for (const member of members) {
          expect(text).toContain(member.text);
          expect(member.text.endsWith(member.value)).toBe(true);
        }
        expect(JSON.parse(`{${members.map((member) => member.text).join(",")}}`)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("accepts and rejects the same texts as JSON.parse, and never throws", () => {
    const broken = fc.tuple(objectText, fc.nat(), fc.string({ maxLength: 2 })).map(([{ text }, at, insert]) => {
      const position = at % (text.length + 1);
      return text.slice(0, position) + insert + text.slice(position + 1);
    });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string()), (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          parsed = undefined;
        }
        const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
        expect(parseFrame(text).ok).toBe(isObject);
      }),
    );
  });

  it.each([
    ["escaped slash", String.raw`{"appurl":"https:\/\/pbx\/ws"}`],
    ["escaped letters", String.raw`{"cn":"M\u00fcller \u2028"}`],
    ["unescaped U+2028", '{"cn":"a\u2028b"}'],
    ["numbers as written", '{"a":1.0,"b":-0,"c":1E+2,"d":12345678901234567890}'],
    ["integer-like keys in order", '{"b":1,"2":2,"1":3}'],
    ["duplicate keys", '{"a":1,"a":2}'],
    ["white space inside", '{ "a" :\t[ 1 ,\r\n 2 ] }'],
    ["brackets and quotes in strings", String.raw`{"a":"}]\"\\","b":["{[",{"c":"\\\""}]}`],
    ["empty ones", '{"a":{},"b":[],"c":""}'],
    ["an array", '[1.0, "x"]'],
    ["a string", String.raw`"\u0041\/"`],
    ["a number", "1.50e-3"],
    ["null", "null"],
  ])("keeps a value's text byte for byte: %s", (_name, info) => {
    expect(aFrame(`{"mt":"AppLogin" , "info" :\n${info}\t,"x":1}`).values.get("info")).toBe(info);
    expect(aFrame(`{"info":${info}}`).values.get("info")).toBe(info);
  });

  it("finds a member in any spelling of its name, and the last of two with one name", () => {
    const frame = aFrame(String.raw`{"mt":"first","\u006dt":"last","token":"a","token":"b"}`);
    expect(frame.mt).toBe("last");
    expect(stringOf(frame, "token")).toBe("b");
    expect(frame.members.map(({ name }) => name)).toEqual(["mt", "mt", "token", "token"]);
  });

  it("reads names of the object prototype as ordinary members", () => {
    const frame = aFrame('{"__proto__":1,"constructor":2,"hasOwnProperty":3}');
    expect([...frame.values]).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
      ["hasOwnProperty", "3"],
    ]);
    expect(aFrame("{}").values.get("constructor")).toBeUndefined();
  });

  it("accepts nesting of any depth, in a frame larger than the limit", () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const nested = `${'{"a":'.repeat(10_000)}0${"}".repeat(10_000)}`;
    const huge = JSON.stringify('x"\\'.repeat(30_000)); // API Gateway accepts messages of 128 KB
    const frame = aFrame(`{"deep":${deep},"nested":${nested},"huge":${huge},"mt":"X"}`);
    expect(frame.values.get("deep")).toBe(deep);
    expect(frame.values.get("nested")).toBe(nested);
    expect(frame.values.get("huge")).toBe(huge);
    expect(frame.mt).toBe("X");
  });

  it.each(["", " ", "{", "{]", "{'mt':1}", '{"a":1,}', "\ufeff{}", "{}{}", "NaN"])(
    "rejects a text that is not JSON: %j",
    (text) => {
      expect(parseFrame(text)).toEqual({ ok: false, error: "not-json" });
    },
  );
  it.each(["[]", "null", "1", '"{}"', "true", '[{"mt":"AppChallenge"}]'])(
    "rejects a value that is not an object: %s",
    (text) => {
      expect(parseFrame(text)).toEqual({ ok: false, error: "not-an-object" });
    },
  );

  it.each(["{}", '{"mt":1}', '{"mt":null}', '{"mt":["AppLogin"]}', '{"MT":"AppLogin"}'])("has no mt: %s", (text) => {
    expect(aFrame(text).mt).toBe("");
  });
});

describe("replyText", () => {
  it("echoes api and src with their exact text, after mt", () => {
    for (const value of ['"5"', String.raw`"\u0035\/"`, "5", "1.0", "null", '{"a" : 1}', '""']) {
      const reply = (frame: string) => replyText({ mt: "R", ok: true, left: undefined }, aFrame(frame));
      expect(reply(`{"mt":"Q", "src" : ${value} }`)).toBe(`{"mt":"R","src":${value},"ok":true}`);
      expect(reply(`{"api" :${value},"mt":"Q"}`)).toBe(`{"mt":"R","api":${value},"ok":true}`);
      expect(reply(`{"src":"1","mt":"Q","api": ${value}}`)).toBe(`{"mt":"R","api":${value},"src":"1","ok":true}`);
    }
  });

  it("returns any api and src that it received, and no others", () => {
    const given = fc.record(
      { api: fc.string({ unit: "grapheme" }), src: fc.string({ unit: "grapheme" }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(given, fc.constantFrom({}, { err: "Malformed", info: "x" }), (members, rest) => {
        const reply = replyText({ mt: "R", ...rest }, aFrame({ mt: "Q", ...members }));
        expect(JSON.parse(reply)).toEqual({ mt: "R", ...members, ...rest });
      }),
    );
    expect(replyText({ mt: "R" })).toBe('{"mt":"R"}');
  });

  it("is JSON with mt, api, src and members for any of them", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.string(),
        fc.dictionary(fc.stringMatching(/^[a-z]{4,8}$/u), fc.jsonValue()),
        (api, src, mt, members) => {
          for (const reply of [
            { mt, ...members },
            { ...members, mt },
          ]) {
            expect(JSON.parse(replyText(reply, aFrame({ api, src })))).toEqual(
              JSON.parse(JSON.stringify({ mt, api, src, ...members })),
            );
          }
        },
      ),
    );
  });
});
