import { arn } from "../../aws/arn.ts";
import type { Right } from "../evaluate.ts";
import { ANY, right, textOf, throughKey, type RightsOf, type Table } from "./table.ts";

/**
 * The Service Authorization Reference lists no resource type for mobile push but the topic. Recorded refusals of real
 * accounts name the application (`…:app/GCM/…`) for calls about an endpoint (privruler/PrivRuler-Public, SNSTest.java);
 * public policies name the application alone (wireapp/wire-server-deploy), or the endpoint alone. So both must be
 * allowed here.
 */
const onEndpoint =
  (action: string, member: string): RightsOf =>
  ({ input }) => {
    const endpoint = textOf(input[member]);
    return [right(action, applicationOf(endpoint)), right(action, endpoint)];
  };
const onApplication =
  (action: string): RightsOf =>
  ({ input }) => [right(action, textOf(input["PlatformApplicationArn"]))];
const onTopic =
  (action: string): RightsOf =>
  ({ input }) => [right(action, textOf(input["TopicArn"]))];

/** `…:endpoint/GCM/NAME/ID` → `…:app/GCM/NAME` */
const applicationOf = (endpoint: string) => endpoint.replace(/:endpoint\/([^/]+)\/([^/]+)\/.*$/u, ":app/$1/$2");

/** The role that SNS writes logs with is passed to it. Source: IAM User Guide, "Grant a user permissions to pass a role". */
const passing = (input: Readonly<Record<string, unknown>>): readonly Right[] => {
  const members = Object.entries(input).filter(([name]) => /^Attributes\.entry\.\d+\.key$/u.test(name));
  const roles = members.flatMap(([name, attribute]) =>
    /FeedbackRoleArn$/u.test(textOf(attribute)) ? [textOf(input[name.replace(/key$/u, "value")])] : [],
  );
  return [...new Set(roles)]
    .filter(Boolean)
    .map((role) => right("iam:PassRole", role, { "iam:PassedToService": "sns.amazonaws.com" }));
};

export const sns: Table = {
  Publish: (call, facts) => {
    const target = textOf(call.input["TargetArn"]) || textOf(call.input["TopicArn"]);
    if (target.split(":")[5]?.startsWith("endpoint/") === true)
      return onEndpoint("sns:Publish", "TargetArn")(call, facts);
    return [
      right("sns:Publish", target),
      ...throughKey(facts, "sns", facts.keyOf(target), ["GenerateDataKey", "Decrypt"]),
    ];
  },
  GetEndpointAttributes: onEndpoint("sns:GetEndpointAttributes", "EndpointArn"),
  SetEndpointAttributes: onEndpoint("sns:SetEndpointAttributes", "EndpointArn"),
  DeleteEndpoint: onEndpoint("sns:DeleteEndpoint", "EndpointArn"),
  CreatePlatformEndpoint: onApplication("sns:CreatePlatformEndpoint"),
  ListEndpointsByPlatformApplication: onApplication("sns:ListEndpointsByPlatformApplication"),
  GetPlatformApplicationAttributes: onApplication("sns:GetPlatformApplicationAttributes"),
  DeletePlatformApplication: onApplication("sns:DeletePlatformApplication"),
  SetPlatformApplicationAttributes: (call, facts) => [
    ...onApplication("sns:SetPlatformApplicationAttributes")(call, facts),
    ...passing(call.input),
  ],
  CreatePlatformApplication: ({ input }) => [right("sns:CreatePlatformApplication", ANY), ...passing(input)],
  ListPlatformApplications: () => [right("sns:ListPlatformApplications", ANY)],
  GetTopicAttributes: onTopic("sns:GetTopicAttributes"),
  SetTopicAttributes: onTopic("sns:SetTopicAttributes"),
  DeleteTopic: onTopic("sns:DeleteTopic"),
  Subscribe: onTopic("sns:Subscribe"),
  ListSubscriptionsByTopic: onTopic("sns:ListSubscriptionsByTopic"),
  CreateTopic: ({ input }, facts) => [right("sns:CreateTopic", arn(facts, "sns", textOf(input["Name"])))],
};
