import type { Hash, SourceData } from "@smithy/types";
import { createHash, createHmac, createSecretKey, type Hash as NodeHash, type Hmac } from "node:crypto";

/**
 * SHA-256, and HMAC of it with a key, for the SDK's signer: node:crypto, as the SDK's own. Only a key in bytes is made a
 * KeyObject first: Node 24's createHmac takes five times as long for the bytes themselves (docs/performance.md).
 */
export class Sha256 implements Hash {
  readonly #hash: NodeHash | Hmac;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(secret));
  }

  update(data: SourceData): void {
    this.#hash.update(typeof data === "string" ? data : viewOf(data));
  }

  /** 32 bytes; ends the hash. */
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

const keyOf = (secret: SourceData) => (typeof secret === "string" ? secret : createSecretKey(viewOf(secret)));
const viewOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
