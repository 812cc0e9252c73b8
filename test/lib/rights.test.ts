import { beforeAll, describe, expect, it } from "vitest";
import { entrypoints } from "../../lib/entrypoints.ts";
import {
  flat,
  list,
  object,
  synthesize,
  text,
  type JsonObject,
  type Resource,
  type Synthesized,
} from "./synthesize.ts";

interface Grant {
  /** Logical id of the role. */
  readonly role: string;
  readonly policy: Resource;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: JsonObject;
}

/** The only resources with a wildcard, the roles that have them, and why AWS allows nothing narrower (docs/security.md, Rights). */
const wildcards: readonly {
  readonly action: RegExp;
  readonly resource: RegExp;
  readonly roles: readonly string[];
  readonly because: RegExp;
}[] = [
  {
    action: /^sns:CreatePlatformApplication$/u,
    resource: /^\*$/u,
    roles: ["Provisioning"],
    because: /takes no resource/u,
  },
  {
    action: /^cloudwatch:(DescribeAlarms|GetMetricData)$/u,
    resource: /^\*$/u,
    roles: ["Status"],
    because: /GetMetricData takes no resource/u,
  },
  {
    action: /^sns:Publish$/u,
    resource: /:endpoint\/[A-Z_]+\/push-[a-z0-9_-]+\/\*$/u,
    roles: ["Admin", "Canary", "Push", "Registration"],
    because: /Endpoints are made by SNS/u,
  },
  {
    action: /^sns:SetEndpointAttributes$/u,
    resource: /:endpoint\/[A-Z_]+\/push-[a-z0-9_-]+\/\*$/u,
    roles: ["Admin", "Push"],
    because: /Endpoints are made by SNS/u,
  },
  {
    action: /^ses:SendRawEmail$/u,
    resource: /:ses:eu-central-1:\$\{AWS::AccountId\}:identity\/\*$/u,
    roles: ["Mail"],
    because: /the recipient's identity must be allowed too/u,
  },
  {
    action: /^execute-api:ManageConnections$/u,
    resource: /\/push\/DELETE\/@connections\/\*$/u,
    roles: ["Admin", "Housekeeping"],
    because: /A connection's id is made by API Gateway/u,
  },
  {
    action: /^execute-api:ManageConnections$/u,
    resource: /\/push\/GET\/@connections\/\*$/u,
    roles: ["Admin", "Registration"],
    because: /A connection's id is made by API Gateway/u,
  },
  {
    action: /^secretsmanager:GetSecretValue$/u,
    resource: /:secret:push\/prod\/[a-z]+-\?{6}$/u,
    roles: ["Provisioning"],
    because: /ends a secret's ARN with six characters/u,
  },
  {
    action: /^secretsmanager:DescribeSecret$/u,
    resource: /:secret:push\/prod\/[a-z]+-\?{6}$/u,
    roles: ["Admin", "Watch"],
    because: /ends a secret's ARN with six characters/u,
  },
];

/** "Readable by" of docs/security.md. */
const READS_CORE = ["Admin", "Canary", "Events", "History", "Housekeeping", "Mail", "Push", "Registration", "Session"];
const READS_SESSIONS = ["Admin", "Housekeeping", "Mail", "Push", "Registration", "Session"];

let stage: Synthesized;
let grants: readonly Grant[];
beforeAll(() => {
  stage = synthesize("prod");
  grants = stage.of("AWS::IAM::Policy").flatMap(grantsOf);
});

const grantsOf = (policy: Resource): Grant[] =>
  list(object(policy.properties["PolicyDocument"])["Statement"]).flatMap((statement) =>
    list(policy.properties["Roles"]).map((role) => ({
      role: flat(role).replace(/^\$\{|\}$/gu, ""),
      policy,
      actions: list(object(statement)["Action"]).map(String),
      resources: list(object(statement)["Resource"]).map(flat),
      condition: object(object(statement)["Condition"]),
    })),
  );

