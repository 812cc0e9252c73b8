import { beforeAll, describe, expect, it } from "vitest";
import { schemas } from "../../lambdas/env.ts";
import { readStage, type StageInput } from "../../lib/config.ts";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Synthesized } from "./synthesize.ts";

const whole = stages["prod"]!;
const own = {
  issuer: "https://id.example.com/realms/staff",
  clientId: "push-admin",
  clientSecretName: "push/prod/console",
  groupsClaim: "roles",
  groups: { support: "helpdesk", operator: "network" },
} as const;

let [without, withOwn, withCognito]: Synthesized[] = [];
beforeAll(() => {
  without = synthesize("prod");
  withOwn = synthesize("prod", { ...whole, console: own });
  withCognito = synthesize("prod", { ...whole, console: "cognito" });
});

/** Definitions of resources, by their logical id. */
const definitions = (stage: Synthesized | undefined) =>
  new Map((stage?.resources ?? []).map(({ logicalId, definition }) => [logicalId, JSON.stringify(definition)]));
const environmentOf = (stage: Synthesized | undefined) => {
  const found = stage?.resources.find(({ type, properties }) =>
    type === "AWS::Lambda::Function" ? text(properties["Description"]).endsWith(": console") : false,
  );
  return object(object(found?.properties["Environment"])["Variables"]);
};
/** `action on resource`, of one role. */
const rightsOf = (stage: Synthesized | undefined, role: string): string[] =>
  (stage?.resources ?? [])
    .filter(({ type, properties }) => {
      const roles = list(properties["Roles"]).map(flat);
      return type === "AWS::IAM::Policy" && roles.some((each) => new RegExp(`Functions${role}Role`, "u").test(each));
    })
    .flatMap(({ properties }) => list(object(properties["PolicyDocument"])["Statement"]).map(object))
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) => list(Resource).map((arn) => `${text(action)} on ${flat(arn)}`)),
    )
    .filter((right) => !right.includes("logs:"))
    .sort();

describe("a stage without a console", () => {
  it.each(["prod", "minimal"])("has no part of it: %s", (name) => {
    for (const { logicalId, type, definition } of synthesize(name).resources)
      expect(`${type} ${logicalId} ${JSON.stringify(definition)}`).not.toMatch(
        /\/push\/admin|Cognito|OIDC_|FunctionsConsole/u,
      );
  });

  it("differs from a stage with one only by what that adds", () => {
    const [before, after] = [definitions(without), definitions(withOwn)];
    const changed = [...before].filter(([id, definition]) => after.get(id) !== definition).map(([id]) => id);
    // The dashboard lists it beside the others.
    expect(changed.filter((id) => !/^Dashboard/u.test(id))).toEqual([]);
    const added = [...after.keys()].filter((id) => !before.has(id) && !/CurrentVersion/u.test(id));
    expect(added.length).toBeGreaterThan(5);
    expect(added.filter((id) => !/Console|pushadmin/iu.test(id))).toEqual([]);
    expect(Object.keys(withOwn?.outputs["push-prod-service"] ?? {})).toContain("ConsolePage");
  });
});

describe("a console with a provider of the company's own", () => {
  it("is watched by its function's name, so that no stack imports it", () => {
    const alarm = withOwn?.of("AWS::CloudWatch::Alarm").find(({ logicalId }) => /consolefails/u.test(logicalId));
    const metrics = JSON.stringify(alarm?.properties["Metrics"]);
    for (const part of ['"Value":"push-prod-console"', '"MetricName":"Throttles"', '"MetricName":"Unexpected"'])
      expect(metrics).toContain(part);
    expect(JSON.stringify(withOwn?.of("AWS::CloudWatch::Dashboard"))).toContain("push-prod-console");
    const exported = Object.keys(withOwn?.outputs["push-prod-service"] ?? {}).filter((name) => /^Export/u.test(name));
    expect(exported.length).toBeGreaterThan(5);
    expect(exported.filter((name) => /Console/u.test(name))).toEqual([]);
  });

  it("is a function behind /push/admin, with the provider and every variable it needs", () => {
    expect(environmentOf(withOwn)).toMatchObject({
      OIDC_ISSUER: own.issuer,
      OIDC_CLIENT_ID: own.clientId,
      OIDC_SECRET: own.clientSecretName,
      OIDC_GROUPS_CLAIM: "roles",
      CONSOLE_GROUPS: JSON.stringify(own.groups),
      // Without it every address would be CloudFront's, and all clients would share one limit by source.
      ADDRESS_HEADER: "x-viewer-address",
      PUBLIC_URL: "https://push.example.com",
    });
    const known = Object.keys(schemas.console.entries);
    expect(known).toEqual(expect.arrayContaining(Object.keys(environmentOf(withOwn))));
    const routes = withOwn?.of("AWS::ApiGatewayV2::Route").map(({ properties }) => text(properties["RouteKey"]));
    expect(routes).toEqual(expect.arrayContaining(["ANY /push/admin", "ANY /push/admin/{proxy+}"]));
    expect(withOwn?.outputs["push-prod-service"]).toMatchObject({ ConsolePage: {} });
  });

  it("has only the rights of the admin API's function, and its client's secret", () => {
    const admin = rightsOf(withOwn, "Admin");
    expect(admin.length).toBeGreaterThan(20);
    const more = rightsOf(withOwn, "Console").filter((right) => !admin.includes(right));
    expect(more).toEqual([
      expect.stringMatching(/^secretsmanager:GetSecretValue on .*:secret:push\/prod\/console-\?{6}$/u),
    ]);
    expect(admin.filter((right) => !rightsOf(withOwn, "Console").includes(right))).toEqual([]);
  });
});

