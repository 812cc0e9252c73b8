import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import type { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { Endpoint, EndpointV2, RequestHandler, RequestSigner } from "@smithy/types";

/** What of a client of the SDK is used here. */
export interface SdkClient {
  readonly config: object;
  readonly send: unknown;
}

export interface Options {
  readonly abortSignal?: AbortSignal;
}

/** A command of the SDK: what it asks, and how that and its answer are written. */
export interface Command {
  readonly input: object;
  readonly schema?: unknown;
}

/** Calls without the SDK's middleware. */
export interface Direct<Client extends SdkClient> {
  /** As the client's own `send`: resolves with the output, throws the same exceptions, is ended by the abort signal. */
  readonly send: Client["send"];
  /** The signed request of a command, not sent. */
  readonly request: (command: Command) => Promise<HttpRequest>;
  readonly requestHandler: RequestHandler<HttpRequest, HttpResponse, Options>;
}

/**
 * The SDK's own endpoint, serialiser, signer, HTTP handler and parser one after the other, in place of its middleware,
 * which takes three fifths of a call's CPU and does nothing here that anybody needs: retries (the deadline decides about
 * them), logs, what the user agent tells, correction of a clock that AWS sets (docs/performance.md).
 *
 * @param client of an RPC protocol (DynamoDB, SNS); its endpoint is that of its Region, whatever a command holds
 * @param wire the client's protocol, or what stands in for it
 */
export function direct<Client extends SdkClient>(client: Client, wire = (sdk: Protocol): Protocol => sdk): Direct<Client> {
  const config = client.config as Config;
  const protocol = wire(config.protocol);
  let ready: Ready | undefined;

  async function request(command: Command): Promise<HttpRequest> {
    const { endpoint, host, signer } = (ready ??= await prepare(config, command));
    const made = await protocol.serializeRequest(operationOf(command), command.input, { endpoint });
    made.headers = { ...made.headers, host, "user-agent": USER_AGENT, "content-length": String(Buffer.byteLength(made.body as string | Uint8Array)) };
    return (await signer.sign(made)) as HttpRequest;
  }

  async function send(command: Command, options: Options = {}): Promise<unknown> {
    const { response } = await config.requestHandler.handle(await request(command), options);
    return protocol.deserializeResponse(operationOf(command), config, response);
  }

  return { send, request, requestHandler: config.requestHandler };
}

/** As CloudTrail and the logs of AWS name us. */
const USER_AGENT = "pbx-push-service";

export interface Operation {
  readonly namespace: string;
  readonly name: string;
  readonly traits: unknown;
  readonly input: unknown;
  readonly output: unknown;
}
export interface Wiring {
  readonly endpoint: () => Promise<Endpoint>;
}
/** How a command becomes a request, and an answer its output or its exception; the body is text or bytes. */
export interface Protocol {
  serializeRequest(operation: Operation, input: object, wiring: Wiring): Promise<HttpRequest>;
  deserializeResponse(operation: Operation, config: Config, response: HttpResponse): Promise<unknown>;
}
/** A client's resolved configuration, of which the SDK publishes no type for any client. */
export interface Config {
  readonly protocol: Protocol;
  /** Reads a body to its end. */
  readonly streamCollector: (body: unknown) => Promise<Uint8Array>;
  readonly requestHandler: RequestHandler<HttpRequest, HttpResponse, Options>;
  /** Of the client's service and Region; asks for credentials again before they expire. */
  signer(): Promise<RequestSigner>;
}

/** What a command's class says of its endpoint. */
type EndpointInstructions = Parameters<typeof getEndpointFromInstructions>[1];

interface Ready {
  readonly endpoint: () => Promise<Endpoint>;
  readonly host: string;
  readonly signer: RequestSigner;
}

async function prepare(config: Config, command: Command): Promise<Ready> {
  const { url }: EndpointV2 = await getEndpointFromInstructions({}, command.constructor as EndpointInstructions, config);
  const { protocol, hostname, port, pathname: path, host } = url;
  const endpoint = { protocol, hostname, path, ...(port !== "" && { port: Number(port) }) };
  return { endpoint: () => Promise.resolve(endpoint), host, signer: await config.signer() };
}

function operationOf({ schema }: Command): Operation {
  const [, namespace, name, traits, input, output] = schema as readonly [number, string, string, unknown, unknown, unknown];
  return { namespace, name, traits, input, output };
}
