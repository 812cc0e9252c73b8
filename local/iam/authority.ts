import { signingRole } from "../aws/calls.ts";
import { AwsError, type AwsRequest, type AwsService } from "../aws/protocols.ts";
import { nameIn } from "../aws/arn.ts";
import { rightsOf } from "./actions/rights.ts";
import { right } from "./actions/table.ts";
import { decide, type Refusal, type Right } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import type { Principal, Statement } from "./policy.ts";
import { refusal } from "./refusal.ts";

/** All policies of one account, by what they are attached to. */
export interface Attached {
  /** By the role's name. */
  readonly roles: ReadonlyMap<string, RolePolicies>;
  /** By the ARN of a queue, topic, key or function's alias. */
  readonly resources: ReadonlyMap<string, readonly Statement[]>;
}

export interface RolePolicies {
  readonly statements: readonly Statement[];
  /** Who may assume the role. */
  readonly trust: readonly Statement[];
  /** Function that calls as this role; the session name. */
  readonly functionName?: string;
}

/** Decides on calls of the account's roles, and on what services may do for the account. */
export interface Authority {
  /**
   * Throws an AwsError in the format of the call's service if the caller's role may not make it. The signature's access
   * key is the name of the caller's role; any other caller, such as a test, is the account's owner.
   */
  readonly authorize: (call: Pick<AwsRequest, "service" | "operation" | "protocol" | "headers" | "body">) => void;
  /** Wraps a service so that every call is authorized first. */
  readonly guard: (service: AwsService) => AwsService;
  /** The first right that the role lacks, if any. */
  readonly missing: (role: string, rights: readonly Right[]) => Right | undefined;
  /** Whether a service may act on behalf of a resource of this account. */
  readonly mayService: (service: string, action: string, resource: string, source: string) => boolean;
  /** Whether a service may act in this context, without a resource that it acts for. */
  readonly mayUse: (
    service: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, string>>,
  ) => boolean;
  /** Whether a service may assume a role on behalf of a resource. */
  readonly mayAssume: (service: string, role: string, source: string) => boolean;
}

/** @param onRefusal called with a sentence for every refusal */
export function createAuthority(
  { roles, resources }: Attached,
  facts: Facts,
  onRefusal: (sentence: string) => void,
): Authority {
  const refused = (role: string, asked: Right): Refusal => {
    const principal: Principal = {
      kind: "role",
      arn: `arn:aws:iam::${facts.accountId}:role/${role}`,
      session: sessionOf(role),
    };
    const identity = roles.get(role)?.statements ?? [];
    return decide(principal, asked, { identity, resource: policyOf(asked.resource), keyPolicy: isKey(asked.resource) });
  };
  const sessionOf = (role: string) =>
    `arn:aws:sts::${facts.accountId}:assumed-role/${role}/${roles.get(role)?.functionName ?? "session"}`;
  const policyOf = (resource: string) => resources.get(resource) ?? [];
  const missing = (role: string, rights: readonly Right[]) => {
    const lacking = rights.find((asked) => refused(role, asked) !== undefined);
    if (lacking !== undefined) onRefusal(`${role} lacks ${lacking.action} on ${lacking.resource}`);
    return lacking;
  };

  const authorize: Authority["authorize"] = (call) => {
    const role = signingRole(call.headers["authorization"]);
    if (!roles.has(role)) return;
    const rights = rightsOf(call, facts);
    if (rights === undefined) {
      const unknown = `${call.service} ${call.operation} by ${role}: the local host knows no IAM action for it`;
      onRefusal(unknown);
      throw new AwsError("AccessDeniedException", unknown, 403);
    }
    for (const asked of rights) {
      const reason = refused(role, asked);
      if (reason === undefined) continue;
      onRefusal(`${role} may not ${asked.action} on ${asked.resource} ${reason}`);
      throw refusal(call.service, sessionOf(role), asked.action, asked.resource, reason);
    }
  };

  const asService = (
    name: string,
    action: string,
    resource: string,
    source: string,
    statements: readonly Statement[],
  ) => {
    const asked = right(action, resource, { "aws:SourceArn": source, "aws:SourceAccount": facts.accountId });
    return asServiceDecided(name, asked, source, statements);
  };
  const asServiceDecided = (name: string, asked: Right, source: string, statements: readonly Statement[]) => {
    const reason = decide({ kind: "service", name }, asked, { identity: [], resource: statements });
    if (reason !== undefined) onRefusal(`${name} may not ${asked.action} on ${asked.resource} for ${source} ${reason}`);
    return reason === undefined;
  };

  return {
    authorize,
    guard: (service) => (request) => {
      authorize(request);
      return service(request);
    },
    missing,
    mayService: (service, action, resource, source) =>
      asService(service, action, resource, source, policyOf(resource)) && mayUseKey(service, resource, source),
    mayUse: (service, action, resource, context) =>
      asServiceDecided(
        service,
        right(action, resource, context),
        Object.values(context).join(", "),
        policyOf(resource),
      ),
    mayAssume: (service, role, source) =>
      asService(service, "sts:AssumeRole", role, source, roles.get(nameIn(role))?.trust ?? []),
  };

  /** A service that writes to a resource encrypted with a customer's key needs the key too. */
  function mayUseKey(service: string, resource: string, source: string): boolean {
    const key = facts.keyOf(resource);
    return (
      key === undefined ||
      ["kms:GenerateDataKey", "kms:Decrypt"].every((action) => asService(service, action, key, source, policyOf(key)))
    );
  }
}

const isKey = (resource: string) => resource.split(":")[2] === "kms";
