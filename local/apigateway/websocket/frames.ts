import type { Duplex } from "node:stream";

/** API Gateway closes a socket on a larger frame, although it takes longer messages in several. */
export const FRAME_LIMIT = 32 * 1024; // bytes
export const MESSAGE_LIMIT = 128 * 1024; // bytes

/**
 * Reads the frame headers as they pass by (RFC 6455, 5.2) and calls back once at the first frame whose payload is larger
 * than `limit` bytes: `ws` itself knows a limit for whole messages only. Sees every chunk before the parser does.
 */
export function watchFrameSize(socket: Duplex, limit: number, onTooLarge: () => void): void {
  let header = Buffer.alloc(0); // the beginning of one that is incomplete
  let payload = 0; // bytes of the frame under way still to come
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
