import { beforeAll, describe, expect, it } from "vitest";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Resource, type Synthesized } from "./synthesize.ts";

let stage: Synthesized;
beforeAll(() => {
  stage = synthesize("prod");
});

const table = (name: string): Resource => {
  const found = stage
    .of("AWS::DynamoDB::GlobalTable")
    .find(({ logicalId }) => new RegExp(`^${name}[0-9A-F]{8}$`, "u").test(logicalId));
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
};
const replica = (name: string) => object(list(table(name).properties["Replicas"])[0]);

describe("tables", () => {
  it.each(["Secrets", "Core"])("protect %s by point-in-time recovery, deletion protection and retention", (name) => {
    expect(replica(name)).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(table(name).definition).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });

  it("do not retain sessions", () => {
    expect(table("Sessions").definition["DeletionPolicy"]).toBe("Delete");
    expect(replica("Sessions")["DeletionProtectionEnabled"]).toBeUndefined();
  });

  it.each(["Secrets", "Core", "Sessions"])("bill %s by request, up to a maximum, and have no stream", (name) => {
    expect(table(name).properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 4_000 },
    });
    expect(table(name).properties).not.toHaveProperty("StreamSpecification");
    expect(replica(name)["ReadOnDemandThroughputSettings"]).toEqual({ MaxReadRequestUnits: 4_000 });
  });

  it("encrypt secrets with a separate key, which is retained and rotated", () => {
    const key = flat(object(replica("Secrets")["SSESpecification"])["KMSMasterKeyId"]).replace(
      /^\$\{(\w+)\.Arn\}$/u,
      "$1",
    );
    const found = stage.of("AWS::KMS::Key").find(({ logicalId }) => logicalId === key);
    expect(found?.properties["EnableKeyRotation"]).toBe(true);
    expect(found?.definition["DeletionPolicy"]).toBe("Retain");
    for (const name of ["Core", "Sessions"]) expect(JSON.stringify(replica(name))).not.toContain(key);
  });

  it("have the keys and indexes of docs/architecture.md", () => {
    const keys = (name: string) =>
      list(table(name).properties["KeySchema"]).map((part) => object(part)["AttributeName"]);
    const indexes = (name: string) => list(table(name).properties["GlobalSecondaryIndexes"]).map(object);
    const shape = (name: string) =>
      indexes(name).map(({ IndexName, KeySchema, Projection }) => [
        IndexName,
        ...list(KeySchema).map((part) => object(part)["AttributeName"]),
        object(Projection)["ProjectionType"],
      ]);
    expect([keys("Secrets"), keys("Core"), keys("Sessions")]).toEqual([["account"], ["pk", "sk"], ["pk"]]);
    expect(shape("Core")).toEqual([
      ["byEndpoint", "endpointArn", "KEYS_ONLY"],
      ["byKind", "kind", "pk", "ALL"],
    ]);
    expect(shape("Sessions")).toEqual([["byDomain", "domain", "pk", "ALL"]]);
    for (const name of ["Core", "Sessions"])
      expect(table(name).properties["TimeToLiveSpecification"]).toEqual({ AttributeName: "ttl", Enabled: true });
  });
});

