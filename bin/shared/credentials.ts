import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Failure } from "./failure.ts";

/** For a client of an AWS API: each attempt ends within 8 s. */
export const PATIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
};

/** Finds credentials once, and again when they expire. */
let provider: ReturnType<typeof defaultProvider> | undefined;

/** AWS credentials of the SDK's chain: environment, profile, SSO, … Throws a Failure that says what to run. */
export async function awsCredentials(): ReturnType<ReturnType<typeof defaultProvider>> {
  try {
    return await (provider ??= defaultProvider())();
  } catch {
    const profile = process.env["AWS_PROFILE"];
    throw new Failure(
      "credentials",
      profile === undefined
        ? "no AWS credentials: run aws sso login and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        : `no AWS credentials in the profile ${profile}: run aws sso login --profile ${profile}`,
    );
  }
}
