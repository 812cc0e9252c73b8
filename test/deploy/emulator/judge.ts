import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { AwsError, errorResponse } from "../../../local/aws/protocols.ts";
import { createAuthority, type RolePolicies } from "../../../local/iam/authority.ts";
import type { Facts } from "../../../local/iam/facts.ts";
import { readPolicy, type Statement } from "../../../local/iam/policy.ts";
import type { SnsRequest, SnsSimulator } from "../../../local/sns/simulator.ts";
import { account, region } from "./emulator.ts";

/** Our evaluator before our SNS, over the policies that CloudFormation gave the roles. */
export interface Judge {
  /** The simulator, to functions of the emulator only as far as their roles may. */
  readonly judged: SnsSimulator;
  connect(emulator: string): void;
  /** How many calls of roles were judged. */
  readonly calls: () => number;
  /** What was refused, in a sentence each. */
  readonly refusals: readonly string[];
}

/** Nothing that push calls of SNS is under a customer's key, and no other service is asked here. */
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
  let endpoint = "";
  let calls = 0;

  /** Asked anew for every call: a deployment may have changed them. */
  async function authorize(request: SnsRequest): Promise<void> {
    const { authorization, token } = signatureOf(request);
    const role = await roleOf(endpoint, authorization, token);
    if (role === undefined) return;
    calls += 1;
    const roles = new Map<string, RolePolicies>([[role, { statements: await statementsOf(endpoint, role), trust: [] }]]);
    const authority = createAuthority({ roles, resources: new Map() }, facts, (sentence) => void refusals.push(sentence));
    const operation = new URLSearchParams(request.body).get("Action") ?? "";
    const caller = authorization.replace(/Credential=[^/]+/u, `Credential=${role}`);
    authority.authorize({ service: "sns", operation, protocol: "query", headers: { authorization: caller }, body: Buffer.from(request.body) });
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
    connect: (emulator) => void (endpoint = emulator),
    calls: () => calls,
    refusals,
  };
}

function signatureOf({ headers }: SnsRequest): { readonly authorization: string; readonly token: string } {
  const text = (value: string | readonly string[] | undefined): string => (typeof value === "string" ? value : "");
  return { authorization: text(headers["authorization"]), token: text(headers["x-amz-security-token"]) };
}

/** The role whose session signs so, by the emulator's STS; undefined for the account itself. */
async function roleOf(endpoint: string, authorization: string, token: string): Promise<string | undefined> {
  const asSts = authorization.replace("/sns/aws4_request", "/sts/aws4_request");
  const headers = { "content-type": "application/x-www-form-urlencoded", authorization: asSts, "x-amz-security-token": token };
  const answer = await fetch(endpoint, { method: "POST", headers, body: "Action=GetCallerIdentity&Version=2011-06-15" });
  const xml = await answer.text();
  assert.ok(answer.ok, `GetCallerIdentity answered ${answer.status}: ${xml}`);
  return /<Arn>arn:aws:sts::\d+:assumed-role\/([^/<]+)\//u.exec(xml)?.[1];
}

async function statementsOf(endpoint: string, RoleName: string): Promise<readonly Statement[]> {
  const names = members(await iam(endpoint, { Action: "ListRolePolicies", RoleName }), "member");
  const documents = await Promise.all(
    names.map(async (PolicyName) => members(await iam(endpoint, { Action: "GetRolePolicy", RoleName, PolicyName }), "PolicyDocument")[0] ?? ""),
  );
  return documents.flatMap((document) => readPolicy(JSON.parse(decodeURIComponent(document))));
}

const members = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]+)</${name}>`, "gu"))].map(([, text = ""]) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));

async function iam(endpoint: string, query: Readonly<Record<string, string>>): Promise<string> {
  const client = new AwsClient({ accessKeyId: "test", secretAccessKey: "test", region: "us-east-1" });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ Version: "2010-05-08", ...query }).toString();
  const answer = await client.fetch(endpoint, { method: "POST", headers, body, aws: { service: "iam" } });
  assert.ok(answer.ok, `${query["Action"]} answered ${answer.status}`);
  return answer.text();
}
