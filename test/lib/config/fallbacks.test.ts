import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { StageInput } from "../../../lib/config.ts";
import { bundleOf } from "../../../lib/functions/shared/bundles.ts";
import { stages } from "../../../stages.ts";
import {
  flat,
  list,
  object,
  synthesize,
  text,
  type JsonObject,
  type Resource,
  type Synthesized,
} from "../synthesize.ts";

const { prod } = stages as { readonly prod: StageInput };
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** Stage `prod` with one fallback switched on; synthesis fails on any finding of cdk-nag. */
const withFallback = (fallbacks: NonNullable<StageInput["fallbacks"]>): Synthesized =>
  synthesize("prod", { ...prod, fallbacks });

/** Statements of every policy of the roles whose logical id matches. */
function statementsOf(stage: Synthesized, role: RegExp): readonly JsonObject[] {
  const held = (policy: Resource) => list(policy.properties["Roles"]).some((name) => role.test(flat(name)));
  return stage
    .of("AWS::IAM::Policy")
    .filter(held)
    .flatMap((policy) => list(object(policy.properties["PolicyDocument"])["Statement"]).map(object));
}

const anywhere = (statements: readonly JsonObject[]): readonly string[] =>
  statements.filter(({ Resource: resource }) => resource === "*").flatMap(({ Action }) => list(Action).map(text));

/** The policies of the keys beside the tables, one of which is for events; alarms have a separate key. */
const keyPolicies = (stage: Synthesized): string =>
  JSON.stringify(
    stage
      .of("AWS::KMS::Key")
      .filter((key) => key.stack === "push-prod-data")
      .map(({ properties }) => properties["KeyPolicy"]),
  );

describe("fallbacks", () => {
  it("calls: sdk bundles the SDK's clients with push and session", () => {
    for (const entrypoint of ["push", "session"] as const) {
      const [usual, changed] = (["lean", "sdk"] as const).map((calls) =>
        readFileSync(join(bundleOf(entrypoint, calls), "index.mjs"), "utf8"),
      );
      expect(usual).not.toContain("DynamoDBClient");
      expect(changed).toContain("DynamoDBClient");
    }
    const assets = (stage: Synthesized) =>
      stage.of("AWS::Lambda::Function").map(({ logicalId, properties }) => [logicalId, properties["Code"]] as const);
    const usual = new Map(assets(synthesize("prod")));
    const other = assets(withFallback({ calls: "sdk" })).filter(
      ([name, code]) => JSON.stringify(usual.get(name)) !== JSON.stringify(code),
    );
    expect(other.map(([name]) => name.replace(/^Functions(Push|Session).*/u, "$1")).sort()).toEqual([
      "Push",
      "Session",
    ]);
  });

  it("certificateArn: CloudFront uses that certificate and none is created", () => {
    const changed = withFallback({ certificateArn: CERTIFICATE });
    const distribution = object(changed.of("AWS::CloudFront::Distribution")[0]?.properties["DistributionConfig"]);
    expect(object(distribution["ViewerCertificate"])["AcmCertificateArn"]).toBe(CERTIFICATE);
    expect(changed.resources.filter(({ type }) => type === "AWS::CertificateManager::Certificate")).toEqual([]);
    expect(changed.of("AWS::WAFv2::WebACL")).toHaveLength(1);
  });

  it.each([
    ["offered", { value: "permessage-deflate" }],
    ["stripped", undefined],
  ] as const)("deflate: %s", (deflate, seen) => {
    const code = text(withFallback({ deflate }).of("AWS::CloudFront::Function")[0]?.properties["FunctionCode"]);
    const headers = { upgrade: { value: "websocket" }, "sec-websocket-extensions": { value: "permessage-deflate" } };
    const event = { viewer: { ip: "192.0.2.7" }, request: { uri: "/push/ws", headers } };
    const result = runInNewContext(`${code};handler(event)`, { event }) as {
      readonly headers: Partial<typeof headers>;
    };
    expect(result.headers["sec-websocket-extensions"]).toEqual(seen);
    expect(result.headers.upgrade).toEqual({ value: "websocket" });
  });

  it("rights: wide allows pushes and emails on any resource, and the canary its tables without a condition", () => {
    const [usual, changed] = [synthesize("prod"), withFallback({ rights: "wide" })];
    const pushing = ["sns:CreatePlatformEndpoint", "sns:Publish", "sns:SetEndpointAttributes"];
    for (const role of [/^\$\{FunctionsPush/u, /^\$\{FunctionsAdmin/u]) {
      expect(anywhere(statementsOf(usual, role)).filter((action) => pushing.includes(action))).toEqual([]);
      expect(anywhere(statementsOf(changed, role))).toEqual(expect.arrayContaining(pushing));
    }
    expect(anywhere(statementsOf(changed, /^\$\{FunctionsMail/u))).toContain("ses:SendRawEmail");
    expect(JSON.stringify(statementsOf(usual, /^\$\{Canary/iu))).toContain("dynamodb:LeadingKeys");
    expect(JSON.stringify(statementsOf(changed, /^\$\{Canary/iu))).not.toContain("dynamodb:LeadingKeys");
  });

  it("sourceAccount: unchecked lets SNS and SES publish to the topics and use their key from any source account", () => {
    const [usual, changed] = [synthesize("prod"), withFallback({ sourceAccount: "unchecked" })];
    expect(keyPolicies(usual)).toContain("aws:SourceAccount");
    expect(keyPolicies(changed)).not.toContain("aws:SourceAccount");
    const unconditional = (stage: Synthesized) =>
      stage
        .of("AWS::SNS::TopicPolicy")
        .flatMap(({ properties }) => list(object(properties["PolicyDocument"])["Statement"]).map(object))
        .filter(({ Effect, Condition }) => Effect === "Allow" && Condition === undefined)
        .map(({ Principal }) => text(object(Principal)["Service"]));
    expect(unconditional(usual).filter((service) => /^s[en]s\.amazonaws/u.test(service))).toEqual([]);
    expect(unconditional(changed)).toEqual(expect.arrayContaining(["sns.amazonaws.com", "ses.amazonaws.com"]));
  });

  it.each([
    ["suffixed", "com.example.phone.voip"],
    ["plain", "com.example.phone"],
  ] as const)("voipBundle: %s", (voipBundle, bundle) => {
    const applications = withFallback({ voipBundle }).of("Custom::PlatformApplication");
    const bundles = applications.map(({ properties }) => [properties["Platform"], properties["Bundle"]]);
    expect(bundles).toEqual([
      ["APNS_VOIP", bundle],
      ["APNS", "com.example.phone"],
      ["GCM", "example-phone"],
    ]);
  });
});
