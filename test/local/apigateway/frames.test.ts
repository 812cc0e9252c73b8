import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { watchFrameSize } from "../../../local/apigateway/websocket/frames.ts";

/** A masked text frame with a payload of that many bytes, as a client sends it. */
function frame(payload: number): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const header =
    payload < 126
      ? Buffer.from([0x81, 0x80 | payload])
      : payload < 65_536
        ? Buffer.from([0x81, 0xfe, 0, 0])
        : Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (header.length === 4) header.writeUInt16BE(payload, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(payload), 2);
  return Buffer.concat([header, mask, Buffer.alloc(payload)]);
}

/** Index of the chunk at which the watch reported a frame too large; undefined if it never did. */
function watch(limit: number, chunks: readonly Buffer[]): number | undefined {
  const socket = new PassThrough();
  let spoke = false;
  watchFrameSize(socket, limit, () => (spoke = true));
  for (const [index, chunk] of chunks.entries()) {
    socket.emit("data", chunk);
    if (spoke) return index;
  }
  return undefined;
}

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};
const sizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1 });

describe("watchFrameSize", () => {
  it("reports no frame within the limit, however the stream is split", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 10 }), sizes, (payloads, cuts) => {
        expect(watch(1_000, cut(Buffer.concat(payloads.map(frame)), cuts))).toBeUndefined();
      }),
    );
  });

  it("reports the first larger frame no later than its header is complete", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 10 }),
        fc.integer({ min: 1_001, max: 70_000 }),
        sizes,
        (before, large, cuts) => {
          const good = Buffer.concat(before.map(frame));
          const chunks = cut(Buffer.concat([good, frame(large)]), cuts);
          const headerEnd = good.length + (large < 65_536 ? 8 : 14);
          const spoken = watch(1_000, chunks) ?? -1;
          const passed = chunks.slice(0, spoken + 1).reduce((sum, { length }) => sum + length, 0);
          expect(passed).toBeGreaterThan(good.length);
          expect(passed - (chunks[spoken]?.length ?? 0)).toBeLessThan(headerEnd);
        },
      ),
    );
  });
});
