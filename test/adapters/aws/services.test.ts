import { DeleteEndpointCommand, SetEndpointAttributesCommand } from "@aws-sdk/client-sns";
import { DecryptCommand } from "@aws-sdk/client-kms";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { constants, createPublicKey, publicEncrypt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqsMailQueue } from "../../../lambdas/adapters/aws/mail/mail-queue.ts";
import { sesMailer } from "../../../lambdas/adapters/aws/mail/mail.ts";
import { sqsCanaryPhone } from "../../../lambdas/adapters/aws/monitoring/canary-phone.ts";
import { awsPlatformCredentials } from "../../../lambdas/adapters/aws/monitoring/platform-credentials.ts";
import { cloudWatchHealth } from "../../../lambdas/adapters/aws/monitoring/health.ts";
import { sqsChecks } from "../../../lambdas/adapters/aws/pbx/check-queue.ts";
import { credentialSecrets } from "../../../lambdas/adapters/aws/push/credential-secrets.ts";
import { snsApplications } from "../../../lambdas/adapters/aws/push/platform-applications.ts";
import { kmsPublicKeys } from "../../../lambdas/adapters/aws/push/public-keys.ts";
import { snsDispatcher } from "../../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import { composeMessage } from "../../../lambdas/core/push/message.ts";
import { localServices, motoServices, type Services } from "../../support/aws/services.ts";
import { androidToken, anApp } from "../../support/values/values.ts";

const MOTO_URL = process.env["MOTO_URL"];
/** `npm run test:moto` sets moto's address; the tests then run against it instead of the local host. */
const [where, start] =
  MOTO_URL === undefined ? ["the local host", localServices] : ["moto", () => motoServices(MOTO_URL)];

/** Long enough for a second program on a busy machine, in ms. */
const LIMIT = 10_000;

let services: Services;
beforeAll(async () => {
  services = await start();
});
afterAll(() => services.stop());

describe(`a credential's secret in ${where}`, () => {
  it("is read by name and by ARN, with its expiry tag", async () => {
    const name = `push/test/${randomUUID()}`;
    const arn = await services.addSecret(name, '{"keyId":"ü"}', { "push:expires": "2027-03-31" });
    const secrets = credentialSecrets(services.secrets);
    expect(await secrets.read(name)).toBe('{"keyId":"ü"}');
    expect(await secrets.read(arn)).toBe('{"keyId":"ü"}');
    const seen = await awsPlatformCredentials(services.sns, services.secrets).secret(name);
    expect(seen.expiresAt).toBe(Date.UTC(2027, 2, 31));
    expect(Math.abs(seen.changedAt - Date.now())).toBeLessThan(600_000);
  });

  it("causes an error that names it if it is missing", async () => {
    await expect(credentialSecrets(services.secrets).read(`push/test/${randomUUID()}`)).rejects.toMatchObject({
      kind: "rejected",
      code: "ResourceNotFoundException",
      denied: false,
    });
  });
});

describe(`a token key in ${where}`, () => {
  it("decrypts what its public half has encrypted", async () => {
    const KeyId = await services.addKey();
    const key = Buffer.from(await kmsPublicKeys(services.kms).publicKey(KeyId), "base64");
    const publicKey = createPublicKey({ key, format: "der", type: "spki" });
    const CiphertextBlob = publicEncrypt(
      { key: publicKey, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING },
      Buffer.from("token"),
    );
    const { Plaintext } = await services.kms.send(
      new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm: "RSAES_OAEP_SHA_256" }),
    );
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("token");
  });
});

describe.each(["sdk", "lean"] as const)(`SNS mobile push in ${where}, by the %s client`, (way) => {
  const attributes = {
    PlatformCredential: JSON.stringify({
      type: "service_account",
      project_id: "p",
      client_email: "push@p",
      private_key: "k",
    }),
  };

  /** An application for Android, as a stack creates it. */
  async function application() {
    const name = `push-test-${randomUUID()}`;
    const applicationArn = await snsApplications(services.sns).create(name, "GCM", attributes);
    return { name, app: anApp("GCM", { applicationArn }), dispatcher: snsDispatcher(services.clients[way].sns) };
  }
  const message = () => {
    const composed = composeMessage(
      anApp("GCM"),
      { id: "id", kind: "call", payload: "{}", arrivedAt: Date.now() },
      Date.now(),
    );
    if (!composed.ok) throw new Error(composed.error.info);
    return composed.value;
  };

  it("updates an existing application, and reports a missing one", async () => {
    const { name, app } = await application();
    expect(app.applicationArn).toBe(`arn:aws:sns:eu-central-1:123456789012:app/GCM/${name}`);
    const applications = snsApplications(services.sns);
    expect(await applications.update(app.applicationArn, { ...attributes, SuccessFeedbackSampleRate: "5" })).toBe(true);
    expect(await applications.update(`${app.applicationArn}-other`, attributes)).toBe(false);
    expect(await awsPlatformCredentials(services.sns, services.secrets).application(app.applicationArn)).toMatchObject({
      enabled: true,
    });
  });

  it("gives a token one endpoint, which stays disabled until enabled", async () => {
    const { app, dispatcher } = await application();
    const endpoint = (await dispatcher.register(app, androidToken, LIMIT)) ?? "";
    expect(endpoint).toContain(":endpoint/GCM/push-test-");
    expect(await dispatcher.register(app, androidToken, LIMIT)).toBe(endpoint);
    expect(await dispatcher.send(endpoint, message(), LIMIT)).toMatchObject({ outcome: "accepted" });
    await services.sns.send(
      new SetEndpointAttributesCommand({ EndpointArn: endpoint, Attributes: { Enabled: "false" } }),
    );
    expect(await dispatcher.send(endpoint, message(), LIMIT)).toEqual({ outcome: "disabled" });
    expect(await dispatcher.enable(endpoint, androidToken, LIMIT)).toBe("on");
    expect(await dispatcher.send(endpoint, message(), LIMIT)).toMatchObject({ outcome: "accepted" });
  });

  it("reports a deleted endpoint as not found", async () => {
    const { app, dispatcher } = await application();
    const EndpointArn = (await dispatcher.register(app, androidToken, LIMIT)) ?? "";
    await services.sns.send(new DeleteEndpointCommand({ EndpointArn }));
    expect(await dispatcher.send(EndpointArn, message(), LIMIT)).toEqual({ outcome: "not-found" });
    expect(await dispatcher.enable(EndpointArn, androidToken, LIMIT)).toBe("not-found");
  });
});

