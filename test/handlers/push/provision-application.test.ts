import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { provisioningHandler } from "../../../lambdas/handlers/push/provision-application.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import type { StackAnswer } from "../../../lambdas/ports/push.ts";
import type { Provisioning } from "../../../lambdas/usecases/push/provision-application.ts";

const properties = {
  ServiceToken: "arn:function",
  Arn: "arn:app",
  Name: "push-prod-ios",
  Platform: "APNS",
  Bundle: "com.example.phone",
  CredentialSecret: "push/prod/apns",
  EventTopic: "arn:topic",
  FeedbackRole: "arn:role",
  SuccessSampleRate: "0",
};
const envelope = {
  ResponseURL: "https://stack.example/answer?signature=s3cret",
  StackId: "arn:stack",
  RequestId: "request",
  LogicalResourceId: "AppsIos",
};
const create = {
  ...envelope,
  RequestType: "Create",
  ResourceType: "Custom::PlatformApplication",
  ResourceProperties: properties,
};

const fine: Provisioning = {
  apply: ({ arn }) => Promise.resolve({ ok: true, value: arn }),
  publicKey: (arn) => Promise.resolve(`public half of ${arn}`),
};

/** Runs one event; returns the answer to CloudFormation, and all log lines. */
async function run(event: unknown, service: Partial<Provisioning> = {}) {
  const answers: { url: string; answer: StackAnswer }[] = [];
  const lines: string[] = [];
  const handler = provisioningHandler(
    { ...fine, ...service },
    {
      answer: (url, answer) => {
        answers.push({ url, answer });
        return Promise.resolve();
      },
    },
    { log: (...line) => void lines.push(JSON.stringify(line)), metric: () => undefined },
  );
  await handler(event);
  return { answers, answer: answers[0]?.answer, lines };
}

describe("custom resources", () => {
  it("answer an application with its ARN, which is also its physical id", async () => {
    const { answers, lines } = await run(create);
    expect(answers).toEqual([
      {
        url: envelope.ResponseURL,
        answer: {
          Status: "SUCCESS",
          Reason: "",
          PhysicalResourceId: "arn:app",
          StackId: "arn:stack",
          RequestId: "request",
          LogicalResourceId: "AppsIos",
          Data: { Arn: "arn:app" },
        },
      },
    ]);
    expect(lines).toEqual([
      '["info","stack request",{"request":"Create","resource":"AppsIos","reason":""}]', // and no URL: it is signed
    ]);
  });

  it("answer a token key with its public half", async () => {
    const event = { ...create, ResourceType: "Custom::TokenKey", ResourceProperties: { KeyId: "arn:key" } };
    const { answer } = await run(event);
    expect(answer).toMatchObject({
      Status: "SUCCESS",
      Reason: "",
      PhysicalResourceId: "arn:key",
      Data: { PublicKey: "public half of arn:key" },
    });
  });

  it("update in place under the same physical id", async () => {
    const event = {
      ...create,
      RequestType: "Update",
      PhysicalResourceId: "arn:app",
      OldResourceProperties: { ...properties, Bundle: "old" },
    };
    expect((await run(event)).answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "arn:app" });
  });

  it("refuse to replace an application, and change nothing", async () => {
    const event = {
      ...create,
      RequestType: "Update",
      PhysicalResourceId: "arn:old",
      OldResourceProperties: { Arn: "arn:old" },
    };
    const { answer } = await run(event, { apply: () => Promise.reject(new Error("touched")) });
    expect(answer).toMatchObject({ Status: "FAILED", PhysicalResourceId: "arn:old" });
    expect(answer?.Reason).toMatch(/^arn:old is never replaced/u);
  });

  it("keep a deleted resource, even if its properties are no longer valid", async () => {
    const event = { ...create, RequestType: "Delete", PhysicalResourceId: "arn:app", ResourceProperties: {} };
    const { answer } = await run(event, { apply: () => Promise.reject(new Error("touched")) });
    expect(answer).toMatchObject({ Status: "SUCCESS", Reason: "kept", PhysicalResourceId: "arn:app" });
  });

  it.each<[string, Partial<Provisioning>, unknown, RegExp]>([
    [
      "a bad secret",
      { apply: () => Promise.resolve({ ok: false, error: "the credential secret lacks p8" }) },
      create,
      /lacks p8/u,
    ],
    [
      "a refusal by SNS",
      {
        apply: () =>
          Promise.reject(new DependencyError("sns.CreatePlatformApplication", "rejected", "InvalidParameterException")),
      },
      create,
      /^sns\.CreatePlatformApplication: InvalidParameterException: see docs/u,
    ],
    [
      "a missing property",
      {},
      { ...create, ResourceProperties: { ...properties, Bundle: undefined } },
      /^bad properties: ResourceProperties\.Bundle$/u,
    ],
    [
      "two missing properties",
      {},
      { ...create, ResourceProperties: { ...properties, Name: undefined, Bundle: undefined } },
      /^bad properties: ResourceProperties\.Name, ResourceProperties\.Bundle$/u,
    ],
    ["an unknown type", {}, { ...create, ResourceType: "Custom::Other" }, /^bad properties: ResourceType$/u],
  ])("always answer: %s", async (_, service, event, reason) => {
    const { answer, lines } = await run(event, service);
    expect(answer?.Status).toBe("FAILED");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      ["error", "stack request", { request: "Create", resource: "AppsIos", reason: answer?.Reason }],
    ]);
    expect(answer?.Reason).toMatch(reason);
    expect(answer?.PhysicalResourceId).toBeTruthy();
  });

  it("get no answer after a bug, and the invocation fails", async () => {
    const bug = new Error("a bug");
    await expect(run(create, { apply: () => Promise.reject(bug) })).rejects.toBe(bug);
  });

  it("name an existing chapter of the operator's documents", async () => {
    const refused = () =>
      Promise.reject(new DependencyError("secretsmanager.GetSecretValue", "rejected", "AccessDeniedException"));
    const { answer } = await run(create, { apply: refused });
    const [, file = "", chapter = ""] = /see (docs\/[\w/]+\.md), (.+)$/u.exec(answer?.Reason ?? "") ?? [];
    expect(readFileSync(file, "utf8").split("\n")).toContain(`## ${chapter}`);
  });
});

describe("a changed credential", () => {
  it("is applied without an answer to CloudFormation", async () => {
    const { answers, lines } = await run({ refresh: properties });
    expect(answers).toEqual([]);
    expect(lines).toEqual(['["info","credential refreshed",{"application":"push-prod-ios"}]']);
  });

  it("that is invalid fails the invocation, so that the event is retried and kept", async () => {
    const bad: Partial<Provisioning> = {
      apply: () => Promise.resolve({ ok: false, error: "the credential secret lacks p8" }),
    };
    await expect(run({ refresh: properties }, bad)).rejects.toThrow("push-prod-ios: the credential secret lacks p8");
  });
});
