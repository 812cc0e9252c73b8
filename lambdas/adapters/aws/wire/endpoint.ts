/** A function's `process.env`. Credentials are read from it at every call, Region and endpoint once. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Regions outside the partition `aws`, whose hosts end differently (botocore and the SDK, partitions.json;
 * test/…/endpoint.test.ts compares).
 */
const SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^(cn-|aws-cn-)/u, "amazonaws.com.cn"],
  [/^eusc-/u, "amazonaws.eu"],
  [/^(us-iso-|aws-iso-global)/u, "c2s.ic.gov"],
  [/^(us-isob-|aws-iso-b-)/u, "sc2s.sgov.gov"],
  [/^(eu-isoe-|aws-iso-e-)/u, "cloud.adc-e.uk"],
  [/^(us-isof-|aws-iso-f-)/u, "csp.hci.ic.gov"],
];

/**
 * A service's endpoint, with a slash at the end: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or its host in the
 * Region. FIPS, dual-stack and account endpoints are not supported.
 *
 * @param service first label of its host
 */
function endpointOf(service: string, region: string, environment: Environment): URL {
  const ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true";
  const configured = ignored
    ? undefined
    : environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || environment["AWS_ENDPOINT_URL"];
  if (configured) return new URL(configured.replace(/\/?$/u, "/"));
  const suffix = SUFFIXES.find(([regions]) => regions.test(region))?.[1] ?? "amazonaws.com";
  return new URL(`https://${service}.${region}.${suffix}/`);
}

/**
 * The same, found at the first call, as it never changes in an execution environment. Throws if the Region is missing.
 */
export function endpointIn(service: string, environment: Environment): () => URL {
  let endpoint: URL | undefined;
  return () => (endpoint ??= endpointOf(service, required(environment, "AWS_REGION"), environment));
}

/** Throws an Error that names the variable. */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}
