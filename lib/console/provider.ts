import type { RoleGroups } from "../../lambdas/core/admin/person.ts";
import type { EnvironmentOf } from "../../lambdas/env.ts";

/** Who vouches for operators, as the console's function knows them. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretName?: string | undefined;
  readonly groupsClaim: string;
  readonly groups: RoleGroups;
  /** Where its session ends, if its discovery document does not say. */
  readonly logoutUrl?: string;
}

export const providerVariables = (provider: Provider) =>
  ({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_SECRET: provider.clientSecretName,
    OIDC_LOGOUT_URL: provider.logoutUrl,
    OIDC_GROUPS_CLAIM: provider.groupsClaim,
    CONSOLE_GROUPS: JSON.stringify(provider.groups),
  }) satisfies Partial<EnvironmentOf<"console">>;
