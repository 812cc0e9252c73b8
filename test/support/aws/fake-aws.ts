import { createServer, type IncomingMessage } from "node:http";
import { listen } from "../../../local/aws/listen.ts";
import { text } from "node:stream/consumers";

/** An AWS service's answer; undefined becomes AccessDenied. */
export type Answer = { readonly status?: number; readonly body: string } | undefined;

export interface Asked {
  /** `Service.Operation` by target or action, else `METHOD /path`. */
  readonly operation: string;
  readonly body: string;
}

export interface FakeAws {
  /** For `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_<SERVICE>`. */
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** An HTTP server on loopback that answers like AWS's control services, for command lines that call them. */
export async function startFakeAws(answer: (asked: Asked) => Answer): Promise<FakeAws> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = { operation: operationOf(request, body), body };
      asked.push(call);
      const { status = 200, body: text } = answer(call) ?? denied;
      response.writeHead(status, { "content-type": text.startsWith("<") ? "text/xml" : "application/json" }).end(text);
    });
  });
  const listening = await listen(server, 0);
  return { url: listening.url, asked, stop: () => listening.close() };
}

const denied = { status: 400, body: JSON.stringify({ __type: "AccessDeniedException", message: "not allowed" }) };

function operationOf({ headers, method, url }: IncomingMessage, body: string): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.replace(/V?_?\d{8}/u, "");
  const action = new URLSearchParams(body).get("Action");
  return action ?? `${method} ${url}`;
}

/** CloudFormation's answer to DescribeStacks, out of outputs by stack name. */
export function describeStacks(
  outputs: Readonly<Record<string, Readonly<Record<string, string>>>>,
  body: string,
): Answer {
  const name = new URLSearchParams(body).get("StackName") ?? "";
  const found = outputs[name];
  if (found === undefined) {
    const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error>`;
    return { status: 400, body: `<ErrorResponse>${error}<RequestId>0</RequestId></ErrorResponse>` };
  }
  const members = Object.entries(found).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escape(value)}</OutputValue></member>`,
  );
  const stack = `<member><StackName>${name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join("")}</Outputs></member>`;
  return {
    body: `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></DescribeStacksResponse>`,
  };
}

const escape = (text: string): string => text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;");