describe(`queues in ${where}`, () => {
  it.each<[string, (url: string) => Promise<void>, object]>([
    [
      "check, by the sdk client",
      (url) => sqsChecks(services.clients.sdk.sqs, url).firstLogin("pbx.example.com", "AbCd1234"),
      { kind: "first-login", account: "pbx.example.com", secretId: "AbCd1234" },
    ],
    [
      "check, by the lean client",
      (url) => sqsChecks(services.clients.lean.sqs, url).firstLogin("pbx.example.com", "AbCd1234"),
      { kind: "first-login", account: "pbx.example.com", secretId: "AbCd1234" },
    ],
    ["mail", (url) => sqsMailQueue(services.sqs, url).registration("r1"), { kind: "registration", id: "r1" }],
  ])("deliver what is sent to them: %s", async (_, send, body) => {
    const QueueUrl = await services.addQueue();
    await send(QueueUrl);
    const { Messages = [] } = await services.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body = "" }) => JSON.parse(Body) as unknown)).toEqual([body]);
  });

  it("deliver each message to the canary's phone once", async () => {
    const url = await services.addQueue();
    await sqsMailQueue(services.sqs, url).registration("r1");
    const phone = sqsCanaryPhone(services.sqs, url);
    expect(await phone.messages()).toEqual(['{"kind":"registration","id":"r1"}']);
    expect(await phone.messages()).toEqual([]);
  });
});

describe(`SES in ${where}`, () => {
  it("accepts an email from a verified sender", async () => {
    await services.addSender("example.com");
    const mailer = sesMailer(services.ses, "PBX Push <push@example.com>", undefined);
    await expect(
      mailer.send({ to: "a@example.net", subject: "Prüfung", html: "<p>ü</p>", text: "ü" }),
    ).resolves.toBeUndefined();
  });
});

describe(`CloudWatch in ${where}`, () => {
  it("has no alarm of an unknown name, and attempts by half hour and source", async () => {
    const namespace = `Push/${randomUUID()}`;
    const health = cloudWatchHealth(services.cloudWatch, {
      namespace,
      stage: "test",
      platforms: ["GCM", "APNS"],
      pages: `pages-${randomUUID()}`,
    });
    expect(await health.inAlarm([`no-${namespace}`])).toEqual(new Set());
    const HALF_HOUR = 1_800_000;
    const slot = Math.floor(Date.now() / HALF_HOUR) * HALF_HOUR - HALF_HOUR;
    const measured: readonly [name: string, dimensions: Record<string, string>, values: readonly number[]][] = [
      ["Canary", {}, [1, 0, 1, 0]],
      ["CanaryFailure", { outcome: "login" }, [1]],
      ["CanaryFailure", { outcome: "arrival" }, [1]],
      ["PostTrouble", { platform: "GCM" }, [0, 0, 1]],
      ["PostTrouble", { platform: "APNS" }, [0, 1]],
      ["Login", { outcome: "ok" }, [1, 1]],
      ["Login", { outcome: "error" }, [1]],
      ["Login", { outcome: "refused" }, [1]],
    ];
    for (const [name, dimensions, values] of measured)
      for (const value of values)
        await services.measure(namespace, name, { stage: "test", ...dimensions }, value, slot + 60_000);
    expect(await health.history(slot - HALF_HOUR, slot + 2 * HALF_HOUR)).toEqual({
      canary: [{ at: slot, all: 4, worked: 2 }],
      posts: [{ at: slot, all: 5, worked: 3 }],
      canaryConnects: [{ at: slot, all: 4, worked: 3 }],
      logins: [{ at: slot, all: 3, worked: 2 }],
      requests: [],
      emails: [],
    });
  });
});
