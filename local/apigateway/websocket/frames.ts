import type { Duplex } from "node:stream";

/** API Gateway closes the socket on a larger frame, though it accepts longer messages in several frames. */
export const FRAME_LIMIT = 32 * 1024; // bytes
export const MESSAGE_LIMIT = 128 * 1024; // bytes

/**
 * Reads frame headers (RFC 6455, 5.2) before the parser does, and calls back once at the first frame with a payload
 * larger than `limit` bytes: `ws` itself limits whole messages only.
 */
export function watchFrameSize(socket: Duplex, limit: number, onTooLarge: () => void): void {
  let header = Buffer.alloc(0); // start of an incomplete header
  let payload = 0; // bytes left of the current frame
  const watch = (chunk: Buffer) => {
    let bytes = header.length === 0 ? chunk : Buffer.concat([header, chunk]);
    header = Buffer.alloc(0);
    for (;;) {
      const passed = Math.min(payload, bytes.length);
      payload -= passed;
      bytes = bytes.subarray(passed);
      if (bytes.length === 0) return;
      const frame = parseHeader(bytes);
      if (frame === undefined) {
        header = Buffer.from(bytes);
        return;
      }
      if (frame.payload > limit) {
        socket.off("data", watch);
        return onTooLarge();
      }
      payload = frame.payload;
      bytes = bytes.subarray(frame.header);
    }
  };
  socket.prependListener("data", watch);
}

/** Sizes in bytes of a client's frame; undefined while its header is incomplete. */
function parseHeader(bytes: Buffer): { readonly header: number; readonly payload: number } | undefined {
  const short = bytes.length < 2 ? undefined : bytes.readUInt8(1) & 0x7f;
  if (short === undefined) return undefined;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = bytes.readUInt8(1) & 0x80 ? 4 : 0;
  const header = 2 + extra + mask;
  if (bytes.length < header) return undefined;
  const payload = extra === 2 ? bytes.readUInt16BE(2) : extra === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  return { header, payload };
}
