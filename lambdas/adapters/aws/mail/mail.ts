import { SendRawEmailCommand, type SESClient } from "@aws-sdk/client-ses";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Mailer } from "../../../ports/mail.ts";
import { call } from "../client/call.ts";

/**
 * Sends by SES; the configuration set, if there is one, brings bounces and complaints back. SES's SendEmail takes no
 * headers, and `Auto-Submitted` keeps robots from answering (RFC 3834, sections 2 and 5.1).
 */
export function sesMailer(client: SESClient, from: string, configurationSet: string | undefined): Mailer {
  return {
    async send({ to, subject, html, text }) {
      const message = new MailComposer({
        from,
        // One address, whatever characters it has: a string would be a list of them.
        to: { name: "", address: to },
        subject,
        html,
        text,
        // Else long lines of ASCII text would be wrapped, as `format=flowed`.
        textEncoding: "quoted-printable",
        headers: { "Auto-Submitted": "auto-generated" },
      }).compile();
      const Data = await message.build();
      const envelope = message.getEnvelope();
      await call("ses.SendRawEmail", (options) =>
        client.send(
          new SendRawEmailCommand({
            // Where SES reports bounces by email (SES API reference, SendRawEmail), and bare: it takes ASCII only.
            Source: envelope.from || undefined,
            Destinations: envelope.to,
            RawMessage: { Data },
            ConfigurationSetName: configurationSet,
          }),
          options,
        ),
      );
    },
  };
}
