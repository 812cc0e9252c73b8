import type { Clock } from "../../ports/clock.ts";
import type { PlatformCredentials, ServerCertificates, CheckedApp } from "../../ports/monitoring.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface CheckCredentialsPorts {
  readonly credentials: PlatformCredentials;
  readonly certificates: ServerCertificates;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly apps: readonly CheckedApp[];
  /** The public name that PBXes connect to; undefined if the certificate is AWS's own. */
  readonly host: string | undefined;
}

/** What one check found. Times in Unix ms. */
interface Found {
  readonly valid: boolean;
  readonly expiresAt: readonly (number | undefined)[];
  readonly changedAt?: number;
}

const DAY = 86_400_000;
const days = (ms: number): number => Math.floor(ms / DAY);

/**
 * Checks every credential that the service depends on: metrics for the alarms, a log line for each credential. A failed
 * check counts as a credential that does not work. Never throws DependencyError.
 */
export function checkCredentials(ports: CheckCredentialsPorts): () => Promise<void> {
  const { credentials, certificates, clock, telemetry, apps, host } = ports;

  async function app({ applicationArn, secret }: CheckedApp): Promise<Found> {
    const [application, kept] = await Promise.all([
      credentials.application(applicationArn),
      credentials.secret(secret),
    ]);
    const { changedAt, expiresAt } = kept;
    // An unreadable date would pass without a warning.
    if (expiresAt === "unreadable") return { valid: false, expiresAt: [application.expiresAt], changedAt };
    return { valid: application.enabled, expiresAt: [application.expiresAt, expiresAt], changedAt };
  }

  async function report(name: string, look: Promise<Found>): Promise<boolean> {
    try {
      const { valid, expiresAt, changedAt } = await look;
      const now = clock.now();
      const ends = expiresAt.filter((at) => at !== undefined);
      const daysLeft = ends.length === 0 ? undefined : days(Math.min(...ends) - now);
      const age = changedAt === undefined ? undefined : days(now - changedAt);
      if (daysLeft !== undefined) telemetry.metric("CredentialDaysLeft", daysLeft);
      if (age !== undefined) telemetry.metric("CredentialAge", age);
      telemetry.log(valid ? "info" : "error", "credential", { name, valid, daysLeft, age });
      return valid;
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("error", "credential", { name, valid: false, error: error.message });
      return false;
    }
  }

  return async () => {
    const looks = apps.map((each) => report(`app ${each.id}`, app(each)));
    if (host !== undefined) {
      const look = certificates.expiresAt(host).then((at): Found => ({ valid: true, expiresAt: [at] }));
      looks.push(report(`certificate of ${host}`, look));
    }
    const valid = await Promise.all(looks);
    telemetry.metric("CredentialInvalid", valid.filter((each) => !each).length);
  };
}
