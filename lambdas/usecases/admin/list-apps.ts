import type { AppState } from "../../core/admin/views.ts";
import type { App } from "../../core/push/apps.ts";
import type { PlatformCredentials, SecretState } from "../../ports/monitoring.ts";
import { DependencyError } from "../../ports/errors.ts";

export interface ListAppsPorts {
  readonly apps: readonly App[];
  /** Secret with each app's credential, by the app's id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly credentials: PlatformCredentials;
}

/** Apps with the state of their SNS application and the age of their credential. Never throws DependencyError. */
export function listApps({ apps, secrets, credentials }: ListAppsPorts): () => Promise<readonly AppState[]> {
  return () =>
    Promise.all(
      apps
        .filter(({ reservedFor }) => reservedFor === undefined)
        .map(async ({ id, platform, bundle, default: byDefault, applicationArn }) => ({
          app: { id, platform, bundle, default: byDefault },
          application: await looked(() => credentials.application(applicationArn)),
          credential: dated(await looked(() => credentials.secret(secrets[id] ?? ""))),
        })),
    );
}

function dated(seen: SecretState | { readonly problem: string }): AppState["credential"] {
  if ("problem" in seen) return seen;
  const { changedAt, expiresAt } = seen;
  return expiresAt === "unreadable" ? { problem: "its tag push:expires holds no date" } : { changedAt, expiresAt };
}

async function looked<T>(look: () => Promise<T>): Promise<T | { readonly problem: string }> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof DependencyError) return { problem: error.message };
    throw error;
  }
}
