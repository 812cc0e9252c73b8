import { signingRole } from "../aws/calls.ts";
import { AwsError, type AwsRequest, type AwsService } from "../aws/protocols.ts";
import type { Created, ResourceRequest } from "../cloudformation/deploy.ts";
import { nameIn } from "../aws/arn.ts";
import { rightsOf } from "./actions/rights.ts";
import { right } from "./actions/table.ts";
import { decide, type Refusal, type Right } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import type { Statement } from "./policy.ts";
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

/** Whether a role, or a service on behalf of a resource of the account, has a right. */
export type Question = { readonly asked: Right } & ({ readonly role: string } | { readonly service: string });

/** Sees how the policies of an account come about, and everything that they are asked. */
export interface PolicyWatch {
  /** A sentence for every refusal. */
  readonly onRefusal: (sentence: string) => void;
  /** Everything that is decided, allowed or refused. */
  readonly onQuestion?: ((question: Question) => void) | undefined;
  /** Every resource of the templates. */
  readonly onCreated?: ((request: ResourceRequest, created: Created) => void) | undefined;
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

export function createAuthority(
  attached: Attached,
  facts: Facts,
  { onRefusal, onQuestion }: Pick<PolicyWatch, "onRefusal" | "onQuestion">,
): Authority {
  const { roles } = attached;
  const refusedTo = (question: Question): Refusal => {
    onQuestion?.(question);
    return decideBy(attached, facts.accountId, question);
  };
  const refused = (role: string, asked: Right) => refusedTo({ role, asked });
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
      throw refusal(call.service, sessionOf(roles, facts.accountId, role), asked.action, asked.resource, reason);
    }
  };

  const asService = (service: string, asked: Right, source: string) => {
    const reason = refusedTo({ service, asked });
    if (reason !== undefined)
      onRefusal(`${service} may not ${asked.action} on ${asked.resource} for ${source} ${reason}`);
    return reason === undefined;
  };
  const onBehalf = (service: string, action: string, resource: string, source: string) =>
    asService(
      service,
      right(action, resource, { "aws:SourceArn": source, "aws:SourceAccount": facts.accountId }),
      source,
    );

  return {
    authorize,
    guard: (service) => (request) => {
      authorize(request);
      return service(request);
    },
    missing,
    mayService: (service, action, resource, source) =>
      onBehalf(service, action, resource, source) && mayUseKey(service, resource, source),
    mayUse: (service, action, resource, context) =>
      asService(service, right(action, resource, context), Object.values(context).join(", ")),
    mayAssume: (service, role, source) => onBehalf(service, ASSUME, role, source),
  };

  /** A service that writes to a resource encrypted with a customer's key needs the key too. */
  function mayUseKey(service: string, resource: string, source: string): boolean {
    const key = facts.keyOf(resource);
    return (
      key === undefined ||
      ["kms:GenerateDataKey", "kms:Decrypt"].every((action) => onBehalf(service, action, key, source))
    );
  }
}

const ASSUME = "sts:AssumeRole";

/** Decides by the policies that are attached. Undefined: allowed; otherwise the reason in AWS's own words. */
export function decideBy({ roles, resources }: Attached, accountId: string, question: Question): Refusal {
  const { asked } = question;
  const { action, resource } = asked;
  const ofResource = (action === ASSUME ? roles.get(nameIn(resource))?.trust : resources.get(resource)) ?? [];
  if ("service" in question)
    return decide({ kind: "service", name: question.service }, asked, { identity: [], resource: ofResource });
  const { role } = question;
  const arn = `arn:aws:iam::${accountId}:role/${role}`;
  const identity = roles.get(role)?.statements ?? [];
  return decide({ kind: "role", arn, session: sessionOf(roles, accountId, role) }, asked, {
    identity,
    resource: ofResource,
    keyPolicy: isKey(resource),
  });
}

const sessionOf = (roles: Attached["roles"], accountId: string, role: string) =>
  `arn:aws:sts::${accountId}:assumed-role/${role}/${roles.get(role)?.functionName ?? "session"}`;

const isKey = (resource: string) => resource.split(":")[2] === "kms";
