/** The administrator at the link in the mail: opens the page, enters the code into its one visible field, sends the form. */
export async function confirmByLink(link: string, code: string): Promise<void> {
  const page = await (await fetch(link)).text();
  const form = /<form\b[^>]*>.*?<\/form>/su.exec(page)?.[0];
  if (form === undefined) throw new Error(`the page behind ${link} has no form`);
  const inputs = [...form.matchAll(/<input\b[^>]*>/gu)].map(([tag]) => tag);
  const fields = inputs.map((tag) => [
    attribute(tag, "name"),
    attribute(tag, "type") === "hidden" ? attribute(tag, "value") : code,
  ]);
  const response = await fetch(new URL(attribute(form, "action"), link), {
    method: "POST",
    body: new URLSearchParams(fields),
  });
  if (!response.ok) throw new Error(`the page answered ${response.status} to the code`);
}

const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`, "u").exec(tag)?.[1] ?? "";
