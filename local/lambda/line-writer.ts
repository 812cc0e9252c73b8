import { Writable } from "node:stream";

/** A stream that calls back with every line, without its line break, as soon as it is complete. */
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
