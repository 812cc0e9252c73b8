import { arnOf, type Facts } from "../facts.ts";
import { right, textOf, type RightsOf, type Table } from "./table.ts";

/**
 * Sources: Service Authorization Reference, "Amazon SES" (identity and configuration set; keys ses:FromAddress,
 * ses:FromDisplayName, ses:Recipients); recorded refusals that name the recipient's identity while an account is in the
 * sandbox (aws-sdk-js#3641, cloudposse/terraform-aws-ses#40, GSA/data.gov#3810).
 */
const send =
  (action: string): RightsOf =>
  ({ input }, facts) => {
    const { address, display } = parse(textOf(input["Source"]));
    const recipients = Object.entries(input).flatMap(([name, value]) =>
      /^(?:Destination\.(?:To|Cc|Bcc)Addresses|Destinations)\.member\.\d+$/u.test(name)
        ? [parse(textOf(value)).address]
        : [],
    );
    const set = textOf(input["ConfigurationSetName"]);
    const keys = { "ses:FromAddress": address, "ses:FromDisplayName": display, "ses:Recipients": recipients };
    const resources = [
      ...(address === "" ? [] : [identity(facts, address)]),
      ...(set === "" ? [] : [arnOf(facts, "ses", `configuration-set/${set}`)]),
      ...recipients.map((recipient) => identity(facts, recipient)),
    ];
    return [...new Set(resources)].map((resource) => right(action, resource, keys));
  };

/** The identity that covers an address: the address itself or its domain where SES knows it, else the address. */
function identity(facts: Facts, address: string): string {
  const domain = address.split("@").at(-1) ?? "";
  return arnOf(facts, "ses", `identity/${!facts.isIdentity(address) && facts.isIdentity(domain) ? domain : address}`);
}

/** `Push <push@example.com>` → its address, in lower case, and its display name. */
function parse(mailbox: string): { readonly address: string; readonly display: string | undefined } {
  const [, display, address] = /^\s*(.*?)\s*<([^<>]+)>\s*$/u.exec(mailbox) ?? [];
  return address === undefined
    ? { address: mailbox.trim().toLowerCase(), display: undefined }
    : { address: address.toLowerCase(), display: display?.replace(/^"|"$/gu, "") };
}

export const ses: Table = { SendEmail: send("ses:SendEmail"), SendRawEmail: send("ses:SendRawEmail") };
