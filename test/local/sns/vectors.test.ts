import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  ListPlatformApplicationsCommand,
  ListSubscriptionsCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSServiceException,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import vectors from "../../vectors/aws-sns-platform.json" with { type: "json" };
import { account, region, type Stage, stage } from "./support.ts";

/**
 * Replays what real AWS answered (test/vectors/aws-sns-platform.json) with the AWS SDK over HTTP. The recording holds
 * the answers only; the cases' names say which calls were made. Each step's answer must equal the recorded one in
 * full: members, code, type, message and status.
 */
type Steps = Record<string, () => Promise<unknown>>;
interface Replay {
  readonly before?: () => Promise<void>;
  /** By the name that the recording gives them. */
  readonly steps: Steps;
}
type Recorded = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

let on: Stage;
let appArn = "";
let endpointArn = "";
let topicArn = "";
/** Each case has an application name of its own, as each test had on AWS. */
const name = "recorded-app";
const credentials = { PlatformPrincipal: "dummy", PlatformCredential: "dummy" };
const absentApp = `arn:aws:sns:${region}:${account}:app/ADM/absent`;
const absentEndpoint = `arn:aws:sns:${region}:${account}:endpoint/ADM/${name}/0b0e8a5c-0000-3000-8000-000000000000`;

const createApp = (input: Record<string, unknown> = {}) =>
  on.sns.send(new CreatePlatformApplicationCommand({ Name: name, Platform: "ADM", Attributes: credentials, ...input }));
const createEndpoint = (input: Record<string, unknown> = {}) =>
  on.sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn: appArn, Token: "token_1", ...input }));
const listEndpoints = () =>
  on.sns.send(new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: appArn }));
const getEndpoint = () => on.sns.send(new GetEndpointAttributesCommand({ EndpointArn: endpointArn }));
const setEndpoint = (Attributes: Record<string, string>, EndpointArn = endpointArn) =>
  on.sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes }));
const getApp = (PlatformApplicationArn: string) =>
  on.sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }));
const setApp = (PlatformApplicationArn: string, Attributes: Record<string, string>) =>
  on.sns.send(new SetPlatformApplicationAttributesCommand({ PlatformApplicationArn, Attributes }));
const deleteEndpoint = () => on.sns.send(new DeleteEndpointCommand({ EndpointArn: endpointArn }));
const listSubscriptions = () => on.sns.send(new ListSubscriptionsCommand({}));

const withApp = (steps: Steps): Replay => ({
  steps,
  before: async () => {
    appArn = (await createApp()).PlatformApplicationArn ?? "";
  },
});
const alone = (steps: Steps): Replay => ({ steps });
const withEndpoint = (steps: Steps): Replay => ({
  steps,
  before: async () => {
    appArn = (await createApp()).PlatformApplicationArn ?? "";
    endpointArn = (await createEndpoint()).EndpointArn ?? "";
  },
});
const noAttributes = (input: Record<string, unknown>): Replay =>
  alone({ "platform-application-no-attributes": () => createApp(input) });
const badName = (Name: string): Replay => alone({ "invalid-application-name": () => createApp({ Name }) });
const setAbsentApp = (attributes: Record<string, string>): Replay =>
  alone({ "non_existing-application-arn": () => setApp(absentApp, attributes) });
const badEndpointAttribute = (attributes: Record<string, string>): Replay =>
  withEndpoint({ "set-platform-endpoint-invalid-attributes": () => setEndpoint(attributes) });
const badCreateAttribute = (attributes: Record<string, string>): Replay =>
  withApp({ "create-platform-endpoint-invalid-attr": () => createEndpoint({ Attributes: attributes }) });

