import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SESClient } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { generateKeyPairSync } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { dynamoPostContext } from "../../../lambdas/adapters/aws/push/post-context.ts";
import { sqsChecks } from "../../../lambdas/adapters/aws/pbx/check-queue.ts";
import { leanDynamo, leanSns, leanSqs } from "../../../lambdas/adapters/aws/client/lean-client.ts";
import { overDynamo, overSqs } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import { dynamoCounters } from "../../../lambdas/adapters/aws/shared/counters.ts";
import { dynamoPbxSecrets } from "../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { dynamoNewTokens } from "../../../lambdas/adapters/aws/push/new-tokens.ts";
import { dynamoDevices } from "../../../lambdas/adapters/aws/push/devices.ts";
import { sqsMailQueue } from "../../../lambdas/adapters/aws/mail/mail-queue.ts";
import { dynamoDomains } from "../../../lambdas/adapters/aws/domains/domains.ts";
import { sesMailer } from "../../../lambdas/adapters/aws/mail/mail.ts";
import { dynamoNotices } from "../../../lambdas/adapters/aws/domains/notices.ts";
import { dynamoOutcomes } from "../../../lambdas/adapters/aws/push/outcomes.ts";
import { dynamoRegistrations } from "../../../lambdas/adapters/aws/registration/registrations.ts";
import { dynamoSecrets } from "../../../lambdas/adapters/aws/domains/secrets.ts";
import { dynamoNetworks } from "../../../lambdas/adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../lambdas/adapters/aws/pbx/sockets.ts";
import { dynamoKnownNetworks } from "../../../lambdas/adapters/aws/mail/known-networks.ts";
import { dynamoSuppressions } from "../../../lambdas/adapters/aws/mail/suppressions.ts";
import { dynamoWebSessions } from "../../../lambdas/adapters/aws/web/web-sessions.ts";
import { snsDispatcher } from "../../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import { snsMessage } from "../../../lambdas/adapters/aws/push/sns-message.ts";
import { newId, systemClock, systemRandom } from "../../../lambdas/adapters/host.ts";
import { createReporter } from "../../../lambdas/adapters/telemetry.ts";
import type { Reporter } from "../../../lambdas/ports/telemetry.ts";
import type { App } from "../../../lambdas/core/push/apps.ts";
import type { Limits } from "../../../lambdas/core/shared/limits.ts";
import { sealer } from "../../../lambdas/core/push/seal.ts";
import { composeMessage } from "../../../lambdas/core/push/message.ts";
import { mailHandler } from "../../../lambdas/handlers/mail/mail.ts";
import { pageRoutes } from "../../../lambdas/handlers/registration/pages.ts";
import { pushHandler } from "../../../lambdas/handlers/push/push.ts";
import { registrationRoutes } from "../../../lambdas/handlers/registration/registration.ts";
import { problemJson, router, unavailable } from "../../../lambdas/handlers/shared/routes.ts";
import { sessionFailure, sessionHandler } from "../../../lambdas/handlers/pbx/session.ts";
import { http } from "../../../lambdas/middleware/http.ts";
import { queue } from "../../../lambdas/middleware/queue.ts";
import { socket } from "../../../lambdas/middleware/socket.ts";
import { registrationLink } from "../../../lambdas/usecases/registration/confirm.ts";
import { pbxSession } from "../../../lambdas/usecases/pbx/session.ts";
import { deliveryEvents } from "../../../lambdas/usecases/push/delivery-events.ts";
import { sesEvents } from "../../../lambdas/usecases/mail/ses-events.ts";
import { noticeMail } from "../../../lambdas/usecases/mail/notice-mail.ts";
import { answerPosts, postFailure } from "../../../lambdas/usecases/push/post.ts";
import { connectWindow } from "../../../lambdas/usecases/registration/connect-window.ts";
import { registrationMail } from "../../../lambdas/usecases/registration/registration-mail.ts";
import { noticeMail as wordNotice } from "../../../lambdas/views/mail/notice-mail.tsx";
import { registrationMail as wordRegistration } from "../../../lambdas/views/registration/registration-mail.tsx";
import { PUBLISHED, MAILED, snsAnswer, dynamoAnswer, sqsAnswer, tables } from "./aws-answers.ts";
import { inMemory, inMemoryTransport } from "./in-memory-aws.ts";

export const app: App = {
  id: "ios-call",
  platform: "APNS_VOIP",
  bundle: "com.example.phone",
  applicationArn: "arn:aws:sns:eu-central-1:000000000000:app/APNS_VOIP/ios-call",
  default: true,
  callTtl: 8,
  notificationTtl: 86_400,
  maxPayload: 5_120,
};
/** Too high for the bench to reach. */
const limits = new Proxy({} as Limits, { get: () => 1e9 });
const PAGES = "https://push.example.com/push";
const CHECKS = "https://sqs.eu-central-1.amazonaws.com/000000000000/checks";

