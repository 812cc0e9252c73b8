import { randomUUID } from "node:crypto";
import PostalMime, { type Address } from "postal-mime";
import { AwsError, queryResponse, type AwsService } from "../aws/protocols.ts";
import type { Mail, Mailbox } from "./mailbox.ts";

/** SES's query protocol: SendEmail and SendRawEmail, delivered at once to the mailbox. */
export function createSes(mailbox: Mailbox): AwsService {
  return async ({ operation, body }) => {
    const form = new URLSearchParams(body.toString("utf8"));
    const mail = operation === "SendEmail" ? simple(form) : operation === "SendRawEmail" ? await raw(form) : undefined;
    if (mail === undefined) throw new AwsError("InvalidAction", `SES ${operation} is not simulated`);
    mailbox.add(mail);
    const result = `<${operation}Result><MessageId>${randomUUID()}</MessageId></${operation}Result>`;
    return queryResponse(`<${operation}Response>${result}</${operation}Response>`);
  };
}

function simple(form: URLSearchParams): Mail {
  const to = ["To", "Cc", "Bcc"].flatMap((kind) => members(form, `Destination.${kind}Addresses.member.`));
  if (to.length === 0) throw new AwsError("InvalidParameterValue", "no recipient");
  const text = form.get("Message.Body.Text.Data") ?? "";
  const html = form.get("Message.Body.Html.Data") ?? "";
  if (text === "" && html === "") throw new AwsError("InvalidParameterValue", "a mail needs a text or HTML body");
  return {
    to: to.map(bareAddress).join(", "),
    from: required(form, "Source"),
    subject: required(form, "Message.Subject.Data"),
    text,
    html,
    date: new Date().toISOString(),
  };
}

async function raw(form: URLSearchParams): Promise<Mail> {
  const source = Buffer.from(required(form, "RawMessage.Data"), "base64");
  const { from, to = [], cc = [], subject = "", text = "", html = "" } = await PostalMime.parse(source);
  const envelope = members(form, "Destinations.member.");
  const recipients = envelope.length > 0 ? envelope.map(bareAddress) : [...to, ...cc].flatMap(addressesOf);
  if (recipients.length === 0) throw new AwsError("InvalidParameterValue", "no recipient");
  const sender = from === undefined ? form.get("Source") : withName(from);
  if (sender === null) throw new AwsError("InvalidParameterValue", "no sender");
  return { to: recipients.join(", "), from: sender, subject, text, html, date: new Date().toISOString() };
}

const addressesOf = (address: Address): string[] =>
  address.group === undefined ? [address.address] : address.group.map((mailbox) => mailbox.address);

const withName = ({ name, address = "" }: Address) => (name === "" ? address : `${name} <${address}>`);

/** `Name <a@b>` → `a@b` */
const bareAddress = (address: string) => /<([^<>]+)>\s*$/u.exec(address)?.[1] ?? address;

const members = (form: URLSearchParams, prefix: string) =>
  [...form].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value);

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") throw new AwsError("ValidationError", `${name} is missing`);
  return value;
}
