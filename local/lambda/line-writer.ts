import { Writable } from "node:stream";

/** A stream that tells every line written to it, without its end, at once. */
export function lineWriter(onLine: (line: string) => void): Writable {
  let begun = "";
  return new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _encoding, done) {
      const complete = (begun + text.toString()).split("\n");
      begun = complete.pop() ?? "";
      complete.forEach((line) => onLine(line));
      done();
    },
  });
}
