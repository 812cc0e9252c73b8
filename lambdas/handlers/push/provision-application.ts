import * as v from "valibot";
import type { Platform } from "../../core/push/apps.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { StackAnswer, Stacks } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Provisioning, WantedApplication } from "../../usecases/push/provision-application.ts";

const text = v.pipe(v.string(), v.minLength(1));
const platforms = ["APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "GCM"] as const satisfies Platform[];

const application = v.pipe(
  v.object({
    Arn: text,
    Name: text,
    Platform: v.picklist(platforms),
    Bundle: text,
    CredentialSecret: text,
    EventTopic: text,
    FeedbackRole: text,
    SuccessSampleRate: text,
  }),
  v.transform(
    (properties): WantedApplication => ({
      arn: properties.Arn,
      name: properties.Name,
      platform: properties.Platform,
      bundle: properties.Bundle,
      credentialSecret: properties.CredentialSecret,
      eventTopic: properties.EventTopic,
      feedbackRole: properties.FeedbackRole,
      successSampleRate: properties.SuccessSampleRate,
    }),
  ),
);
const tokenKey = v.object({ KeyId: text });

const envelope = {
  ResponseURL: text,
  StackId: text,
  RequestId: text,
  LogicalResourceId: text,
  PhysicalResourceId: v.optional(text),
};
const wishes = v.variant("ResourceType", [
  v.object({
    ResourceType: v.literal("Custom::PlatformApplication"),
    ResourceProperties: application,
    OldResourceProperties: v.optional(v.object({ Arn: text })),
  }),
  v.object({ ResourceType: v.literal("Custom::TokenKey"), ResourceProperties: tokenKey }),
]);
const stackRequest = v.object({ ...envelope, RequestType: v.picklist(["Create", "Update", "Delete"]) });
const refreshRequest = v.object({ refresh: application });

type Outcome = Pick<StackAnswer, "Status" | "Reason" | "PhysicalResourceId" | "Data">;

/**
 * Serves CloudFormation (custom resources) and EventBridge (`{refresh}`: the credential has changed, or may have). A
 * stack always gets its answer; a failed refresh throws, so that it is retried and finally goes to the queue for
 * failures.
 */
export function provisioningHandler(service: Provisioning, stacks: Stacks, telemetry: Telemetry) {
  return async (event: unknown): Promise<void> => {
    const refresh = v.safeParse(refreshRequest, event);
    if (refresh.success) return renew(refresh.output.refresh);
    const request = v.parse(stackRequest, event);
    const { StackId, RequestId, LogicalResourceId, RequestType } = request;
    const { Data, ...outcome } = await fulfil(event, request);
    telemetry.log(outcome.Status === "SUCCESS" ? "info" : "error", "stack request", {
      request: RequestType,
      resource: LogicalResourceId,
      reason: outcome.Reason,
    });
    await stacks.answer(request.ResponseURL, {
      ...outcome,
      StackId,
      RequestId,
      LogicalResourceId,
      ...(Data && { Data }),
    });
  };

  async function renew(wanted: WantedApplication): Promise<void> {
    const result = await service.apply(wanted);
    if (!result.ok) throw new Error(`${wanted.name}: ${result.error}`);
    telemetry.log("info", "credential refreshed", { application: wanted.name });
  }

  async function fulfil(event: unknown, request: v.InferOutput<typeof stackRequest>): Promise<Outcome> {
    const known = request.PhysicalResourceId ?? request.LogicalResourceId;
    const failed = (Reason: string): Outcome => ({ Status: "FAILED", Reason, PhysicalResourceId: known });
    // Deletes nothing: an application holds every phone's endpoint, and the key belongs to the data.
    if (request.RequestType === "Delete") return { Status: "SUCCESS", Reason: "kept", PhysicalResourceId: known };
    const wish = v.safeParse(wishes, event);
    if (!wish.success) return failed(`bad properties: ${issuesOf(wish.issues)}`);
    try {
      return await grant(wish.output, failed);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      return failed(`${error.message}: see docs/operate/deploying.md, Credentials of the apps`);
    }
  }

  async function grant(
    wish: v.InferOutput<typeof wishes>,
    failed: (reason: string, id?: string) => Outcome,
  ): Promise<Outcome> {
    if (wish.ResourceType === "Custom::TokenKey") {
      const id = wish.ResourceProperties.KeyId;
      return {
        Status: "SUCCESS",
        Reason: "",
        PhysicalResourceId: id,
        Data: { PublicKey: await service.publicKey(id) },
      };
    }
    const { ResourceProperties: wanted, OldResourceProperties: old } = wish;
    if (old !== undefined && old.Arn !== wanted.arn)
      return failed(`${old.Arn} is never replaced, its endpoints would be lost: add an app with another id instead`);
    const result = await service.apply(wanted);
    return result.ok
      ? { Status: "SUCCESS", Reason: "", PhysicalResourceId: wanted.arn, Data: { Arn: result.value } }
      : failed(result.error, wanted.arn);
  }
}

const issuesOf = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => v.getDotPath(issue) ?? issue.message).join(", ");