const common = { region: "eu-central-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
const environment = { AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };

/** A single Publish by the SDK's client with its defaults. */
export function barePublish(onCall: () => void) {
  const answer = () => (onCall(), PUBLISHED);
  const client = new SNSClient({ ...common, requestHandler: inMemory("text/xml", answer) });
  return async () => {
    const now = Date.now();
    const message = composeMessage(
      app,
      { id: "i".repeat(22), kind: "call", payload: `{"data":"${"x".repeat(500)}"}`, arrivedAt: now },
      now,
    );
    if (!message.ok) throw new Error(message.error.info);
    const { MessageId } = await client.send(new PublishCommand({ TargetArn: "arn:x", ...snsMessage(message.value) }));
    return { statusCode: 200, body: MessageId };
  };
}

/**
 * The functions on a PBX's path, composed as in their entrypoints, with AWS answering in memory.
 *
 * @param onCall called on every call of AWS
 */
export function functions(reporter: Reporter, onCall: () => void) {
  const answering = (answer: (operation: string, body: string) => string) => (operation: string, body: string) => {
    onCall();
    return answer(operation, body);
  };
  const rows = inMemory("application/x-amz-json-1.0", answering(dynamoAnswer));
  const messages = inMemory("application/x-amz-json-1.0", answering(sqsAnswer));
  const lean = {
    dynamo: leanDynamo(environment, inMemoryTransport(answering(dynamoAnswer))),
    sns: leanSns(environment, inMemoryTransport(answering(snsAnswer))),
    sqs: leanSqs(environment, inMemoryTransport(answering(sqsAnswer))),
  };
  const dynamo = overDynamo(new DynamoDBClient({ ...common, requestHandler: rows }));
  const sqs = new SQSClient({ ...common, requestHandler: messages });
  const ses = new SESClient({
    ...common,
    requestHandler: inMemory(
      "text/xml",
      answering(() => MAILED),
    ),
  });
  const shared = { clock: systemClock, random: systemRandom, telemetry: reporter, limits };
  const publicKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "der",
  });

  const post = answerPosts({
    ...shared,
    context: dynamoPostContext(lean.dynamo, tables),
    devices: dynamoDevices(lean.dynamo, tables.core),
    newTokens: dynamoNewTokens(lean.dynamo, tables.core),
    dispatcher: snsDispatcher(lean.sns),
    checks: sqsChecks(lean.sqs, CHECKS),
    seal: sealer(publicKey.toString("base64")),
    chance: Math.random,
    apps: [app],
    deadlineMs: 3_000,
  });
  const talk = pbxSession({
    ...shared,
    sessions: dynamoSessions(lean.dynamo, tables.sessions),
    networks: dynamoNetworks(lean.dynamo, tables.sessions),
    credentials: dynamoPbxSecrets(lean.dynamo, tables),
    checks: sqsChecks(lean.sqs, CHECKS),
  });
  const queued = sqsMailQueue(sqs, "https://sqs.eu-central-1.amazonaws.com/000000000000/mails");
  const stored = {
    ...shared,
    registrations: dynamoRegistrations(dynamo, tables.sessions),
    domains: dynamoDomains(dynamo, tables, newId),
    secrets: dynamoSecrets(dynamo, tables.secrets),
    counters: dynamoCounters(dynamo, tables.sessions),
    suppressions: dynamoSuppressions(dynamo, tables.core),
    knownNetworks: dynamoKnownNetworks(dynamo, tables.sessions),
  };
  const sockets = dynamoSockets(dynamo, tables.sessions);
  const register = connectWindow({ ...stored, sockets, recentPosts: undefined, mailQueue: queued });
  const confirm = registrationLink({ ...stored, noticeQueue: queued, sweeps: sqsChecks(overSqs(sqs), CHECKS) });
  const mailing = { ...stored, mailer: sesMailer(ses, "push@example.com", "mails") };
  const web = { telemetry: reporter, name: "registration", headers: {}, failure: () => problemJson(unavailable) };
  const learn = deliveryEvents({ ...shared, outcomes: dynamoOutcomes(dynamo, tables.core) });
  return {
    events: queue(learn, { telemetry: reporter, name: "events" }),
    push: socket(pushHandler(post), { telemetry: reporter, name: "push", failure: postFailure }),
    session: socket(sessionHandler(talk), { telemetry: reporter, name: "session", failure: sessionFailure }),
    registration: http(
      router(
        { ...registrationRoutes(register, `${PAGES}/ws`), ...pageRoutes(confirm, {}, { issuer: "amazon" }) },
        (_, problem) => problemJson(problem),
      ),
      web,
    ),
    mail: queue(
      mailHandler({
        registration: registrationMail({
          ...mailing,
          compose: (registration, link) => wordRegistration(registration, `${PAGES}/verify?link=${link}`),
        }),
        notice: noticeMail({
          ...mailing,
          notices: dynamoNotices(dynamo, tables.core),
          links: dynamoWebSessions(dynamo, tables.sessions),
          compose: (notice, link) =>
            wordNotice(notice, {
              ask: `${PAGES}/manage`,
              ...(link !== undefined && { link: `${PAGES}/enter?link=${link}` }),
            }),
        }),
        sesEvent: sesEvents(mailing),
      }),
      { telemetry: reporter, name: "mail" },
    ),
  };
}

/** Log and metric lines are written, to /dev/null. */
export function loudReporter(): { readonly reporter: Reporter; close(): void } {
  const file = openSync("/dev/null", "w");
  const reporter = createReporter(
    { stage: "bench", function: "bench" },
    systemClock,
    (line) => void writeSync(file, `${line}\n`),
  );
  return { reporter, close: () => closeSync(file) };
}

/** To measure the functions without any telemetry. */
export const silentReporter: Reporter = {
  begin: () => undefined,
  log: () => undefined,
  metric: () => undefined,
  flush: () => undefined,
};
