import { createHash } from "node:crypto";
import { loginDigest } from "./digest.ts";
import { appOf } from "../url.ts";

/** Who logs in. `info` is JSON text, sent and digested unchanged; `null` leaves the member out. */
export interface LoginOptions {
  /** The Account of the Push object: `pbx.example.com` or `pbx.example.com/master`. */
  readonly account: string;
  readonly secret: string;
  /** Name of the Push object, sent as `sip` and inside the default info; default `push`. */
  readonly appobj?: string;
  readonly info?: string | null;
  /** Replaces members of the AppLogin; default `app` is the last path segment of the URL, `guid` a hash of the account. */
  readonly login?: { readonly [K in "app" | "guid" | "sip" | "dn"]?: string };
}

/** A post as a PBX sends it. */
export interface Post {
  readonly token: string;
  /** Names the handler of the reply, and is repeated in it. */
  readonly api?: string;
  /** `call` or `notification`. */
  readonly type?: string;
  /** Further members: an object, or the text of a JSON object, which is sent unchanged. */
  readonly members?: string | Readonly<Record<string, unknown>>;
}

/** The frame of an AppLogin, composed as text, because `info` must be sent exactly as it was digested. */
export function loginFrame(url: URL, options: LoginOptions, challenge: string): string {
  const appobj = options.appobj ?? "push";
  const info = options.info === undefined ? defaultInfo(url, appobj) : (options.info ?? undefined);
  const login = {
    sip: options.login?.sip ?? appobj,
    guid: options.login?.guid ?? createHash("sha256").update(options.account).digest("hex").slice(0, 32),
    dn: options.login?.dn ?? "Push",
    domain: options.account,
    app: options.login?.app ?? appOf(url),
  };
  const digest = loginDigest({ ...login, ...(info !== undefined && { info }) }, challenge, options.secret);
  const frame = JSON.stringify({ mt: "AppLogin", ...login, digest, pbxObj: appobj });
  return info === undefined ? frame : `${frame.slice(0, -1)},"info":${info}}`;
}

/** What a Push object of a PBX sends, after the published session. */
function defaultInfo(url: URL, appobj: string): string {
  const appurl = url.href.replace(/^ws/u, "http");
  return JSON.stringify({ appobj, appurl, cn: "Push", unlicensed: true });
}

/** The PbxInfo that a PBX sends directly after its login. */
export function pbxInfoFrame(account: string): string {
  const [domain = "", pbx = "master"] = account.split(/\/(.*)/su);
  return JSON.stringify({
    mt: "PbxInfo",
    domain,
    pbx,
    pbxDns: domain,
    apis: [],
    version: "16r1 simulated",
    build: "0",
  });
}

/** The frame of a post; throws a TypeError when `members` is no JSON object or names a member of the post itself. */
export function postFrame(src: string, post: Post): string {
  const { text, names } = readMembers(post.members ?? {});
  const own = ["mt", "src", "token", "api", ...(post.type === undefined ? [] : ["type"])];
  const taken = own.filter((name) => names.includes(name));
  if (taken.length > 0) throw new TypeError(`the payload must not hold ${taken.join(", ")}: the post itself does`);
  const frame = JSON.stringify({ mt: "PushNotifyPost", api: post.api, src, token: post.token, type: post.type });
  return names.length === 0 ? frame : `${frame.slice(0, -1)},${text.slice(1)}`;
}

function readMembers(members: string | Readonly<Record<string, unknown>>): { text: string; names: readonly string[] } {
  const text = typeof members === "string" ? members.trim() : JSON.stringify(members);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { text, names: Object.keys(value) };
  } catch {
    // reported below
  }
  throw new TypeError("the payload must be a JSON object");
}