const replays: Record<string, Replay> = {
  test_create_platform_application: alone({ "create-platform-application": () => createApp() }),
  test_list_platform_applications: withApp({
    "list-platform-applications": () => on.sns.send(new ListPlatformApplicationsCommand({})),
  }),
  "test_create_platform_application_invalid_attributes[no-args]": noAttributes({ Attributes: {} }),
  "test_create_platform_application_invalid_attributes[missing-credential]": noAttributes({
    Attributes: { PlatformPrincipal: "dummy" },
  }),
  "test_create_platform_application_invalid_attributes[missing-principal]": noAttributes({
    Attributes: { PlatformCredential: "dummy" },
  }),
  "test_create_platform_application_invalid_name[too-long]": badName("a".repeat(recordedNameLength())),
  "test_create_platform_application_invalid_name[empty]": badName(""),
  "test_create_platform_application_invalid_name[invalid-char]": badName("@name"),
  test_create_platform_application_invalid_platform: alone({
    "invalid-platform": () => createApp({ Platform: "AAA" }),
  }),
  test_get_platform_application_attributes_invalid_arn: alone({ "invalid-application-arn": () => getApp("no-arn") }),
  test_get_platform_application_attributes: withApp({ "get-application-attributes": () => getApp(appArn) }),
  test_set_platform_application_attributes: withApp({
    "set-get-application-attributes": async () => {
      await setApp(appArn, { SuccessFeedbackSampleRate: "50" });
      return getApp(appArn);
    },
  }),
  test_get_platform_application_attributes_non_existing_app: alone({
    "non_existing-application-arn": () => getApp(absentApp),
  }),
  test_set_platform_application_attributes_invalid_arn: alone({
    "invalid-application-arn": () => setApp("no-arn", credentials),
  }),
  test_set_platform_application_attributes_non_existing_app: setAbsentApp({}),
  "test_set_platform_application_attributes_non_existing_app[no-args]": setAbsentApp({}),
  "test_set_platform_application_attributes_non_existing_app[missing-credential]": setAbsentApp({
    PlatformPrincipal: "dummy",
  }),
  "test_set_platform_application_attributes_non_existing_app[missing-principal]": setAbsentApp({
    PlatformCredential: "dummy",
  }),
  "test_set_platform_application_attributes_non_existing_app[dummy-args]": setAbsentApp(credentials),
  test_create_platform_endpoint: withApp({ "create-platform-endpoint": () => createEndpoint() }),
  test_create_platform_endpoint_idempotency: withApp({
    "create-platform-endpoint": () => createEndpoint(),
    "create-platform-endpoint-idempotent": () => createEndpoint(),
    "create-platform-endpoint-different-token": () => createEndpoint({ CustomUserData: "different" }),
  }),
  test_list_platform_endpoints: withEndpoint({ "list-endpoints-by-app": listEndpoints }),
  test_delete_platform_endpoint: withEndpoint({
    "list-endpoints-by-app-pre-delete": listEndpoints,
    "delete-endpoint": deleteEndpoint,
    "list-endpoints-by-app-post-delete": listEndpoints,
  }),
  test_delete_platform_endpoint_with_subscription: withEndpoint({
    "list-subscriptions-pre-delete": async () => {
      topicArn = (await on.sns.send(new CreateTopicCommand({ Name: "recorded-topic" }))).TopicArn ?? "";
      await on.sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "application", Endpoint: endpointArn }));
      return listSubscriptions();
    },
    "delete-endpoint": deleteEndpoint,
    "list-subscriptions-post-delete": listSubscriptions,
  }),
  test_delete_endpoints_of_deleted_app: withEndpoint({
    "delete-application": () => on.sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn: appArn })),
    "list-endpoints-after-app-delete": listEndpoints,
  }),
  test_get_platform_endpoint_attributes: withEndpoint({ "get-platform-endpoint-attributes": getEndpoint }),
  test_set_platform_endpoint_attributes: withEndpoint({
    "set-platform-endpoint-attributes": () => setEndpoint({ Enabled: "false" }),
    "get-platform-endpoint-attributes": getEndpoint,
  }),
  test_set_platform_endpoint_attributes_invalid_arn: alone({
    "set-platform-endpoint-attributes-non-existent-app": () => setEndpoint({ Enabled: "false" }, absentApp),
  }),
  test_set_platform_endpoint_attributes_non_existent_endpoint: alone({
    "set-platform-endpoint-attributes-non-existent-app": () => setEndpoint({ Enabled: "false" }, absentEndpoint),
  }),
  "test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Principal]": badEndpointAttribute({
    PlatformPrincipal: "dummy",
  }),
  "test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Credential]": badEndpointAttribute({
    PlatformCredential: "dummy",
  }),
  "test_set_platform_endpoint_attributes_invalid_attributes[Invalid_Name_Generic]": badEndpointAttribute({
    InvalidKey: "dummy",
  }),
  "test_set_platform_endpoint_attributes_invalid_attributes[Empty]": badEndpointAttribute({}),
  // Recorded as an empty case: AWS did not object, so the simulator must not either.
  "test_create_platform_endpoint_with_invalid_attributes[Empty]": {
    before: async () => {
      appArn = (await createApp()).PlatformApplicationArn ?? "";
      expect((await createEndpoint({ Attributes: {} })).EndpointArn).toContain(":endpoint/ADM/");
    },
    steps: {},
  },
  "test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Principal]": badCreateAttribute({
    PlatformPrincipal: "dummy",
  }),
  "test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Credential]": badCreateAttribute({
    PlatformCredential: "dummy",
  }),
  "test_create_platform_endpoint_with_invalid_attributes[Invalid_Name_Generic]": badCreateAttribute({
    InvalidKey: "dummy",
  }),
};

