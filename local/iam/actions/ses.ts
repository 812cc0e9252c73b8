import { addressParser } from "postal-mime";
import { arn } from "../../aws/arn.ts";
import type { Facts } from "../facts.ts";
import { right, textOf, type RightsOf, type Table } from "./table.ts";

/**
 * A message with its own sender must be allowed for both, that one and `Source`: the strictest reading, as it is not
 * documented which one SES checks.
 *
 * Sources: Service Authorization Reference, "Amazon SES" (SendEmail and SendRawEmail: identity and configuration set; keys
 * ses:FromAddress, ses:FromDisplayName, ses:Recipients); SES API reference, SendRawEmail (Source or a From header, or both;
 * Destinations or the message's own); recorded refusals that name the recipient's identity while an account is in the
 * sandbox (aws-sdk-js#3641, cloudposse/terraform-aws-ses#40, GSA/data.gov#3810).
 */
const send =
  (action: string): RightsOf =>
  ({ input }, facts) => {
    const message = Buffer.from(textOf(input["RawMessage.Data"]), "base64").toString("utf8");
    const named = [textOf(input["Source"]), ...field(message, "From")].filter((sender) => sender !== "").map(parse);
    const given = Object.entries(input).flatMap(([name, value]) =>
      /^(?:Destination\.(?:To|Cc|Bcc)Addresses|Destinations)\.member\.\d+$/u.test(name) ? [textOf(value)] : [],
    );
    const recipients = (given.length > 0 ? given : ["To", "Cc", "Bcc"].flatMap((name) => field(message, name))).map(
      (recipient) => parse(recipient).address,
    );
    const set = textOf(input["ConfigurationSetName"]);
    return (named.length > 0 ? named : [parse("")]).flatMap(({ address, display }) => {
      const keys = { "ses:FromAddress": address, "ses:FromDisplayName": display, "ses:Recipients": recipients };
      const resources = [
        ...(address === "" ? [] : [identity(facts, address)]),
        ...(set === "" ? [] : [arn(facts, "ses", `configuration-set/${set}`)]),
        ...recipients.map((recipient) => identity(facts, recipient)),
      ];
      return [...new Set(resources)].map((resource) => right(action, resource, keys));
    });
  };

/** The mailboxes in a header field of a message, if any. */
function field(message: string, name: string): readonly string[] {
  const [head = ""] = message.split(/\r?\n\r?\n/u, 1);
  const value = new RegExp(`^${name}:(.*(?:\\r?\\n[ \\t].*)*)`, "imu").exec(head)?.[1]?.replaceAll(/\r?\n/gu, "") ?? "";
  return addressParser(value, { flatten: true }).map(({ name: display, address = "" }) => `${display} <${address}>`);
}

/** The identity that covers an address: the address or domain that SES knows, else the address. */
function identity(facts: Facts, address: string): string {
  const domain = address.split("@").at(-1) ?? "";
  return arn(facts, "ses", `identity/${!facts.isIdentity(address) && facts.isIdentity(domain) ? domain : address}`);
}

/** `Push <push@example.com>` → its address, in lower case, and its display name. */
function parse(mailbox: string): { readonly address: string; readonly display: string | undefined } {
  const [, display, address] = /^\s*(.*?)\s*<([^<>]+)>\s*$/u.exec(mailbox) ?? [];
  return address === undefined
    ? { address: mailbox.trim().toLowerCase(), display: undefined }
    : { address: address.toLowerCase(), display: display?.replace(/^"|"$/gu, "") || undefined };
}

export const ses: Table = { SendEmail: send("ses:SendEmail"), SendRawEmail: send("ses:SendRawEmail") };
