import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODE_BYTES, hashCode, isCode, newCode, pastedCode } from "../../../lambdas/core/shared/code.ts";
import { hashToken, isToken, newToken, pastedToken, TOKEN_BYTES } from "../../../lambdas/core/shared/token.ts";

const TOKEN = `${"aB3".repeat(14)}z`;

describe("tokens and codes", () => {
  it("have their format, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: TOKEN_BYTES, maxLength: TOKEN_BYTES }), (bytes) => {
        expect(isToken(newToken(bytes))).toBe(true);
        expect(newCode(bytes.slice(0, CODE_BYTES))).toMatch(/^\d{6}$/u);
      }),
    );
  });

  it("are stored as hashes that reveal neither", () => {
    expect(hashToken("abc")).toMatch(/^[0-9a-f]{64}$/u);
    expect(hashCode("one", "012345")).not.toBe(hashCode("two", "012345"));
  });
});

/** Characters added when people copy text from an email, a chat or a document. */
const PASTED: readonly ((text: string) => string)[] = [
  (text) => ` ${text}\r\n`,
  (text) => `${text}.`,
  (text) => `<${text}>`,
  (text) => `(${text})`,
  (text) => `"${text}"`,
  (text) => `“${text}”`,
  (text) => `„${text}“`,
  (text) => `«${text}»`,
  (text) => `${text.slice(0, 3)} ${text.slice(3)}`,
  (text) => `${text.slice(0, 3)}-${text.slice(3)}`,
  (text) => `${text.slice(0, 4)}\r\n${text.slice(4)}`,
  (text) => `${text.slice(0, 4)}=\n${text.slice(4)}`,
  (text) => `\ufeff${text}`,
  (text) => [...text].join("\u200b"),
  (text) => `${text.slice(0, 2)}\u00ad${text.slice(2)}\u2060`,
  (text) => `\u202a${text}\u202c`,
  (text) => `${text}\u00a0`,
  (text) => text.replaceAll(/[!-~]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
];

describe("what people paste", () => {
  it.each(PASTED.map((pasted) => [pasted("012345"), pasted(TOKEN)]))("reads %j as intended", (code, token) => {
    expect(pastedCode(code)).toBe("012345");
    expect(pastedToken(token)).toBe(TOKEN);
  });

  it.each(["", "12345", "0123456", "012345x", "l23456", "test@example.com", "012345".repeat(1_000), "٠١٢٣٤٥"])(
    "does not read %j as a code",
    (typed) => {
      expect(pastedCode(typed)).toBeUndefined();
    },
  );

  it("is read up to 200 characters", () => {
    expect(pastedToken(`${".".repeat(200 - TOKEN.length)}${TOKEN}`)).toBe(TOKEN);
    expect(pastedToken(`${".".repeat(201 - TOKEN.length)}${TOKEN}`)).toBeUndefined();
  });

  it.each(["", TOKEN.slice(1), `${TOKEN}x`, `é${TOKEN}`, TOKEN.repeat(1_000)])(
    "does not read %j as a token",
    (pasted) => {
      expect(pastedToken(pasted)).toBeUndefined();
    },
  );

  it("finds only codes and tokens contained in the text, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const code = pastedCode(text);
        if (code !== undefined) expect(text.normalize("NFKC").match(/\d/gu)?.join("")).toBe(code);
      }),
    );
  });
});

describe("isCode", () => {
  it("accepts only the code of its own window", () => {
    expect(isCode("012345", { id: "id", codeHash: hashCode("id", "012345") })).toBe(true);
    expect(isCode("543210", { id: "id", codeHash: hashCode("id", "012345") })).toBe(false);
    expect(isCode("012345", { id: "other", codeHash: hashCode("id", "012345") })).toBe(false);
  });

  it("accepts nothing if the hash is malformed", () => {
    expect(isCode("012345", { id: "id", codeHash: "" })).toBe(false);
  });
});
