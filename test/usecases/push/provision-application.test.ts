import { describe, expect, it } from "vitest";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import type { PlatformApplications } from "../../../lambdas/ports/push.ts";
import { provisioning, type WantedApplication } from "../../../lambdas/usecases/push/provision-application.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const wanted: WantedApplication = {
  arn: "arn:aws:sns:eu-central-1:123456789012:app/APNS/push-prod-ios",
  name: "push-prod-ios",
  platform: "APNS",
  bundle: "com.example.phone",
  credentialSecret: "push/prod/apns",
  eventTopic: "arn:topic",
  feedbackRole: "arn:role",
  successSampleRate: "5",
};

/** SNS with the applications of that account, and a secret for each name. */
function services(secret = JSON.stringify({ keyId: "KEY", teamId: "TEAM", p8: "P8" }), grantedAfterMs = 0) {
  const clock = testClock();
  const grantedAt = clock.now() + grantedAfterMs;
  const lines: unknown[][] = [];
  const whenGranted = <T>(operation: string, code: string, value: T): Promise<T> =>
    clock.now() < grantedAt ? Promise.reject(new DependencyError(operation, "rejected", code)) : Promise.resolve(value);
  const existing = new Map<string, Readonly<Record<string, string>>>();
  let created = 0;
  const applications: PlatformApplications = {
    update: (arn, attributes) => Promise.resolve(existing.has(arn) && existing.set(arn, attributes) !== undefined),
    create: (name, platform, attributes) => {
      const arn = `arn:aws:sns:eu-central-1:123456789012:app/${platform}/${name}`;
      existing.set(arn, attributes);
      created += 1;
      return Promise.resolve(arn);
    },
  };
  const secrets = { read: () => whenGranted("secretsmanager.GetSecretValue", "AccessDeniedException", secret) };
  const keys = {
    publicKey: (arn: string) => whenGranted("kms.GetPublicKey", "AccessDeniedException", `public half of ${arn}`),
  };
  const telemetry = { log: (...line: unknown[]) => void lines.push(line), metric: () => undefined };
  const service = provisioning({ applications, secrets, keys, clock, telemetry });
  return { existing, created: () => created, service, clock, lines };
}

describe("provisioning", () => {
  it("creates an application with its credential, events and delivery log", async () => {
    const { service, existing } = services();
    expect(await service.apply(wanted)).toEqual({ ok: true, value: wanted.arn });
    expect(existing.get(wanted.arn)).toEqual({
      PlatformPrincipal: "KEY",
      PlatformCredential: "P8",
      ApplePlatformTeamID: "TEAM",
      ApplePlatformBundleID: "com.example.phone",
      EventDeliveryFailure: "arn:topic",
      EventEndpointCreated: "arn:topic",
      EventEndpointUpdated: "arn:topic",
      EventEndpointDeleted: "arn:topic",
      SuccessFeedbackRoleArn: "arn:role",
      FailureFeedbackRoleArn: "arn:role",
      SuccessFeedbackSampleRate: "5",
    });
  });

  it("updates in place the second time, and never creates another", async () => {
    const { service, created, existing } = services();
    await service.apply(wanted);
    await service.apply({ ...wanted, successSampleRate: "50" });
    expect(created()).toBe(1);
    expect(existing.get(wanted.arn)).toMatchObject({ SuccessFeedbackSampleRate: "50" });
  });

  it("does not call SNS if the secret is not a credential", async () => {
    const { service, existing } = services("{}");
    expect(await service.apply(wanted)).toEqual({ ok: false, error: "the credential secret lacks keyId, teamId, p8" });
    expect(existing.size).toBe(0);
  });

  it("reports if SNS created another ARN than expected", async () => {
    const { service } = services();
    const result = await service.apply({ ...wanted, arn: `${wanted.arn}-other` });
    expect(result).toEqual({ ok: false, error: `SNS made ${wanted.arn} where ${wanted.arn}-other was expected` });
  });

  describe("denied by IAM", () => {
    it("retries until the policy takes effect, and logs each denial", async () => {
      const { service, created, lines } = services(undefined, 12_000);
      expect(await service.apply(wanted)).toEqual({ ok: true, value: wanted.arn });
      expect(created()).toBe(1);
      expect(lines).toEqual(
        [60, 55, 50].map((secondsLeft) => [
          "warn",
          "denied, tried again: a policy takes seconds to spread",
          { operation: "secretsmanager.GetSecretValue", code: "AccessDeniedException", secondsLeft },
        ]),
      );
    });

    it("reads the public key once the policy takes effect", async () => {
      const { service } = services(undefined, 59_000);
      expect(await service.publicKey("arn:key")).toBe("public half of arn:key");
    });

    it("gives up after a minute", async () => {
      const { service, clock } = services(undefined, 3_600_000);
      const begin = clock.now();
      await expect(service.apply(wanted)).rejects.toMatchObject({ code: "AccessDeniedException" });
      expect(clock.now() - begin).toBe(60_000);
    });

    it("does not retry what was refused for another reason", async () => {
      const clock = testClock();
      const begin = clock.now();
      const refused = provisioning({
        applications: {
          update: () =>
            Promise.reject(
              new DependencyError("sns.SetPlatformApplicationAttributes", "rejected", "InvalidParameterException"),
            ),
          create: () => Promise.reject(new Error("asked")),
        },
        secrets: { read: () => Promise.resolve(JSON.stringify({ keyId: "KEY", teamId: "TEAM", p8: "P8" })) },
        keys: { publicKey: () => Promise.reject(new Error("asked")) },
        clock,
        telemetry: { log: () => undefined, metric: () => undefined },
      });
      await expect(refused.apply(wanted)).rejects.toMatchObject({ code: "InvalidParameterException" });
      expect(clock.now()).toBe(begin);
    });
  });
});
