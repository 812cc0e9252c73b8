import { constants, createCipheriv, createDecipheriv, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";

/**
 * Seals texts to an RSA key whose private half never leaves KMS: this service can store a device token and not read it
 * again. A sealed text is `v1.<wrapped key>.<iv>.<tag>.<text>`, each in base64url: AES-256-GCM under a fresh key, the
 * key wrapped by RSA-OAEP with SHA-256 (KMS: RSAES_OAEP_SHA_256).
 *
 * @param publicKey SPKI DER in base64; throws if it is not one, so that it fails at init
 */
export function sealer(publicKey: string): (text: string) => string {
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  return (text) => {
    const content = randomBytes(32);
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", content, iv);
    const sealed = Buffer.concat([cipher.update(Buffer.from(text)), cipher.final()]);
    const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, content);
    return ["v1", ...[wrapped, iv, cipher.getAuthTag(), sealed].map((part) => part.toString("base64url"))].join(".");
  };
}

/** A sealed text in its parts; unwrapping `wrapped` gives the key that opens it. */
export interface Sealed {
  /** The key of the text, RSAES_OAEP_SHA_256 under the KMS key. */
  readonly wrapped: Uint8Array;
  /** The text, given the unwrapped key; undefined if the key is another one or the text was changed. */
  open(key: Uint8Array): string | undefined;
}

/** Reads what `sealer` wrote; undefined for anything else. Only operators' tools call this. */
export function sealedText(text: string): Sealed | undefined {
  const [version, ...parts] = text.split(".");
  const [wrapped, iv, tag, sealed] = parts.map((part) => Buffer.from(part, "base64url"));
  if (version !== "v1" || parts.length !== 4 || !wrapped || !iv || !tag || !sealed) return undefined;
  return {
    wrapped,
    open: (key) => {
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(tag);
        return Buffer.concat([decipher.update(sealed), decipher.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}
