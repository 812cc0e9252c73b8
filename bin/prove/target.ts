import { randomBytes } from "node:crypto";
import type { StageConfig } from "../../lib/config.ts";
import { adminApi, type Api } from "../admin/api.ts";
import { isLoopback, objectUrl } from "../pbx/url.ts";
import type { Login } from "../story/world.ts";
import { outputOf, stackOutputs } from "../stage-outputs.ts";

/** An app that pushes may be for. */
export interface ProvedApp {
  readonly id: string;
  readonly platform: string;
}

/** Where a stage is reached, as far as it is known. */
export interface Target {
  /** The Push object's URL, or the part of it that can be opened. */
  readonly url: string;
  /** The stage, whose AWS account can be queried. */
  readonly stage?: { readonly name: string; readonly region: string };
  /** The WebSocket API's own address. */
  readonly apiUrl?: string;
  /** The address behind CloudFront. */
  readonly edgeUrl?: string;
  /** Base of the pages, if on another host than the Push object's. */
  readonly pagesUrl?: string;
  readonly apps: readonly ProvedApp[];
  /** The operator's API. */
  readonly adminUrl?: string;
  /** Base of `@connections`, and its Region. */
  readonly connections?: { readonly endpoint: string; readonly region: string };
}

/**
 * The addresses of a stage: from the outputs of its stacks, or from one URL alone. On this machine that URL also gives the
 * operator's API and `@connections`. Throws an Error when the stack cannot be read.
 */
export async function findTarget({ name, region, apps: all }: StageConfig, url: string | undefined): Promise<Target> {
  const apps = all.map(({ id, platform }) => ({ id, platform }));
  if (url !== undefined) {
    if (!isLoopback(url)) return { url, apps };
    const { origin } = new URL(objectUrl(url));
    return { url, apps, adminUrl: origin, connections: { endpoint: `${origin}/push`, region } };
  }
  const outputs = await stackOutputs(region, `push-${name}-service`);
  const [pushUrl, apiUrl] = [outputOf(outputs, "PushUrl"), outputOf(outputs, "SocketUrl")];
  const behindEdge = new URL(pushUrl).host !== new URL(apiUrl).host;
  return {
    url: behindEdge ? pushUrl : apiUrl,
    apps,
    pagesUrl: outputOf(outputs, "ConnectPage"),
    stage: { name, region },
    apiUrl,
    ...(behindEdge && { edgeUrl: pushUrl }),
    adminUrl: outputOf(outputs, "AdminUrl"),
    connections: { endpoint: apiUrl, region },
  };
}

export interface TemporaryAccount extends Login {
  remove(): Promise<void>;
}

/** An account for the proofs alone, set up by the operator's API. Throws ApiError. */
export async function temporaryAccount(api: Api): Promise<TemporaryAccount> {
  const account = `prove-${randomBytes(6).toString("hex")}.invalid`;
  const { secret } = await api.call("POST", "/domains", { body: { account } });
  return { account, secret, remove: async () => void (await api.call("DELETE", "/domain", { query: { account } })) };
}

export const operatorOf = ({ adminUrl }: Target): Api | undefined =>
  adminUrl === undefined ? undefined : adminApi(adminUrl, process.env);
