import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { AwsError, errorResponse } from "../../../local/aws/protocols.ts";
import { createAuthority, type RolePolicies } from "../../../local/iam/authority.ts";
import type { Facts } from "../../../local/iam/facts.ts";
import { readPolicy, type Statement } from "../../../local/iam/policy.ts";
import type { SnsRequest, SnsSimulator } from "../../../local/sns/simulator.ts";
import { account, region, type Emulator } from "./emulator.ts";

/** Our evaluator in front of our SNS, with the policies that CloudFormation gave the roles. */
export interface Judge {
  /** The simulator, which functions of the emulator may use only as their roles allow. */
  readonly judged: SnsSimulator;
  connect(emulator: Emulator): void;
  /** How many calls by roles were checked. */
  readonly calls: () => number;
  /** What was refused, one sentence each. */
  readonly refusals: readonly string[];
}

/** No SNS call of push needs a customer-managed key, and only SNS is checked here. */
const facts: Facts = {
  region,
  accountId: account,
  table: () => undefined,
  keyOf: () => undefined,
  secret: () => undefined,
  keyArn: (id) => id,
  isIdentity: () => false,
  socketApi: "none",
};

export function judge(simulator: SnsSimulator): Judge {
  const refusals: string[] = [];
  let emulator: Emulator | undefined;
  let calls = 0;

  /** Policies are read again for every call, as a deployment may have changed them. */
  async function authorize(request: SnsRequest): Promise<void> {
    const header = request.headers["authorization"];
    const authorization = typeof header === "string" ? header : "";
    const role = await emulator?.roleOf(/Credential=([^/]+)/u.exec(authorization)?.[1] ?? "");
    if (emulator === undefined || role === undefined) return;
    calls += 1;
    const roles = new Map<string, RolePolicies>([
      [role, { statements: await statementsOf(emulator.url, role), trust: [] }],
    ]);
    const authority = createAuthority({ roles, resources: new Map() }, facts, {
      onRefusal: (sentence) => void refusals.push(sentence),
    });
    const operation = new URLSearchParams(request.body).get("Action") ?? "";
    const caller = authorization.replace(/Credential=[^/]+/u, `Credential=${role}`);
    authority.authorize({
      service: "sns",
      operation,
      protocol: "query",
      headers: { authorization: caller },
      body: Buffer.from(request.body),
    });
  }

  return {
    judged: {
      control: simulator.control,
      async handle(request) {
        try {
          await authorize(request);
          return await simulator.handle(request);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          const { status, headers, body } = errorResponse("query", error, "judged");
          return { status, headers, body: body.toString() };
        }
      },
    },
    connect: (started) => void (emulator = started),
    calls: () => calls,
    refusals,
  };
}

/** Removes an action from every statement of the one role whose name contains `role`. */
export async function takeAway(endpoint: string, role: string, action: string): Promise<void> {
  const roles = members(await iam(endpoint, { Action: "ListRoles", MaxItems: "1000" }), "RoleName");
  const [RoleName = "", ...others] = roles.filter((name) => name.includes(role));
  assert.ok(RoleName !== "" && others.length === 0, `${role}: ${[RoleName, ...others].join(", ")}`);
  const held = await policiesOf(endpoint, RoleName);
  assert.ok(
    held.some(([, text]) => text.includes(action)),
    `${RoleName} has no right to ${action} in the first place`,
  );
  for (const [PolicyName, text] of held) {
    const { Statement, ...rest } = JSON.parse(text) as { readonly Statement: readonly { Action: string | string[] }[] };
    const left = Statement.flatMap((statement) => {
      const Action = [statement.Action].flat().filter((each) => each !== action);
      return Action.length === 0 ? [] : [{ ...statement, Action }];
    });
    const change =
      left.length === 0
        ? { Action: "DeleteRolePolicy" }
        : { Action: "PutRolePolicy", PolicyDocument: JSON.stringify({ ...rest, Statement: left }) };
    await iam(endpoint, { ...change, RoleName, PolicyName });
  }
}

const statementsOf = async (endpoint: string, role: string): Promise<readonly Statement[]> =>
  (await policiesOf(endpoint, role)).flatMap(([, text]) => readPolicy(JSON.parse(text)));

async function policiesOf(
  endpoint: string,
  RoleName: string,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const names = members(await iam(endpoint, { Action: "ListRolePolicies", RoleName }), "member");
  return Promise.all(
    names.map(async (PolicyName) => {
      const xml = await iam(endpoint, { Action: "GetRolePolicy", RoleName, PolicyName });
      return [PolicyName, decodeURIComponent(members(xml, "PolicyDocument")[0] ?? "")] as const;
    }),
  );
}

const members = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]+)</${name}>`, "gu"))].map(([, text = ""]) =>
    text.replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
  );

async function iam(endpoint: string, query: Readonly<Record<string, string>>): Promise<string> {
  const client = new AwsClient({ accessKeyId: "test", secretAccessKey: "test", region: "us-east-1" });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ Version: "2010-05-08", ...query }).toString();
  const answer = await client.fetch(endpoint, { method: "POST", headers, body, aws: { service: "iam" } });
  assert.ok(answer.ok, `${query["Action"]} answered ${answer.status}`);
  return answer.text();
}
