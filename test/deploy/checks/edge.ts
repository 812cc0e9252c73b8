import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { region } from "../emulator/emulator.ts";

const root = new AwsClient({ accessKeyId: "test", secretAccessKey: "test", region });

export async function text(answer: Response): Promise<string> {
  assert.ok(answer.ok, `${answer.url} answered ${answer.status}`);
  return answer.text();
}

/**
 * Requests a page like a browser that looks the host name up in the hosted zone: alias record, CloudFront, its viewer-request
 * function, HTTP API. Follows no redirect.
 */
export async function askBehindEdge(endpoint: string, zoneId: string, address: string): Promise<Response> {
  const { hostname, pathname } = new URL(address);
  const records = await text(
    await root.fetch(`${endpoint}/2013-04-01/hostedzone/${zoneId}/rrset`, { aws: { service: "route53" } }),
  );
  const record = records.split("<ResourceRecordSet>").find((one) => one.includes(`<Name>${hostname}.</Name>`));
  const target = /<DNSName>([^<]+?)\.?<\/DNSName>/u.exec(record ?? "")?.[1];
  assert.ok(target, `no alias record for ${hostname}`);
  // Stands in for TLS, which is missing here.
  const headers = { "x-forwarded-proto": "https" };
  return fetch(`http://${target}:${new URL(endpoint).port}${pathname}`, { headers, redirect: "manual" });
}
