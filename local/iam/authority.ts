import { signingRole } from "../aws/calls.ts";
import { AwsError, type AwsRequest, type AwsService } from "../aws/protocols.ts";
import { nameIn } from "../aws/arn.ts";
import { rightsOf } from "./actions/rights.ts";
import { right } from "./actions/table.ts";
import { decide, type Refusal, type Right } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import type { Principal, Statement } from "./policy.ts";
import { refusal } from "./refusal.ts";

/** All policies of one account, as they are attached. */
export interface Attached {
  /** By the role's name. */
  readonly roles: ReadonlyMap<string, RolePolicies>;
  /** By the ARN of a queue, topic, key or function's alias. */
  readonly resources: ReadonlyMap<string, readonly Statement[]>;
}

export interface RolePolicies {
  readonly statements: readonly Statement[];
  /** Who may take the role. */
  readonly trust: readonly Statement[];
  /** Function that calls as this role: the name of its sessions. */
  readonly functionName?: string;
}

/** Decides every call of the account's roles, and what a service may do on its behalf. */
export interface Authority {
  /**
   * Throws an AwsError, in the shape of the call's service, where the caller's role may not make it. The caller is known by
   * the access key of the signature, which is its role's name; who is none of the account's roles, such as a test, is its owner.
   */
  readonly authorize: (call: Pick<AwsRequest, "service" | "operation" | "protocol" | "headers" | "body">) => void;
  /** The same before every call of a service. */
  readonly guard: (service: AwsService) => AwsService;
  /** Whether a role may do all of this; otherwise the first right it lacks. */
  readonly missing: (role: string, rights: readonly Right[]) => Right | undefined;
  /** Whether a service may, on behalf of a resource of this account. */
  readonly mayService: (service: string, action: string, resource: string, source: string) => boolean;
  /** Whether a service may in a context that names no resource it acts for. */
  readonly mayUse: (
    service: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, string>>,
  ) => boolean;
  /** Whether a service may act as a role on behalf of a resource. */
  readonly mayAssume: (service: string, role: string, source: string) => boolean;
}

/** `onRefusal` hears of everything that was refused, in one sentence. */
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

  /** A service that writes to what is under a customer's key uses the key itself. */
  function mayUseKey(service: string, resource: string, source: string): boolean {
    const key = facts.keyOf(resource);
    return (
      key === undefined ||
      ["kms:GenerateDataKey", "kms:Decrypt"].every((action) => asService(service, action, key, source, policyOf(key)))
    );
  }
}

const isKey = (resource: string) => resource.split(":")[2] === "kms";
