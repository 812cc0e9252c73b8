import { describe, expect, it } from "vitest";
import { startLocalHost } from "../../local/host.ts";
import { isObject, type Json, type JsonObject, type Template } from "../../local/cloudformation/template.ts";
import { allMutations, recordStory } from "../rights/mutate.ts";
import { tellStory } from "../rights/story.ts";
import { alterAssembly } from "../support/process/altered-assembly.ts";

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];

/** Push and admin, or the canary, as commit 350082c had them: sns:Publish and sns:SetEndpointAttributes on endpoints, never on the app. */
const endpointsOnly =
  (of: "Functions" | "Canary") =>
  (template: Template): Template => {
    const narrowed = (statement: Json): Json => {
      if (!isObject(statement) || !JSON.stringify(statement["Resource"]).includes(":app/")) return statement;
      return {
        ...statement,
        Action: list(statement["Action"]).filter(
          (action) => action !== "sns:Publish" && action !== "sns:SetEndpointAttributes",
        ),
      };
    };
    const altered = Object.entries(template.Resources ?? {}).map(([id, resource]) => {
      const document = resource.Properties?.["PolicyDocument"];
      if (!id.startsWith(of) || resource.Type !== "AWS::IAM::Policy" || !isObject(document))
        return [id, resource] as const;
      const PolicyDocument: JsonObject = { ...document, Statement: list(document["Statement"]).map(narrowed) };
      return [id, { ...resource, Properties: { ...resource.Properties, PolicyDocument } }] as const;
    });
    return { ...template, Resources: Object.fromEntries(altered) };
  };

describe("the rights of every role", () => {
  it("are enough for everything that a stage does in a day, and each of them is needed", async () => {
    const { refusedBy } = await recordStory();
    const unnoticed = (await allMutations()).filter((mutation) => refusedBy(mutation) === undefined);
    expect(unnoticed.map(({ title }) => title)).toEqual([]);
  });

  it("of commit 350082c refuse the first push with AuthorizationError", async () => {
    const host = await startLocalHost({ port: 0, assembly: await alterAssembly(endpointsOnly("Functions")) });
    await expect(tellStory(host)).rejects.toThrow("AuthorizationErrorException");
    await host.stop();
    expect(host.refusals[0]).toMatch(
      /FunctionsPushRole\S* may not sns:Publish on \S*:app\/APNS_VOIP\/push-local-ios-call because no identity-based policy allows the sns:Publish action/u,
    );
    expect(host.sns.phones.list()).toEqual([]);
  });

  it("are proven by the canary, which fails at step rights where SNS answers AuthorizationError", async () => {
    const host = await startLocalHost({ port: 0, assembly: await alterAssembly(endpointsOnly("Canary")) });
    const failed = host.logs.list().find(({ line }) => line.includes("canary failed"));
    await host.stop();
    expect(JSON.parse(failed?.line ?? "{}")).toMatchObject({
      step: "rights",
      error: expect.stringContaining("ios-call, ios, android") as string,
    });
    expect(host.refusals).toHaveLength(3);
  });
});
