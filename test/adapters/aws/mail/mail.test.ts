import { SESClient } from "@aws-sdk/client-ses";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sesMailer } from "../../../../lambdas/adapters/aws/mail/mail.ts";
import { startFakeAws, type FakeAws } from "../../../support/aws/fake-aws.ts";

const BODY =
  "<SendRawEmailResponse><SendRawEmailResult><MessageId>m</MessageId></SendRawEmailResult></SendRawEmailResponse>";
const MAIL = { to: "a@example.net", subject: "Push", html: "<p>ü</p>", text: "ü" };

let aws: FakeAws;
let client: SESClient;
beforeAll(async () => {
  aws = await startFakeAws(() => ({ body: BODY }));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new SESClient({ endpoint: aws.url, region: "eu-central-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});

/** What SES gets: the call's form, the message's raw header, and the message as an email program reads it. */
async function sent(mail: Partial<typeof MAIL>, from = "PBX Push <push@example.com>", configurationSet?: string) {
  await sesMailer(client, from, configurationSet).send({ ...MAIL, ...mail });
  const form = new URLSearchParams(aws.asked.at(-1)?.body);
  const source = Buffer.from(form.get("RawMessage.Data") ?? "", "base64").toString("utf8");
  const [header = ""] = source.split("\r\n\r\n", 1);
  return { form: Object.fromEntries(form), source, header, read: await PostalMime.parse(source) };
}

const FIELDS = ["Auto-Submitted", "From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"];
const namesIn = (header: string) => [...header.matchAll(/^([^\s:]+):/gmu)].map(([, name]) => name);

describe("an email at SES's wire", () => {
  it("is marked as automatic, with bare addresses in the envelope and the configuration set", async () => {
    const { form, header, read } = await sent({}, undefined, "push-test-mail");
    expect(form).toMatchObject({
      Action: "SendRawEmail",
      Source: "push@example.com",
      "Destinations.member.1": "a@example.net",
      ConfigurationSetName: "push-test-mail",
    });
    expect(namesIn(header)).toEqual(FIELDS);
    expect(header).toMatch(/^Auto-Submitted: auto-generated\r$/mu);
    expect(header).toMatch(/^Content-Type: multipart\/alternative;/mu);
    expect(read.from).toEqual({ name: "PBX Push", address: "push@example.com" });
    expect(read.to).toEqual([{ name: "", address: "a@example.net" }]);
    expect(read).toMatchObject({ subject: "Push", html: "<p>ü</p>\n", text: "ü\n" });
  });

  it("names no configuration set if there is none", async () => {
    expect((await sent({})).form).not.toHaveProperty("ConfigurationSetName");
  });

  it("is ASCII: encoded words in names and subjects, A-labels in addresses", async () => {
    const subject = `Grüße 😀 ${"für die Anlage ".repeat(20)}`.trim();
    const { form, source, read } = await sent({ subject, to: "a@bücher.example" }, "Püsh 😀 <push@müller.example>");
    expect(source).toMatch(/^[\t\r\n\x20-\x7e]+$/u);
    expect(form).toMatchObject({
      Source: "push@xn--mller-kva.example",
      "Destinations.member.1": "a@xn--bcher-kva.example",
    });
    expect(read).toMatchObject({ subject, from: { name: "Püsh 😀" } });
  });

  it("keeps long lines intact, with no line over 998 octets", async () => {
    const text = `https://push.example.com/${"a".repeat(1_200)} and ${"more ".repeat(300)}.`;
    const { source, read } = await sent({ text });
    expect(read.text).toBe(`${text}\n`);
    expect(Math.max(...source.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it.each(["\r\n", "\n", "\r", "\r\n\r\n"])("gets no extra field or recipient from %j", async (end) => {
    const more = `${end}Bcc: evil@x.example`;
    for (const { form, header, read } of [
      await sent({ subject: `s${more}` }),
      await sent({}, `"Push${more}" <push@example.com>`),
      await sent({ to: `a@example.net${more}` }),
      await sent({ to: "a@example.net, evil@x.example" }),
    ]) {
      expect(namesIn(header)).toEqual(FIELDS);
      expect(read.to).toHaveLength(1);
      expect(read.from?.address).toBe("push@example.com");
      expect(Object.keys(form).filter((name) => name.startsWith("Destinations"))).toEqual(["Destinations.member.1"]);
      expect(form["Destinations.member.1"]).not.toBe("evil@x.example");
    }
  });
});
