import { describe, expect, it } from "vitest";
import type { PlatformApplications } from "../../../lambdas/ports/provisioning.ts";
import { provisioning, type WantedApplication } from "../../../lambdas/usecases/push/provision-application.ts";

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
function world(secret = JSON.stringify({ keyId: "KEY", teamId: "TEAM", p8: "P8" })) {
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
  const secrets = { read: () => Promise.resolve(secret) };
  const keys = { publicKey: (arn: string) => Promise.resolve(`public half of ${arn}`) };
  return { existing, created: () => created, service: provisioning({ applications, secrets, keys }) };
}

describe("provisioning", () => {
  it("makes an application with its credential, its events and its delivery log", async () => {
    const { service, existing } = world();
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

  it("updates in place the second time, and never makes another", async () => {
    const { service, created, existing } = world();
    await service.apply(wanted);
    await service.apply({ ...wanted, successSampleRate: "50" });
    expect(created()).toBe(1);
    expect(existing.get(wanted.arn)).toMatchObject({ SuccessFeedbackSampleRate: "50" });
  });

  it("leaves SNS alone when the secret is no credential", async () => {
    const { service, existing } = world("{}");
    expect(await service.apply(wanted)).toEqual({ ok: false, error: "the credential secret lacks keyId, teamId, p8" });
    expect(existing.size).toBe(0);
  });

  it("says so when SNS made something else than expected", async () => {
    const { service } = world();
    const result = await service.apply({ ...wanted, arn: `${wanted.arn}-other` });
    expect(result).toEqual({ ok: false, error: `SNS made ${wanted.arn} where ${wanted.arn}-other was expected` });
  });
});
