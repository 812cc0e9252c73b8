import { invalidParameter, nullMember } from "./errors.ts";
import type { MessageAttribute } from "../../sqs/queue.ts";
import type { MessageAttributes } from "../types.ts";

/** One request of the AWS Query protocol: a form of flat names (`Attributes.entry.1.key`). */
export class Query {
  readonly action: string;
  readonly #form: URLSearchParams;

  constructor(body: string) {
    this.#form = new URLSearchParams(body);
    this.action = this.#form.get("Action") ?? "";
  }

  text(name: string): string | undefined {
    return this.#form.get(name) ?? undefined;
  }

  /** The value of a required member; SNS names it with a small first letter when it is missing. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw nullMember(name.charAt(0).toLowerCase() + name.slice(1));
    return value;
  }

  /** A map such as `Attributes`; undefined where the request has none (an empty one is not sent at all). */
  map(name: string): Map<string, string> | undefined {
    const map = new Map<string, string>();
    for (let n = 1; this.#form.has(`${name}.entry.${n}.key`); n += 1) {
      map.set(this.text(`${name}.entry.${n}.key`) ?? "", this.text(`${name}.entry.${n}.value`) ?? "");
    }
    return map.size === 0 ? undefined : map;
  }

  requiredMap(name: string): Map<string, string> {
    const map = this.map(name);
    if (map === undefined) throw nullMember(name.charAt(0).toLowerCase() + name.slice(1));
    return map;
  }

  messageAttributes(): MessageAttributes {
    const attributes = new Map<string, MessageAttribute>();
    for (let n = 1; this.#form.has(`MessageAttributes.entry.${n}.Name`); n += 1) {
      const at = `MessageAttributes.entry.${n}`;
      const name = this.text(`${at}.Name`) ?? "";
      const StringValue = this.text(`${at}.Value.StringValue`);
      const BinaryValue = this.text(`${at}.Value.BinaryValue`);
      if (!StringValue && !BinaryValue) {
        const rule = "must contain non-empty message attribute value for message attribute type 'String'.";
        throw invalidParameter(`The message attribute '${name}' ${rule}`);
      }
      attributes.set(name, {
        DataType: this.text(`${at}.Value.DataType`) ?? "String",
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue }),
      });
    }
    return attributes;
  }
}