describe("a console with Cognito", () => {
  const only = (type: string) => {
    const [found, ...others] = withCognito?.of(type) ?? [];
    expect(others).toEqual([]);
    return found!;
  };

  it("has a retained pool without sign-up, and with a second factor for everyone", () => {
    const { properties, definition, stack } = only("AWS::Cognito::UserPool");
    expect(stack).toBe("push-prod-service");
    expect(definition).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: "ON",
      EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
      DeletionProtection: "ACTIVE",
    });
    const groups = withCognito?.of("AWS::Cognito::UserPoolGroup").map(({ properties: { GroupName } }) => GroupName);
    expect(groups?.sort()).toEqual(["push-operators", "push-support"]);
    expect(flat(only("AWS::Cognito::UserPoolDomain").properties["Domain"])).toBe("push-prod-${AWS::AccountId}");
  });

  it("is a public client that uses only the code flow, with callbacks on our own addresses", () => {
    const { properties, logicalId } = only("AWS::Cognito::UserPoolClient");
    expect(properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "profile", "email"],
      CallbackURLs: ["https://push.example.com/push/admin/callback"],
      LogoutURLs: ["https://push.example.com/push/admin/signed-out"],
      SupportedIdentityProviders: ["COGNITO"],
    });
    const environment = environmentOf(withCognito);
    expect(flat(environment["OIDC_ISSUER"])).toMatch(
      /^https:\/\/cognito-idp\.eu-central-1\.amazonaws\.com\/\$\{.*Pool/u,
    );
    expect(flat(environment["OIDC_CLIENT_ID"])).toBe(`\${${logicalId}}`);
    expect(environment).toMatchObject({ OIDC_GROUPS_CLAIM: "cognito:groups" });
    expect(environment).not.toHaveProperty("OIDC_SECRET");
    expect(flat(environment["OIDC_LOGOUT_URL"])).toBe(
      `https://push-prod-\${AWS::AccountId}.auth.eu-central-1.amazoncognito.com/logout?client_id=\${${logicalId}}&logout_uri=https://push.example.com/push/admin/signed-out`,
    );
    const admin = rightsOf(withCognito, "Admin");
    expect(rightsOf(withCognito, "Console")).toEqual(admin);
  });
});

describe("a console in the configuration", () => {
  const complaint = (console: unknown) => {
    try {
      readStage("x", { x: { ...stages["minimal"]!, console } as StageInput });
    } catch (error) {
      return (error as Error).message;
    }
    return "none";
  };

  it.each([
    ["cognito", "none"],
    [own, "none"],
    [{ ...own, clientSecretName: undefined, groupsClaim: undefined }, "none"],
    [
      "keycloak",
      'stages.x.console: is neither: "cognito", or { issuer, clientId, clientSecretName, groupsClaim, groups } of your own provider',
    ],
    [
      { ...own, issuer: "http://127.0.0.1:8080/x" },
      "stages.x.console.issuer: plain http is for the local host only: use https",
    ],
    [
      { ...own, groups: { support: "a", operator: "a" } },
      "stages.x.console.groups.support: is the operators' group too",
    ],
  ])("%o: %s", (given, expected) => expect(complaint(given)).toContain(expected));

  it.each([
    ["http://id.example.com"],
    ["https://user@id.example.com"],
    ["id.example.com"],
    ["https://id.example.com/?a=b"],
  ])("takes no issuer like %s", (issuer) => expect(complaint({ ...own, issuer })).toMatch(/stages\.x\.console/u));
});
