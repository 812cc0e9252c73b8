import { dynamoClient, sesClient } from "../adapters/aws/client/clients.ts";
import { dynamoCounters } from "../adapters/aws/shared/counters.ts";
import { dynamoDomainReader } from "../adapters/aws/domains/domains.ts";
import { dynamoKnownNetworks } from "../adapters/aws/mail/known-networks.ts";
import { sesMailer } from "../adapters/aws/mail/mail.ts";
import { dynamoNotices } from "../adapters/aws/domains/notices.ts";
import { dynamoRegistrations } from "../adapters/aws/registration/registrations.ts";
import { dynamoSuppressions } from "../adapters/aws/mail/suppressions.ts";
import { dynamoWebSessions } from "../adapters/aws/web/web-sessions.ts";
import { systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { mailHandler } from "../handlers/mail/mail.ts";
import { queue } from "../middleware/queue.ts";
import { sesEvents } from "../usecases/mail/ses-events.ts";
import { noticeMail } from "../usecases/mail/notice-mail.ts";
import { registrationMail } from "../usecases/registration/registration-mail.ts";
import { noticeMail as wordNotice } from "../views/mail/notice-mail.tsx";
import { registrationMail as wordRegistration } from "../views/registration/registration-mail.tsx";

const env = readEnv("mail", process.env);
const dynamo = dynamoClient();
const telemetry = createReporter({ stage: env.STAGE, function: "mail" }, systemClock, toStandardOutput);
const ports = {
  domains: dynamoDomainReader(dynamo, env.CORE_TABLE),
  suppressions: dynamoSuppressions(dynamo, env.CORE_TABLE),
  knownNetworks: dynamoKnownNetworks(dynamo, env.SESSIONS_TABLE),
  counters: dynamoCounters(dynamo, env.SESSIONS_TABLE),
  mailer: sesMailer(sesClient(), env.MAIL_FROM, env.CONFIGURATION_SET),
  clock: systemClock,
  random: systemRandom,
  telemetry,
  limits: env.LIMITS,
};
const ask = `${env.PUBLIC_URL}/push/manage`;

export const handler = queue(
  mailHandler({
    registration: registrationMail({
      ...ports,
      registrations: dynamoRegistrations(dynamo, env.SESSIONS_TABLE),
      compose: (registration, link) =>
        wordRegistration(registration, `${env.PUBLIC_URL}/push/verify?link=${link}`, env.OPERATOR),
    }),
    notice: noticeMail({
      ...ports,
      notices: dynamoNotices(dynamo, env.CORE_TABLE),
      links: dynamoWebSessions(dynamo, env.SESSIONS_TABLE),
      compose: (notice, link) =>
        wordNotice(
          notice,
          { ask, ...(link !== undefined && { link: `${env.PUBLIC_URL}/push/enter?link=${link}` }) },
          env.OPERATOR,
        ),
    }),
    sesEvent: sesEvents(ports),
  }),
  { telemetry, name: "mail" },
);
