import { SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snsPushRights } from "../../../../lambdas/adapters/aws/monitoring/push-rights.ts";
import { overSns } from "../../../../lambdas/adapters/aws/client/sdk-client.ts";
import type { Listening } from "../../../../local/aws/listen.ts";
import { awsError } from "../../../support/aws/scripted-dynamo.ts";
import { serveSns } from "../../../support/aws/serve-sns.ts";
import { createSnsSimulator, type Fault } from "../../../../local/sns/simulator.ts";

let fault: Fault | undefined;
let failing = "";
const calls: string[] = [];
const simulator = createSnsSimulator({
  region: "eu-central-1",
  account: "000000000000",
  fault: (action) => {
    calls.push(action);
    return action === failing ? fault : undefined;
  },
});
const application = simulator.control.addApplication({
  name: "push-ios",
  platform: "APNS_VOIP",
  bundle: "com.example.phone",
});
const TOKEN = "ca".repeat(32);
let server: Listening;
let client: SNSClient;
beforeAll(async () => {
  server = await serveSns(simulator);
  client = new SNSClient({
    endpoint: server.url,
    region: "eu-central-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
});
afterAll(() => server.close());

const rights = () => snsPushRights(overSns(client));
const during = async <T>(action: string, met: Fault, work: () => Promise<T>): Promise<T> => {
  [failing, fault] = [action, met];
  try {
    return await work();
  } finally {
    failing = "";
  }
};
const DENIED: Fault = {
  code: "AuthorizationError",
  status: 403,
  message: "User: x is not authorized to perform: SNS:Publish on resource: y",
};

describe("the right to push, checked with SNS", () => {
  it("exists if SNS reports the endpoint as disabled; no phone gets the push", async () => {
    expect(await rights().mayPush(application, TOKEN)).toBe(true);
    expect(simulator.control.phones.list()).toEqual([]);
  });

  it("is checked with one endpoint per execution environment", async () => {
    const asked = rights();
    calls.length = 0;
    await asked.mayPush(application, TOKEN);
    await asked.mayPush(application, TOKEN);
    expect(calls).toEqual(["CreatePlatformEndpoint", "Publish", "Publish"]);
  });

  it.each(["Publish", "CreatePlatformEndpoint"])(
    "is missing if SNS refuses %s with AuthorizationError",
    async (action) => {
      expect(await during(action, DENIED, () => rights().mayPush(application, TOKEN))).toBe(false);
    },
  );

  it.each([
    { code: "Throttled", status: 429 },
    { code: "InternalError", status: 500 },
    { code: "NotFound", status: 404 },
  ])("remains unknown after %j", async (met) => {
    await expect(during("Publish", met, () => rights().mayPush(application, TOKEN))).rejects.toMatchObject({
      name: "DependencyError",
    });
  });

  it("is checked with the token's existing endpoint even if its attributes were changed", async () => {
    const message = `Invalid parameter: Token Reason: Endpoint ${application.replace(":app/", ":endpoint/")}/1 already exists with the same Token, but different attributes.`;
    const asked = during("CreatePlatformEndpoint", { code: "InvalidParameter", status: 400, message }, () =>
      rights().mayPush(application, TOKEN),
    );
    await expect(asked).rejects.toThrow(/sns\.Publish/u); // which does not exist in this simulator
  });
});

describe("the check of the right to push", () => {
  /** A client that gives one answer after another, and its requests. */
  function scripted(...answers: readonly (object | Error)[]) {
    const asked: unknown[] = [];
    const request = (operation: string, input: object) => {
      asked.push([operation, input]);
      const answer = answers[asked.length - 1] ?? {};
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    return { rights: snsPushRights({ request } as never), asked };
  }
  const make = [
    "CreatePlatformEndpoint",
    { PlatformApplicationArn: application, Token: TOKEN, Attributes: { Enabled: "false" } },
  ];
  const publish = (TargetArn: string) => ["Publish", { TargetArn, Message: "canary" }];
  const error = (name: string, message = "x") => Object.assign(awsError(name), { message });

  it("uses an endpoint created as disabled, so that a push reaches no phone", async () => {
    const { rights, asked } = scripted({ EndpointArn: "arn:e1" }, error("EndpointDisabledException"));
    expect(await rights.mayPush(application, TOKEN)).toBe(true);
    expect(asked).toEqual([make, publish("arn:e1")]);
  });

  it("uses a new endpoint if the last one is gone, and the same after any other error", async () => {
    const { rights, asked } = scripted(
      { EndpointArn: "arn:e1" },
      error("ThrottledException"),
      error("NotFoundException"),
      { EndpointArn: "arn:e2" },
      { MessageId: "m" },
    );
    await expect(rights.mayPush(application, TOKEN)).rejects.toMatchObject({ kind: "throttled" });
    await expect(rights.mayPush(application, TOKEN)).rejects.toMatchObject({ operation: "sns.Publish" });
    expect(await rights.mayPush(application, TOKEN)).toBe(true);
    expect(asked).toEqual([make, publish("arn:e1"), publish("arn:e1"), make, publish("arn:e2")]);
  });

  it("uses the endpoint that already has the token", async () => {
    const message = "Invalid parameter: Token Reason: Endpoint arn:e0 already exists with the same Token, but";
    const { rights, asked } = scripted(error("InvalidParameterException", message), { MessageId: "m" });
    expect(await rights.mayPush(application, TOKEN)).toBe(true);
    expect(asked).toEqual([make, publish("arn:e0")]);
  });

  it("throws an error that names the call if the endpoint cannot be created", async () => {
    const { rights } = scripted(error("InvalidParameterException", "Invalid parameter: Token"));
    await expect(rights.mayPush(application, TOKEN)).rejects.toMatchObject({
      operation: "sns.CreatePlatformEndpoint",
      kind: "rejected",
    });
  });

  it("keeps applications separate", async () => {
    const { rights, asked } = scripted({ EndpointArn: "arn:e1" }, {}, { EndpointArn: "arn:e2" }, {});
    for (const each of [application, `${application}-2`]) await rights.mayPush(each, TOKEN);
    expect(asked.map((call) => (call as readonly string[])[0])).toEqual([
      "CreatePlatformEndpoint",
      "Publish",
      "CreatePlatformEndpoint",
      "Publish",
    ]);
  });

  it("does not treat an error from elsewhere as SNS's answer", async () => {
    const { rights } = scripted({ EndpointArn: "arn:e1" }, new TypeError("x"));
    await expect(rights.mayPush(application, TOKEN)).rejects.toMatchObject({ kind: "unavailable" });
  });
});
