import { request } from "../pbx/http.ts";

/**
 * The administrator at the link in the email: opens the page, enters the code into its one visible field, sends the form.
 * Each request ends within 10 s; rejects as `request` does.
 */
export async function confirmByLink(link: string, code: string, signal: AbortSignal): Promise<void> {
  const page = await request(new URL(link), signal, {});
  const form = /<form\b[^>]*>.*?<\/form>/su.exec(page)?.[0];
  if (form === undefined) throw new Error(`the page behind ${link} has no form`);
  const inputs = [...form.matchAll(/<input\b[^>]*>/gu)].map(([tag]) => tag);
  const fields = inputs.map((tag) => [
    attribute(tag, "name"),
    attribute(tag, "type") === "hidden" ? attribute(tag, "value") : code,
  ]);
  const action = new URL(attribute(form, "action"), link);
  await request(action, signal, { method: "POST", body: new URLSearchParams(fields) });
}

const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`, "u").exec(tag)?.[1] ?? "";