/** The recorded message repeats the name that was sent. */
function recordedNameLength(): number {
  const found = vectors.cases.find((each) => each.name.endsWith("invalid_name[too-long]"));
  return /: (a+) Reason/u.exec(JSON.stringify(found))?.[1]?.length ?? 0;
}

/** An answer in the form of the recording; what is random on AWS is a placeholder there. */
async function answerOf(step: () => Promise<unknown>): Promise<unknown> {
  try {
    const { $metadata, ...members } = (await step()) as Record<string, unknown> & {
      $metadata: { httpStatusCode?: number };
    };
    return { ...members, ResponseMetadata: { HTTPHeaders: {}, HTTPStatusCode: $metadata.httpStatusCode } };
  } catch (error) {
    if (!(error instanceof SNSServiceException)) throw error;
    const { Error: told } = error as unknown as { Error: { Code: string; Message: string; Type: string } };
    const { Code, Message, Type } = told;
    return {
      Error: { Code, Message, Type },
      ResponseMetadata: { HTTPHeaders: {}, HTTPStatusCode: error.$metadata.httpStatusCode },
    };
  }
}

const placeholders: readonly (readonly [RegExp, string])[] = [
  [/arn:aws:sns:eu-central-1:/gu, "arn:<partition>:sns:<region>:"],
  [/:app\/ADM\/recorded-app/gu, ":app/ADM/<resource:1>"],
  [/:endpoint\/ADM\/recorded-app\/[\w-]{36}/gu, ":endpoint/ADM/<platform_application>/<resource:1>"],
  [/:recorded-topic:[\w-]{36}/gu, ":<resource:3>:<resource:2>"],
  [/:recorded-topic/gu, ":<resource:3>"],
];

/** Replaces what is random; tokens of pages are numbered in the order of their appearance. */
function anonymous(answer: unknown, step: number): unknown {
  const text = placeholders.reduce((sum, [pattern, sign]) => sum.replace(pattern, sign), JSON.stringify(answer));
  return JSON.parse(text.replace(/"NextToken":"\w+"/u, `"NextToken":"<next-token:${step}>"`)) as unknown;
}

describe("recorded AWS answers", () => {
  beforeEach(async () => {
    on = await stage();
  });
  afterEach(() => on.close());

  it("has exactly one replay for each recorded case", () => {
    expect(Object.keys(replays).toSorted()).toEqual(vectors.cases.map((each) => each.name).toSorted());
  });

  it.each(vectors.cases.map((each) => [each.name, each.content as unknown as Recorded] as const))(
    "%s",
    async (caseName, recorded) => {
      const { before, steps } = replays[caseName] ?? alone({});
      await before?.();
      expect(Object.keys(steps)).toEqual(Object.keys(recorded));
      let listed = 0;
      for (const [stepName, step] of Object.entries(steps)) {
        const answer = await answerOf(step);
        if (JSON.stringify(answer).includes("NextToken")) listed += 1;
        expect(anonymous(answer, listed), stepName).toEqual(recorded[stepName]);
      }
    },
  );
});