/** Roles that hold one of the actions on a resource that matches. */
const holders = (action: RegExp, resource: RegExp): string[] => {
  const matching = grants.filter(
    ({ actions, resources }) =>
      actions.some((name) => action.test(name)) && resources.some((arn) => resource.test(arn)),
  );
  return [...new Set(matching.map(({ role }) => roleName(role)))].sort();
};
/** Every policy document in the templates, whatever it is attached to. */
const documents = () =>
  stage.resources.flatMap(({ type, logicalId, properties }) =>
    ["PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "ResourcePolicy"]
      .filter((name) => name in properties)
      .map((name) => ({ type, of: logicalId, statements: list(object(properties[name])["Statement"]).map(object) })),
  );
/** IAM reads condition keys in any case, and cdk-lib writes them in two. */
const lowerCased = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name.toLowerCase(), value]));
/** `FunctionsSessionRole1234ABCD` → `Session`. */
const roleName = (logicalId: string): string => logicalId.replace(/^(Functions)?(.*)Role[0-9A-F]{8}$/u, "$2");

describe("rights", () => {
  it("name actions one by one, never by a wildcard", () => {
    expect(grants.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
  });

  it("name resources one by one, except for the list above, where the template gives a reason", () => {
    const seen = new Set<number>();
    for (const { role, actions, resources, policy } of grants)
      for (const resource of resources.filter((arn) => /[*?]/u.test(arn)))
        for (const action of actions) {
          const known = wildcards.findIndex((one) => one.action.test(action) && one.resource.test(resource));
          seen.add(known);
          const where = `${policy.logicalId}: ${action} on ${resource}`;
          expect.soft(wildcards[known]?.roles, where).toContain(roleName(role));
          expect.soft(text(policy.metadata["reason"]), where).toMatch(wildcards[known]?.because ?? /^$/u);
        }
    expect([...seen].sort()).toEqual(wildcards.map((_, index) => index));
    // docs/security.md, Rights, counts them.
    const reasons = stage
      .of("AWS::IAM::Policy")
      .flatMap(({ metadata }) => ("reason" in metadata ? [text(metadata["reason"])] : []));
    expect(new Set(reasons).size).toBe(6);
  });

  it("never use NotAction, NotResource or NotPrincipal, and never allow everyone", () => {
    const open = documents().flatMap(({ type, of, statements }) =>
      statements
        .filter((one) => {
          const everybody = [one["Principal"], object(one["Principal"])["AWS"]].some((who) => list(who).includes("*"));
          // The statement that SNS gives every topic, for principals of the topic's own account (docs/unproven.md, Hedges).
          const owner =
            type === "AWS::SNS::TopicPolicy" &&
            lowerCased(object(object(one["Condition"])["StringEquals"]))["aws:sourceowner"];
          const known = flat(owner || null) === "${AWS::AccountId}";
          return (
            "NotAction" in one ||
            "NotResource" in one ||
            "NotPrincipal" in one ||
            (one["Effect"] === "Allow" && everybody && !known)
          );
        })
        .map((one) => `${of}: ${JSON.stringify(one)}`),
    );
    expect(open).toEqual([]);
    expect(stage.of("AWS::Lambda::Permission").map(({ properties }) => properties["Principal"])).not.toContain("*");
    expect(documents().map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
      ]),
    );
  });

  it("use no managed policies except AWS's own for CodeDeploy", () => {
    const managed = stage
      .of("AWS::IAM::Role")
      .flatMap(({ properties }) => list(properties["ManagedPolicyArns"]).map(flat));
    expect([...new Set(managed.map((arn) => arn.split("/").at(-1)))]).toEqual(["AWSCodeDeployRoleForLambdaLimited"]);
    expect(stage.resources.filter(({ type }) => type === "AWS::IAM::ManagedPolicy")).toEqual([]);
    expect(stage.of("AWS::IAM::Role").filter(({ properties }) => "Policies" in properties)).toEqual([]);
  });

  it("give each function a role of its own", () => {
    const roles = stage.of("AWS::Lambda::Function").map(({ properties }) => flat(properties["Role"]));
    const always = entrypoints.length - 1; // the console is optional, and this stage has none
    expect(roles).toHaveLength(always);
    expect(new Set(roles).size).toBe(always);
  });

  it.each([
    [
      "reads secrets",
      /^dynamodb:(GetItem|BatchGetItem|Query)$/u,
      /AttSecrets[0-9A-F]{8}Arn/u,
      ["Canary", "Registration", "Session"],
    ],
    [
      "writes secrets",
      /^dynamodb:(Put|Update|BatchWrite)Item$/u,
      /AttSecrets[0-9A-F]{8}Arn/u,
      ["Admin", "Canary", "Registration"],
    ],
    [
      "deletes secrets",
      /^dynamodb:DeleteItem$/u,
      /AttSecrets[0-9A-F]{8}Arn/u,
      ["Admin", "Canary", "Housekeeping", "Registration"],
    ],
    ["sends pushes", /^sns:Publish$/u, /./u, ["Admin", "Canary", "Push", "Registration"]],
    ["creates endpoints", /^sns:CreatePlatformEndpoint$/u, /./u, ["Admin", "Canary", "Push"]],
    ["changes endpoints", /^sns:SetEndpointAttributes$/u, /./u, ["Admin", "Push"]],
    ["changes apps", /^sns:(Create|Set)PlatformApplication/u, /./u, ["Provisioning"]],
    ["reads credentials", /^secretsmanager:GetSecretValue$/u, /./u, ["Provisioning"]],
    ["sends emails", /^ses:/u, /./u, ["Mail"]],
    ["closes connections", /^execute-api:/u, /\/DELETE\//u, ["Admin", "Housekeeping"]],
    ["reads connections", /^execute-api:/u, /\/GET\//u, ["Admin", "Registration"]],
    ["does anything else to connections", /^execute-api:/u, /^(?!.*\/(GET|DELETE)\/@connections)/u, []],
    [
      "lists a partition",
      /^dynamodb:Query$/u,
      /Att(Core|Secrets|Sessions)[0-9A-F]{8}Arn\w*\}$/u,
      ["Admin", "Housekeeping"],
    ],
    ["queries core by kind", /^dynamodb:/u, /\/index\/byKind$/u, ["Admin", "Housekeeping", "Mail", "Registration"]],
    ["queries core by endpoint", /^dynamodb:/u, /\/index\/byEndpoint$/u, ["Events"]],
    ["queries sessions by domain", /^dynamodb:/u, /\/index\/byDomain$/u, ["Admin", "Housekeeping", "Registration"]],
    ["reads core", /^dynamodb:GetItem$/u, /AttCore[0-9A-F]{8}Arn/u, READS_CORE],
    ["reads sessions", /^dynamodb:GetItem$/u, /AttSessions[0-9A-F]{8}Arn/u, READS_SESSIONS],
    ["scans a table", /^dynamodb:(Scan|PartiQL.*|Export.*)$/u, /./u, []],
  ])("%s: only the listed roles", (_, action, resource, roles) => {
    expect(holders(action, resource)).toEqual(roles);
  });

  it("to a table with a customer-managed key come with rights to the key, which no other role has", () => {
    const key = /AttSecretsKey[0-9A-F]{8}Arn/u;
    const table = /AttSecrets[0-9A-F]{8}Arn/u;
    expect(holders(/^kms:Decrypt$/u, key)).toEqual(holders(/^dynamodb:/u, table));
    expect(holders(/^kms:(Encrypt|ReEncrypt.*|GenerateDataKey.*)$/u, key)).toEqual(
      holders(/^dynamodb:(Put|Update|BatchWrite)Item$/u, table),
    );
    expect(holders(/^kms:/u, /TokenKey/u)).toEqual(["Provisioning"]);
    const onTokenKey = grants.filter(({ resources }) => resources.some((arn) => arn.includes("TokenKey")));
    expect(onTokenKey.flatMap(({ actions }) => actions)).toEqual(["kms:GetPublicKey"]);
    expect(holders(/^kms:/u, /EventsKey/u)).toEqual([]);
    expect(holders(/^kms:/u, /./u)).toEqual([
      "Admin",
      "Canary",
      "Housekeeping",
      "Provisioning",
      "Registration",
      "Session",
    ]);
  });

  it.each(["sns:Publish", "sns:SetEndpointAttributes"])(
    "let push and admin call %s only on each app's own ARN and its endpoints' ARNs",
    (action) => {
      for (const sender of ["Push", "Admin"]) {
        const arns = grants.flatMap(({ role, actions, resources }) =>
          roleName(role) === sender && actions.includes(action) ? resources : [],
        );
        const named = (kind: string) =>
          arns.flatMap(
            (arn) =>
              new RegExp(`:${kind}/(?<app>[A-Z_]+/push-prod-[a-z-]+)(?:/\\*)?$`, "u").exec(arn)?.groups?.["app"] ?? [],
          );
        expect(named("app").length).toBeGreaterThan(0);
        expect(named("endpoint").sort()).toEqual(named("app").sort());
      }
    },
  );

  it("let the canary read only its own secret", () => {
    const ofCanary = grants.filter(
      ({ role, resources }) =>
        roleName(role) === "Canary" && resources.some((arn) => /AttSecrets[0-9A-F]{8}Arn/u.test(arn)),
    );
    expect(ofCanary.length).toBeGreaterThan(0);
    for (const { condition } of ofCanary)
      expect(Object.keys(object(condition["ForAllValues:StringLike"]))).toEqual(["dynamodb:LeadingKeys"]);
  });

  it("let push and events use only the rows of devices, breakers and connections", () => {
    const onRows = grants.filter(
      ({ role, actions }) => ["Push", "Events"].includes(roleName(role)) && actions.includes("dynamodb:GetItem"),
    );
    expect(onRows).toHaveLength(3);
    for (const { role, condition } of onRows)
      expect(condition).toEqual({
        "ForAllValues:StringLike": {
          "dynamodb:LeadingKeys": [
            "DEVICE#*",
            "BREAKER#*",
            ...(roleName(role) === "Push" ? ["TOKENS#*", "CONN#*"] : []),
          ],
        },
      });
  });

  it("let admin and housekeeping write secrets without reading one back", () => {
    const onSecrets = grants.filter(
      ({ role, actions, resources }) =>
        ["Admin", "Housekeeping"].includes(roleName(role)) &&
        actions.includes("dynamodb:DeleteItem") &&
        resources.some((arn) => /AttSecrets[0-9A-F]{8}Arn/u.test(arn)),
    );
    expect(onSecrets).toHaveLength(2);
    for (const { condition } of onSecrets)
      expect(condition).toEqual({ StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" } });
  });

  it("let one function send email, only from the stage's sender and through its configuration set", () => {
    const sends = grants.filter(({ actions }) => actions.some((action) => action.startsWith("ses:")));
    expect(
      sends.map(({ role, actions, resources, condition }) => ({ role: roleName(role), actions, resources, condition })),
    ).toEqual([
      {
        role: "Mail",
        actions: ["ses:SendRawEmail"],
        resources: [
          expect.stringMatching(
            /^arn:aws:ses:eu-central-1:\$\{AWS::AccountId\}:configuration-set\/\$\{push-prod-mail:\w+\}$/u,
          ) as string,
          "arn:aws:ses:eu-central-1:${AWS::AccountId}:identity/*",
        ],
        // prod sends as "PBX Push <push@example.com>" of the domain example.com
        condition: { StringEquals: { "ses:FromAddress": "push@example.com" } },
      },
    ]);
  });

  it("pass a role to SNS and to no other service", () => {
    const passes = grants.filter(({ actions }) => actions.includes("iam:PassRole"));
    expect(passes.map(({ role }) => roleName(role))).toEqual(passes.map(() => "Provisioning"));
    expect(passes.length).toBeGreaterThan(0);
    for (const { condition, resources } of passes) {
      expect(condition).toEqual({ StringEquals: { "iam:PassedToService": "sns.amazonaws.com" } });
      for (const resource of resources) expect(resource).toMatch(/DeliveryLogRole/u);
    }
  });

  it("let SNS and SES use a key or a topic only on behalf of this account", () => {
    const statements = [
      ...stage.of("AWS::KMS::Key").map(({ properties }) => properties["KeyPolicy"]),
      ...stage.of("AWS::SNS::TopicPolicy").map(({ properties }) => properties["PolicyDocument"]),
    ]
      .flatMap((document) => list(object(document)["Statement"]).map(object))
      .filter(({ Principal }) => list(object(Principal)["Service"]).some((name) => /^(sns|ses)\./u.test(text(name))));
    expect(statements.length).toBeGreaterThanOrEqual(3);
    for (const { Condition } of statements)
      expect(lowerCased(object(object(Condition)["StringEquals"]))).toMatchObject({
        "aws:sourceaccount": { Ref: "AWS::AccountId" },
      });
  });

  describe("where AWS's documentation is silent, follow AWS's own samples (docs/unproven.md, Hedges)", () => {
    const statementsOf = (type: string, document: string): readonly JsonObject[] =>
      stage
        .of(type)
        .flatMap(({ logicalId, properties }) =>
          list(object(properties[document])["Statement"]).map((one) => ({ logicalId, ...object(one) })),
        );

    it("let SNS assume the role of a delivery log without a condition", () => {
      const trusts = statementsOf("AWS::IAM::Role", "AssumeRolePolicyDocument").filter(({ logicalId }) =>
        text(logicalId).includes("DeliveryLogRole"),
      );
      expect(trusts).toHaveLength(3);
      for (const trust of trusts) {
        expect(trust).toMatchObject({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "sns.amazonaws.com" },
        });
        expect(trust).not.toHaveProperty("Condition");
      }
    });

    it("let Logs call every form of GenerateDataKey on the key", () => {
      const [logs, ...others] = statementsOf("AWS::KMS::Key", "KeyPolicy").filter(({ Sid }) => Sid === "DeliveryLogs");
      expect(others).toEqual([]);
      expect(list(logs?.["Action"])).toContain("kms:GenerateDataKey*");
    });

    it("require no encryption context for actions without one", () => {
      const statements = [
        ...statementsOf("AWS::KMS::Key", "KeyPolicy"),
        ...statementsOf("AWS::IAM::Policy", "PolicyDocument"),
      ];
      const inContext = statements.filter(({ Condition }) =>
        JSON.stringify(Condition ?? {}).includes("kms:EncryptionContext"),
      );
      expect(inContext.length).toBeGreaterThan(0);
      expect(
        inContext.flatMap(({ Action }) => list(Action)).filter((action) => text(action).startsWith("kms:Describe")),
      ).toEqual([]);
    });

    it("keep SNS's default statement on the topics of events", () => {
      const owners = statementsOf("AWS::SNS::TopicPolicy", "PolicyDocument").filter(
        ({ Sid }) => Sid === "OwnerByDefault",
      );
      expect(owners).toHaveLength(2);
      for (const owner of owners) {
        expect(owner).toMatchObject({
          Principal: "*",
          Condition: { StringEquals: { "aws:SourceOwner": { Ref: "AWS::AccountId" } } },
        });
        expect(list(owner["Action"])).toContain("sns:Publish");
      }
    });
  });
});
