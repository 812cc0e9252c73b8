import { describe, expect, it } from "vitest";
import { startLocalHost } from "../../local/host.ts";
import { isObject, type Json, type JsonObject, type Template } from "../../local/cloudformation/template.ts";
import { allMutations, recordStory } from "../rights/mutate.ts";
import { alterAssembly } from "../support/process/altered-assembly.ts";
import { addAccount, iosToken } from "../support/process/host.ts";
import { logIn, openSocket } from "../support/process/raw-socket.ts";

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];

/** Functions and canary as commit 350082c had them: sns:Publish and sns:SetEndpointAttributes on endpoints, never on the app. */
const endpointsOnly = (template: Template): Template => {
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
    if (!/^(Functions|Canary)/u.test(id) || resource.Type !== "AWS::IAM::Policy" || !isObject(document))
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

  it("of commit 350082c fail the canary at step rights, and the first push with AuthorizationError", async () => {
    const host = await startLocalHost({ port: 0, assembly: await alterAssembly(endpointsOnly) });
    const failed = host.logs.list().find(({ line }) => line.includes("canary failed"));
    const byCanary = host.refusals.length;
    const secret = await addAccount(host, "pbx.example.com");
    const pbx = await openSocket(host.wsUrl);
    await logIn(pbx, { account: "pbx.example.com", secret });
    pbx.send({ mt: "PushNotifyPost", token: `ios-call:${iosToken("refused")}`, type: "call" });
    const answer = await pbx.next();
    await host.stop();

    expect(JSON.parse(failed?.line ?? "{}")).toMatchObject({
      step: "rights",
      error: expect.stringContaining("ios-call, ios, android") as string,
    });
    expect(byCanary).toBe(3);
    expect(JSON.stringify(answer)).toContain("AuthorizationErrorException");
    expect(host.refusals[byCanary]).toMatch(
      /FunctionsPushRole\S* may not sns:Publish on \S*:app\/APNS_VOIP\/push-local-ios-call because no identity-based policy allows the sns:Publish action/u,
    );
    expect(host.sns.phones.list()).toEqual([]);
  });
});
