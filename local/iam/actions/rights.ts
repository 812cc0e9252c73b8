import { jsonObject } from "../../aws/json.ts";
import type { AwsRequest } from "../../aws/protocols.ts";
import type { Right } from "../evaluate.ts";
import type { Facts } from "../facts.ts";
import { dynamodb } from "./dynamodb.ts";
import { executeApi, kms, monitoring, secretsmanager } from "./others.ts";
import { ses } from "./ses.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import type { Table } from "./table.ts";

/** By signing name. */
const services: Readonly<Record<string, Table>> = {
  dynamodb,
  sns,
  sqs,
  ses,
  kms,
  secretsmanager,
  monitoring,
  "execute-api": executeApi,
};

type Call = Pick<AwsRequest, "service" | "operation" | "protocol" | "body">;

/** Every right that a call needs; undefined for an operation that is not listed yet. */
export function rightsOf(call: Call, facts: Facts): readonly Right[] | undefined {
  const table = services[call.service];
  if (table === undefined || !Object.hasOwn(table, call.operation)) return undefined;
  return table[call.operation]?.({ input: inputOf(call) }, facts);
}

/** Members of the call by name; empty for a malformed body, which its service refuses too. */
function inputOf({ protocol, body }: Call): Readonly<Record<string, unknown>> {
  const text = body.toString("utf8");
  return protocol === "query" ? Object.fromEntries(new URLSearchParams(text)) : (jsonObject(text) ?? {});
}
