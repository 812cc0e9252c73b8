import type { LocalHost } from "../../../local/host.ts";
import { getJson, postJson } from "../process/host.ts";
import { eventually } from "../process/waiting.ts";

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Ticket {
  readonly ticket: string;
  readonly code: string;
  readonly expiresIn: number;
}

export const mailsTo = async ({ url }: LocalHost, address: string): Promise<ReceivedMail[]> =>
  (await getJson<ReceivedMail[]>(`${url}/_local/mail`)).filter(({ to }) => to === address);

export async function request({ url }: LocalHost, domain: string, email: string): Promise<Ticket> {
  const response = await postJson(`${url}/push/register`, { domain, email });
  if (response.status !== 202) throw new Error(`register: ${response.status} ${await response.text()}`);
  return (await response.json()) as Ticket;
}

/** The link in the newest email to an address, once there are `count` of them. */
export async function linkTo(host: LocalHost, address: string, count = 1): Promise<string> {
  return eventually(async () => {
    const mails = await mailsTo(host, address);
    return mails.length < count ? undefined : /https?:\/\/\S+/u.exec(mails.at(-1)?.text ?? "")?.[0];
  });
}

export interface Form {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Names of the fields that people fill in. */
  readonly visible: readonly string[];
}

/** The forms of a page, as a client without JavaScript sees them. */
export function formsOf(page: string): Form[] {
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`, "u").exec(tag)?.[1] ?? "";
  return [...page.matchAll(/<form\b[^>]*>.*?<\/form>/gsu)].map(([form]) => {
    const inputs = [...form.matchAll(/<input\b[^>]*>/gu)].map(([tag]) => tag);
    const hidden = inputs.filter((tag) => attribute(tag, "type") === "hidden");
    return {
      action: attribute(form, "action"),
      hidden: Object.fromEntries(hidden.map((tag) => [attribute(tag, "name"), attribute(tag, "value")])),
      visible: inputs.filter((tag) => !hidden.includes(tag)).map((tag) => attribute(tag, "name")),
    };
  });
}

export const post = (link: string, { action, hidden, visible }: Form, code: string): Promise<Response> => {
  const fields = new URLSearchParams({ ...hidden, ...Object.fromEntries(visible.map((name) => [name, code])) });
  return fetch(new URL(action, link), { method: "POST", body: fields });
};

export const poll = ({ url }: LocalHost, ticket: string): Promise<Response> =>
  fetch(`${url}/push/register`, { headers: { authorization: `Bearer ${ticket}` } });

/** The whole story by HTTP; the n-th registration of an address waits for its n-th email. */
export async function register(
  host: LocalHost,
  domain: string,
  email: string,
  count = 1,
): Promise<{ password: string }> {
  const { ticket, code } = await request(host, domain, email);
  const link = await linkTo(host, email, count);
  const form = formsOf(await (await fetch(link)).text())[0];
  if (form === undefined) throw new Error("no form");
  await post(link, form, code);
  return (await (await poll(host, ticket)).json()) as { password: string };
}
