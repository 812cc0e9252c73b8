import { SendRawEmailCommand, type SESClient } from "@aws-sdk/client-ses";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Mailer } from "../../../ports/mail.ts";
import { call } from "../client/call.ts";

/**
 * Sends through SES; the configuration set, if any, reports bounces and complaints. Not by SendEmail, which takes no
 * headers: `Auto-Submitted` keeps robots from answering (RFC 3834, sections 2 and 5.1).
 */
export function sesMailer(client: SESClient, from: string, configurationSet: string | undefined): Mailer {
  return {
    async send({ to, subject, html, text }) {
      const message = new MailComposer({
        from,
        // One address, whatever its characters: a string would be parsed as a list of addresses.
        to: { name: "", address: to },
        subject,
        html,
        text,
        // Otherwise long lines of ASCII text would be wrapped, as `format=flowed`.
        textEncoding: "quoted-printable",
        headers: { "Auto-Submitted": "auto-generated" },
      }).compile();
      const Data = await message.build();
      const envelope = message.getEnvelope();
      await call("ses.SendRawEmail", (options) =>
        client.send(
          new SendRawEmailCommand({
            // Where SES reports bounces by email (SES API reference, SendRawEmail), without a name: it takes ASCII
            // only.
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
