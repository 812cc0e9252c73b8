import { openWire, type Hearer, type Message, type Wire } from "../../../bin/pbx/protocol/wire.ts";

interface Frames {
  readonly framesIn: number;
  readonly framesOut: number;
  readonly bytesOut: number;
}

/** A PBX's wire whose frames are counted, as the service sees them: `in` is what the PBX sends. */
export interface CountedWire extends Wire {
  /** Sends a frame and waits for the message named `mt`. Rejects after `limitMs`. */
  ask(text: string, mt: string, limitMs: number): Promise<Message>;
  /** Frames since the last call. */
  take(): Frames;
}

export function countedWire(url: URL, connectMs: number): CountedWire {
  const wire = openWire({ url, connectMs, deflate: false });
  let [framesIn, framesOut, bytesOut] = [0, 0, 0];
  const send = (text: string) => {
    framesIn += 1;
    wire.send(text);
  };
  const hear = (hearer: Hearer) =>
    wire.hear({
      violation: (what) => hearer.violation(what),
      message: (message) => {
        framesOut += 1;
        bytesOut += Buffer.byteLength(message.text);
        hearer.message(message);
      },
    });
  return {
    ...wire,
    send,
    hear,
    ask: (text, mt, limitMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${mt} within ${limitMs} ms`)), limitMs);
        const violation = (what: string) => reject(new Error(`instead of ${mt}: ${what}`));
        hear({ violation, message: (message) => void (message.mt === mt && (clearTimeout(timer), resolve(message))) });
        send(text);
      }),
    take() {
      const frames = { framesIn, framesOut, bytesOut };
      [framesIn, framesOut, bytesOut] = [0, 0, 0];
      return frames;
    },
  };
}