describe("queues, buckets, logs", () => {
  it("encrypt every queue and refuse requests without TLS", () => {
    const guarded = stage
      .of("AWS::SQS::QueuePolicy")
      .filter(({ properties }) => flat(properties["PolicyDocument"]).includes('"aws:SecureTransport":"false"'));
    const queues = stage.of("AWS::SQS::Queue");
    expect(queues.length).toBeGreaterThanOrEqual(7);
    for (const { logicalId, properties } of queues) {
      expect.soft(properties["SqsManagedSseEnabled"] === true || "KmsMasterKeyId" in properties, logicalId).toBe(true);
      expect
        .soft(
          guarded.some((policy) => flat(list(policy.properties["Queues"])[0]) === `\${${logicalId}}`),
          logicalId,
        )
        .toBe(true);
    }
  });

  it("give every queue with a consumer a dead-letter queue and six times the function's timeout", () => {
    for (const source of stage.of("AWS::Lambda::EventSourceMapping")) {
      const id = flat(source.properties["EventSourceArn"]).replace(/^\$\{(\w+)\.Arn\}$/u, "$1");
      const queue = stage.of("AWS::SQS::Queue").find(({ logicalId }) => logicalId === id);
      expect(queue?.properties["RedrivePolicy"]).toMatchObject({ maxReceiveCount: 5 });
      const [, construct = "none"] =
        /"(Functions\w+)Live/u.exec(JSON.stringify(source.properties["FunctionName"])) ?? [];
      const fn = stage
        .of("AWS::Lambda::Function")
        .find(({ logicalId }) => logicalId.startsWith(`${construct}Function`));
      expect(queue?.properties["VisibilityTimeout"]).toBe(6 * Number(fn?.properties["Timeout"]));
    }
  });

  it("retain or delete every key as configured, and describe its purpose", () => {
    for (const { definition, properties } of stage.of("AWS::KMS::Key")) {
      expect.soft(text(properties["Description"])).toMatch(/^Push service, stage prod: /u);
      expect.soft(definition["DeletionPolicy"], text(properties["Description"])).toBe("Retain");
    }
    const gone = {
      ...stages["minimal"]!,
      alarmAddress: "o@example.com",
      runbookUrl: "https://example.com/runbook",
      removal: "destroy",
    } as const;
    for (const { definition } of synthesize("gone", gone).of("AWS::KMS::Key"))
      expect(definition["DeletionPolicy"]).toBe("Delete");
  });

  it("block public access to every bucket", () => {
    const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
    for (const { properties } of stage.resources.filter(({ type }) => type === "AWS::S3::Bucket"))
      expect(properties["PublicAccessBlockConfiguration"]).toEqual(all);
  });

  it("limit the retention of every log, to 3 days and with a key for those with device tokens", () => {
    const groups = stage.of("AWS::Logs::LogGroup");
    for (const { logicalId, properties } of groups)
      expect.soft(properties["RetentionInDays"], logicalId).toEqual(expect.any(Number));
    const deliveries = groups.filter(({ properties }) => flat(properties["LogGroupName"] ?? "").startsWith("sns/"));
    expect(deliveries.map(({ properties }) => flat(properties["LogGroupName"])).sort()).toEqual(
      ["APNS/push-prod-ios", "APNS_VOIP/push-prod-ios-call", "GCM/push-prod-android"].flatMap((app) =>
        ["", "/Failure"].map((suffix) => `sns/eu-central-1/\${AWS::AccountId}/app/${app}${suffix}`),
      ),
    );
    for (const { properties } of deliveries) {
      expect(properties["RetentionInDays"]).toBe(3);
      expect(flat(properties["KmsKeyId"])).toMatch(/EventsKey/u);
    }
  });

  it("encrypt every topic with events about phones or email addresses", () => {
    const telling = stage
      .of("AWS::SNS::Topic")
      .filter(({ logicalId }) => /^(PushEvents|Events)[0-9A-F]{8}$/u.test(logicalId));
    expect(telling).toHaveLength(2);
    for (const { properties } of telling) expect(flat(properties["KmsMasterKeyId"])).toMatch(/EventsKey/u);
  });

  it("put no secret into an environment or a template", () => {
    for (const text of Object.values(stage.texts))
      expect(text).not.toMatch(/PRIVATE KEY|"private_key"|\{\{resolve:|SecretString"|AKIA[A-Z0-9]{16}|"[Pp]assword"/u);
    for (const { properties } of stage.of("AWS::Lambda::Function"))
      for (const name of Object.keys(object(object(properties["Environment"])["Variables"])))
        expect
          .soft(name.replace("SECRETS_TABLE", "").replace("TOKEN_PUBLIC_KEY", ""))
          .not.toMatch(/SECRET|KEY|TOKEN|PASSWORD|CREDENTIAL/u);
  });
});
