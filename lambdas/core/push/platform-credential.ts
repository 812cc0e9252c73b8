import type { Platform } from "./apps.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** What SNS takes as an application's credential (docs.aws.amazon.com, SetPlatformApplicationAttributes). Secret. */
export type CredentialAttributes = Readonly<Record<string, string>>;

/**
 * Turns the text of a credential secret into SNS attributes.
 *
 * APNs, token authentication: JSON `{"keyId", "teamId", "p8"}`, `p8` being the text of the `.p8` file.
 * FCM v1: the service account's JSON file as it was downloaded.
 *
 * @param bundle bundle id of the app; goes with every APNs token
 * @returns the attributes, or what is wrong, in words that quote nothing of the secret
 */
export function credentialAttributes(
  text: string,
  platform: Platform,
  bundle: string,
): Result<CredentialAttributes, string> {
  const members = jsonObject(text);
  if (members === undefined) return fail("the credential secret is not a JSON object");
  return platform === "GCM" ? serviceAccount(text, members) : tokenAuthentication(members, bundle);
}

type Members = Readonly<Record<string, unknown>>;

function tokenAuthentication(members: Members, bundle: string): Result<CredentialAttributes, string> {
  const { keyId, teamId, p8 } = members;
  if (!isText(keyId) || !isText(teamId) || !isText(p8)) return fail(lacking(members, ["keyId", "teamId", "p8"]));
  return ok({
    PlatformPrincipal: keyId,
    PlatformCredential: p8,
    ApplePlatformTeamID: teamId,
    ApplePlatformBundleID: bundle,
  });
}

function serviceAccount(text: string, members: Members): Result<CredentialAttributes, string> {
  const needed = ["type", "project_id", "private_key", "client_email"];
  if (!needed.every((name) => isText(members[name]))) return fail(lacking(members, needed));
  return ok({ PlatformCredential: text });
}

const lacking = (members: Members, needed: readonly string[]): string =>
  `the credential secret lacks ${needed.filter((name) => !isText(members[name])).join(", ")}`;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function jsonObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}
