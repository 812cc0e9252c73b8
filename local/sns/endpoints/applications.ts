import { type Actions, page } from "../api/actions.ts";
import { invalidParameter } from "../api/errors.ts";
import type { Query } from "../api/query.ts";
import type { Store } from "../store.ts";
import { type Application, platforms, type SnsPlatform } from "../types.ts";

const secrets = ["PlatformCredential", "PlatformPrincipal"] as const;
const names = new Set<string>([
  ...secrets,
  "Enabled",
  "ApplePlatformTeamID",
  "ApplePlatformBundleID",
  "EventEndpointCreated",
  "EventEndpointDeleted",
  "EventEndpointUpdated",
  "EventDeliveryFailure",
  "SuccessFeedbackRoleArn",
  "FailureFeedbackRoleArn",
  "SuccessFeedbackSampleRate",
]);

const isPlatform = (text: string): text is SnsPlatform => (platforms as readonly string[]).includes(text);

function checkName(name: string): void {
  if (name === "") throw invalidParameter(`${name} Reason: cannot be empty`);
  if (name.length > 256) throw invalidParameter(`${name} Reason: must be at most 256 characters long`);
  if (!/^[\w.-]+$/u.test(name)) {
    const allowed = "'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'";
    throw invalidParameter(`${name} Reason: must contain only characters ${allowed}`);
  }
}

function checkAttributes(attributes: ReadonlyMap<string, string>, platform: SnsPlatform): void {
  for (const name of attributes.keys()) {
    if (!names.has(name)) throw invalidParameter(`Attributes Reason: Invalid attribute name: ${name}`);
  }
  const [credential, principal] = secrets.map((name) => attributes.has(name));
  if (principal === true && credential !== true) {
    throw invalidParameter("Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential");
  }
  // FCM has a credential only (service-account JSON or key).
  if (credential === true && principal !== true && platform !== "GCM") {
    throw invalidParameter("Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal");
  }
}

/** What Get and List show: never the credentials. */
const shown = (application: Application): Map<string, string> =>
  new Map([...application.attributes].filter(([name]) => !(secrets as readonly string[]).includes(name)));

/** Adds an application, or updates the one of that name (its ARN and endpoints stay). */
export function putApplication(
  store: Store,
  name: string,
  platform: SnsPlatform,
  attributes: ReadonlyMap<string, string>,
): Application {
  const arn = store.arn(`app/${platform}/${name}`);
  const application = store.applications.get(arn) ?? {
    arn,
    name,
    platform,
    attributes: new Map([["Enabled", "true"]]),
  };
  for (const [key, value] of attributes) application.attributes.set(key, value);
  store.applications.set(arn, application);
  return application;
}

export function applicationActions(store: Store): Actions {
  const named = (query: Query): Application => store.application(query.required("PlatformApplicationArn"));

  return {
    CreatePlatformApplication: (query) => {
      const [name, platform] = [query.required("Name"), query.required("Platform")];
      const attributes = query.requiredMap("Attributes");
      checkName(name);
      if (!isPlatform(platform)) throw invalidParameter(`Platform Reason: ${platform} is not supported`);
      checkAttributes(attributes, platform);
      return { PlatformApplicationArn: putApplication(store, name, platform, attributes).arn };
    },

    GetPlatformApplicationAttributes: (query) => ({ Attributes: shown(named(query)) }),

    SetPlatformApplicationAttributes: (query) => {
      const attributes = query.requiredMap("Attributes");
      const application = named(query);
      checkAttributes(attributes, application.platform);
      for (const [key, value] of attributes) application.attributes.set(key, value);
      return {};
    },

    ListPlatformApplications: (query) => {
      const { items, next } = page([...store.applications.values()], query.text("NextToken"));
      const entry = (application: Application) => ({
        PlatformApplicationArn: application.arn,
        Attributes: shown(application),
      });
      return { PlatformApplications: items.map(entry), NextToken: next };
    },

    DeletePlatformApplication: (query) => {
      const arn = query.required("PlatformApplicationArn");
      store.applications.delete(arn);
      for (const endpoint of [...store.endpoints.values()].filter((each) => each.application.arn === arn)) {
        store.removeEndpoint(endpoint);
      }
      return {};
    },
  };
}
