import { describe, expect, test } from "vitest";
import type { ApplicationState, SecretState } from "../../../lambdas/ports/monitoring.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { checkCredentials } from "../../../lambdas/usecases/monitoring/check-credentials.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const DAY = 86_400_000;
const clock = testClock();
const now = clock.now();

async function look(application: ApplicationState | Error, secret: SecretState, certificate?: number | Error) {
  const telemetry = rememberingTelemetry();
  const settle = <T>(value: T | Error) => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));
  await checkCredentials({
    clock,
    telemetry,
    apps: [{ id: "ios-call", applicationArn: "arn of the app", secret: "its secret" }],
    host: certificate === undefined ? undefined : "push.example.com",
    credentials: {
      application: (arn) => settle(arn === "arn of the app" ? application : new Error(arn)),
      secret: (name) => settle(name === "its secret" ? secret : new Error(name)),
    },
    certificates: { expiresAt: (host) => settle(host === "push.example.com" ? (certificate ?? 0) : new Error(host)) },
  })();
  return telemetry;
}

const fine: ApplicationState = { enabled: true, expiresAt: undefined };
const old: SecretState = { changedAt: now - 400 * DAY, expiresAt: undefined };

describe("the credential check", () => {
  test("reports the age, and no days left without a date", async () => {
    const telemetry = await look(fine, old);
    expect(telemetry.counts.get("CredentialAge ")).toBe(400);
    expect(telemetry.counts.has("CredentialDaysLeft ")).toBe(false);
    expect(telemetry.counts.get("CredentialInvalid ")).toBe(0);
  });

  test("reports the days until the earlier of certificate and tag", async () => {
    const telemetry = await look({ enabled: true, expiresAt: now + 90 * DAY }, { ...old, expiresAt: now + 20 * DAY });
    expect(telemetry.counts.get("CredentialDaysLeft ")).toBe(20);
  });

  test("reports negative days after the expiry", async () => {
    const telemetry = await look(fine, { ...old, expiresAt: now - DAY });
    expect(telemetry.counts.get("CredentialDaysLeft ")).toBe(-1);
  });

  test("reports only complete days, left or passed", async () => {
    const telemetry = await look(fine, { changedAt: now - 2 * DAY + 1, expiresAt: now + 2 * DAY - 1 });
    expect([telemetry.counts.get("CredentialAge "), telemetry.counts.get("CredentialDaysLeft ")]).toEqual([1, 1]);
  });

  test("reports no age of a certificate", async () => {
    const telemetry = await look(fine, old, now + 60 * DAY);
    expect(telemetry.metrics.toSorted()).toEqual(["CredentialAge 400", "CredentialDaysLeft 60", "CredentialInvalid 0"]);
  });

  test("logs the name and state of each credential", async () => {
    const logged = async (...given: Parameters<typeof look>) => (await look(...given)).lines.toSorted();
    const [app, host] = ["app ios-call", "certificate of push.example.com"];
    const line = (level: string, fields: object) => JSON.stringify({ level, message: "credential", ...fields });
    expect(await logged(fine, { ...old, expiresAt: now + 20 * DAY }, now + 60 * DAY)).toEqual([
      line("info", { name: app, valid: true, daysLeft: 20, age: 400 }),
      line("info", { name: host, valid: true, daysLeft: 60 }),
    ]);
    expect(await logged({ ...fine, enabled: false }, old)).toEqual([
      line("error", { name: app, valid: false, age: 400 }),
    ]);
    expect(await logged(fine, old, new DependencyError("tls.connect", "unavailable"))).toEqual([
      line("error", { name: host, valid: false, error: "tls.connect: unavailable" }),
      line("info", { name: app, valid: true, age: 400 }),
    ]);
  });

  test.each<readonly [string, ApplicationState | Error, number | Error | undefined, number]>([
    ["an app that SNS has switched off", { enabled: false, expiresAt: undefined }, undefined, 1],
    [
      "an app that cannot be read",
      new DependencyError("sns.GetPlatformApplicationAttributes", "rejected"),
      undefined,
      1,
    ],
    ["a host without certificate", fine, new DependencyError("tls.connect", "unavailable"), 1],
    ["a working app and host", fine, now + 60 * DAY, 0],
  ])("counts %s", async (_, application, certificate, invalid) => {
    const telemetry = await look(application, old, certificate);
    expect(telemetry.counts.get("CredentialInvalid ")).toBe(invalid);
  });

  test("counts an unreadable date, and still reports that of the certificate", async () => {
    const telemetry = await look({ enabled: true, expiresAt: now + 90 * DAY }, { ...old, expiresAt: "unreadable" });
    expect(telemetry.counts.get("CredentialInvalid ")).toBe(1);
    expect(telemetry.counts.get("CredentialDaysLeft ")).toBe(90);
  });

  test("throws unexpected errors", async () => {
    await expect(look(new Error("a bug"), old)).rejects.toThrow("a bug");
  });
});
