import type { Created, ResourceRequest } from "../../local/cloudformation/deploy.ts";
import { decideBy, type PolicyWatch, type Question } from "../../local/iam/authority.ts";
import { templatePolicies } from "../../local/iam/resources.ts";
import { mutate, type Mutation } from "./mutations.ts";

export interface Recording {
  /** For `startLocalHost`. */
  readonly policyWatch: Partial<PolicyWatch>;
  /** Number of different questions. */
  readonly asked: () => number;
  /**
   * The first recorded question that the policies refuse under a mutation, and the reason; undefined if they allow
   * everything, as they must without a mutation. The run itself would have been refused there at the latest: until then
   * both are the same.
   */
  readonly refusedBy: (mutation: Mutation | undefined) => string | undefined;
}

/** Records the resources of a host and everything that its policies are asked, to ask mutated policies the same. */
export function recordPolicies(): Recording {
  const created: { readonly request: ResourceRequest; readonly result: Created }[] = [];
  const questions = new Map<string, Question>();

  return {
    policyWatch: {
      onCreated: (request, result) => void created.push({ request, result }),
      onQuestion: (question) => void questions.set(JSON.stringify([question, [...question.asked.context]]), question),
    },
    asked: () => questions.size,
    refusedBy(mutation) {
      const place = created[0]?.request.stack;
      if (place === undefined) throw new Error("nothing was recorded");
      const ofStack = created.filter(({ request }) => request.stack.name === mutation?.stack);
      const template = { Resources: Object.fromEntries(ofStack.map(asInTemplate)) };
      const { Resources: mutated = {} } = mutation === undefined ? template : mutate(template, mutation);
      const policies = templatePolicies(place, () => "");
      try {
        for (const { request, result } of created) {
          const properties =
            (request.stack.name === mutation?.stack ? mutated[request.logicalId]?.Properties : undefined) ??
            request.properties;
          void policies.resources[request.type]?.({ ...request, properties });
          policies.note({ ...request, properties }, result);
        }
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      for (const question of questions.values()) {
        const reason = decideBy(policies.attached, place.accountId, question);
        if (reason === undefined) continue;
        const { asked } = question;
        return `${"role" in question ? question.role : question.service} may not ${asked.action} on ${asked.resource} ${reason}`;
      }
      return undefined;
    },
  };
}

/** With all Refs resolved, a policy still has the same statements in the same order. */
const asInTemplate = ({ request: { logicalId, type, properties } }: { readonly request: ResourceRequest }) =>
  [logicalId, { Type: type, Properties: properties }] as const;
