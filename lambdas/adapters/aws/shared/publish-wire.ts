import type { PublishCommandInput } from "@aws-sdk/client-sns";
import { extendedEncodeURIComponent, HttpRequest, type HttpResponse } from "@smithy/core/protocols";
import type { Config, Operation, Protocol, Wiring } from "./direct.ts";

/**
 * SNS's wire (AWS Query, 2010-03-31) with Publish written and read by hand, as that was a fifth of a warm post's time
 * (docs/performance.md); other operations and every error are the SDK's. Throws for an answer without a MessageId.
 */
export const publishWire = (sdk: Protocol): Protocol => ({
  async serializeRequest(operation, input, wiring) {
    if (operation.name !== "Publish") return sdk.serializeRequest(operation, input, wiring);
    return requestOf(input as PublishCommandInput, wiring);
  },
  async deserializeResponse(operation: Operation, config: Config, response: HttpResponse) {
    if (operation.name !== "Publish" || response.statusCode >= 300) return sdk.deserializeResponse(operation, config, response);
    const body = response.body instanceof Uint8Array ? response.body : await config.streamCollector(response.body);
    const MessageId = /<MessageId>([^<]+)<\/MessageId>/u.exec(Buffer.from(body).toString())?.[1];
    if (MessageId === undefined) throw new Error("SNS answered without a MessageId");
    return { MessageId, $metadata: { httpStatusCode: response.statusCode } };
  },
});

async function requestOf({ TargetArn, Message, MessageStructure, MessageAttributes = {} }: PublishCommandInput, { endpoint }: Wiring) {
  const { protocol, hostname, port, path } = await endpoint();
  let body = `Action=Publish&Version=2010-03-31&Message=${text(Message)}&TargetArn=${text(TargetArn)}&MessageStructure=${text(MessageStructure)}`;
  Object.entries(MessageAttributes).forEach(([name, { DataType, StringValue }], index) => {
    const entry = `&MessageAttributes.entry.${index + 1}`;
    body += `${entry}.Name=${text(name)}${entry}.Value.DataType=${text(DataType)}${entry}.Value.StringValue=${text(StringValue)}`;
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return new HttpRequest({ protocol, hostname, ...(port !== undefined && { port }), path, method: "POST", headers, body });
}

const text = (value: string | undefined): string => extendedEncodeURIComponent(value ?? "");
