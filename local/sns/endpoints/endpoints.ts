import { randomUUID } from "node:crypto";
import { type Actions, page } from "../api/actions.ts";
import { invalidParameter } from "../api/errors.ts";
import type { EndpointEvent } from "../delivery/events.ts";
import type { Store } from "../store.ts";
import { checkToken, normaliseToken } from "./tokens.ts";
import type { Application, Endpoint } from "../types.ts";

const names = new Set(["CustomUserData", "Enabled", "Token"]);

function checkAttributes(attributes: ReadonlyMap<string, string>): void {
  for (const name of attributes.keys()) {
    if (!names.has(name)) throw invalidParameter(`Attributes Reason: Invalid attribute name: ${name}`);
  }
}

/** Create is idempotent only with the same user data and no contradicting attribute. */
const sameAttributes = (endpoint: Endpoint, wanted: ReadonlyMap<string, string>): boolean =>
  (endpoint.attributes.get("CustomUserData") ?? "") === (wanted.get("CustomUserData") ?? "") &&
  [...wanted].every(([name, value]) => name === "Token" || endpoint.attributes.get(name) === value);

export interface EndpointOptions {
  readonly store: Store;
  readonly emit: (type: EndpointEvent, endpoint: Endpoint) => void;
  /** Runs `change` after the configured lag of attribute changes. */
  readonly eventually: (change: () => void) => void;
}

export function endpointActions({ store, emit, eventually }: EndpointOptions): Actions {
  function create(application: Application, token: string, wanted: Map<string, string>): Endpoint {
    const arn = store.arn(`endpoint/${application.platform}/${application.name}/${randomUUID()}`);
    const attributes = new Map([["Enabled", "true"], ...wanted, ["Token", token]]);
    const endpoint = { arn, application, attributes };
    store.putEndpoint(endpoint);
    emit("EndpointCreated", endpoint);
    return endpoint;
  }

  return {
    CreatePlatformEndpoint: (query) => {
      const application = store.application(query.required("PlatformApplicationArn"));
      const wanted = query.map("Attributes") ?? new Map<string, string>();
      checkAttributes(wanted);
      const userData = query.text("CustomUserData");
      if (userData !== undefined) wanted.set("CustomUserData", userData);
      checkToken(application.platform, query.required("Token"));
      const token = normaliseToken(application.platform, query.required("Token"));
      const existing = store.findByToken(application, token);
      if (existing !== undefined && !sameAttributes(existing, wanted)) {
        throw invalidParameter(
          `Token Reason: Endpoint ${existing.arn} already exists with the same Token, but different attributes.`,
        );
      }
      return { EndpointArn: (existing ?? create(application, token, wanted)).arn };
    },

    GetEndpointAttributes: (query) => ({ Attributes: store.endpoint(query.required("EndpointArn")).attributes }),

    SetEndpointAttributes: (query) => {
      const wanted = query.requiredMap("Attributes");
      const endpoint = store.endpoint(query.required("EndpointArn"));
      checkAttributes(wanted);
      const { application } = endpoint;
      if (wanted.has("Token")) {
        checkToken(application.platform, wanted.get("Token") ?? "");
        wanted.set("Token", normaliseToken(application.platform, wanted.get("Token") ?? ""));
        const holder = store.findByToken(application, wanted.get("Token") ?? "");
        if (holder !== undefined && holder !== endpoint) {
          throw invalidParameter("This endpoint is already registered with a different token.");
        }
      }
      eventually(() => {
        if (!store.endpoints.has(endpoint.arn)) return;
        store.removeEndpoint(endpoint);
        for (const [name, value] of wanted) endpoint.attributes.set(name, value);
        store.putEndpoint(endpoint);
      });
      emit("EndpointUpdated", endpoint);
      return {};
    },

    ListEndpointsByPlatformApplication: (query) => {
      const application = store.application(query.required("PlatformApplicationArn"));
      const all = [...store.endpoints.values()].filter((endpoint) => endpoint.application === application);
      const { items, next } = page(all, query.text("NextToken"));
      return {
        Endpoints: items.map(({ arn, attributes }) => ({ EndpointArn: arn, Attributes: attributes })),
        NextToken: next,
      };
    },

    DeleteEndpoint: (query) => {
      const endpoint = store.endpoints.get(query.required("EndpointArn"));
      if (endpoint !== undefined) {
        store.removeEndpoint(endpoint);
        emit("EndpointDeleted", endpoint);
      }
      return {};
    },
  };
}
