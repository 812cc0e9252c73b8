import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sealedText, sealer } from "../../../lambdas/core/push/seal.ts";

describe("sealer", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const seal = sealer(publicKey.export({ format: "der", type: "spki" }).toString("base64"));

  /** Decrypts as an operator does with KMS (RSAES_OAEP_SHA_256). */
  function unseal(sealed: string): string {
    const [version, ...parts] = sealed.split(".");
    const [wrapped, iv, tag, text] = parts.map((part) => Buffer.from(part, "base64url")) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const content = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
      wrapped,
    );
    expect([version, content.length]).toEqual(["v1", 32]);
    const decipher = createDecipheriv("aes-256-gcm", content, iv).setAuthTag(tag);
    return decipher.update(text, undefined, "utf8") + decipher.final("utf8");
  }

  it("seals any text so that only the private key opens it", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 }).map((any) => any.toWellFormed());
    fc.assert(
      fc.property(text, (token) => {
        expect(unseal(seal(token))).toBe(token);
      }),
      { numRuns: 20 },
    );
    expect(unseal(seal("x".repeat(8_192)))).toHaveLength(8_192);
  });

  it("seals the same text differently every time, and detects a change", () => {
    const sealed = seal("token");
    expect(seal("token")).not.toBe(sealed);
    const flipped = sealed.at(-2) === "A" ? "B" : "A"; // the last character may contain unused bits
    expect(() => unseal(sealed.slice(0, -2) + flipped + sealed.slice(-1))).toThrow();
  });

  it("is opened again with its unwrapped key", () => {
    const oaep = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    const sealed = sealedText(seal("token"));
    expect(sealed?.open(privateDecrypt(oaep, sealed.wrapped))).toBe("token");
    expect(sealed?.open(Buffer.alloc(32))).toBeUndefined();
    expect(sealed?.open(Buffer.alloc(5))).toBeUndefined();
  });

  it.each(["", "token", "v2.a.b.c.d", "v1.a.b.c", "v1.a.b.c.d.e"])("rejects %j as sealed text", (text) =>
    expect(sealedText(text)).toBeUndefined(),
  );

  it("rejects an invalid key", () => expect(() => sealer("bm8ga2V5")).toThrow());
});
