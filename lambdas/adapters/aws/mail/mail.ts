import { SendEmailCommand, type SESClient } from "@aws-sdk/client-ses";
import type { Mailer } from "../../../ports/mail.ts";
import { call } from "../client/call.ts";

/** Sends by SES; the configuration set, if there is one, brings bounces and complaints back. */
export function sesMailer(client: SESClient, from: string, configurationSet: string | undefined): Mailer {
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  return {
    async send({ to, subject, html, text }) {
      await call("ses.SendEmail", (options) =>
        client.send(
          new SendEmailCommand({
            Source: from,
            Destination: { ToAddresses: [to] },
            Message: { Subject: utf8(subject), Body: { Html: utf8(html), Text: utf8(text) } },
            ConfigurationSetName: configurationSet,
          }),
          options,
        ),
      );
    },
  };
}
