import { describe, expect, it } from "vitest";
import type { ApplicationState, SecretState } from "../../../lambdas/ports/monitoring.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { listApps } from "../../../lambdas/usecases/admin/list-apps.ts";
import { NOON } from "../../support/values/clock.ts";
import { anApp, fcmApp, voipApp } from "../../support/values/values.ts";

const on: ApplicationState = { enabled: true, expiresAt: undefined };
const kept: SecretState = { changedAt: NOON, expiresAt: undefined };
const failed = new DependencyError("sns.GetPlatformApplicationAttributes", "rejected", "NotFound");

const asked = (found: { readonly application?: Error; readonly secret?: Error; readonly kept?: SecretState } = {}) => {
  const names: string[] = [];
  const answer = <T>(name: string, state: T, error?: Error) => {
    names.push(name);
    return error === undefined ? Promise.resolve(state) : Promise.reject(error);
  };
  const look = listApps({
    apps: [voipApp, anApp("APNS", { id: "canary", reservedFor: "canary" }), fcmApp],
    secrets: { "ios-call": "push/ios-call" },
    credentials: {
      application: (arn) => answer(arn, on, found.application),
      secret: (name) => answer(name, found.kept ?? kept, found.secret),
    },
  });
  return { look, names };
};

describe("the operator's list of apps", () => {
  it("shows each with its application and credential, except reserved ones", async () => {
    const { look, names } = asked();
    const app = { id: "ios-call", platform: "APNS_VOIP", bundle: "com.example.phone", default: true };
    const shown = await look();
    expect(shown[0]).toEqual({ app, application: on, credential: kept });
    expect(shown.map(({ app: { id } }) => id)).toEqual(["ios-call", "android"]);
    expect(names.toSorted()).toEqual(["", voipApp.applicationArn, fcmApp.applicationArn, "push/ios-call"].toSorted());
  });

  it.each(["application", "secret"] as const)("says why it could not read the %s, and shows the rest", async (part) => {
    const [shown] = await asked({ [part]: failed }).look();
    const problem = { problem: "sns.GetPlatformApplicationAttributes: NotFound" };
    expect(shown).toMatchObject(
      part === "application" ? { application: problem, credential: kept } : { application: on, credential: problem },
    );
  });

  it("says that a credential's expiry date cannot be read", async () => {
    const [shown] = await asked({ kept: { ...kept, expiresAt: "unreadable" } }).look();
    expect(shown?.credential).toEqual({ problem: "its tag push:expires holds no date" });
  });

  it("throws unexpected errors", async () => {
    await expect(asked({ secret: new Error("a bug") }).look()).rejects.toThrow("a bug");
  });
});
