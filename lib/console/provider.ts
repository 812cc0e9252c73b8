import type { RoleGroups } from "../../lambdas/core/admin/person.ts";
import type { EnvironmentOf } from "../../lambdas/env.ts";

/** The operators' identity provider, as the console's function needs it. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretName?: string | undefined;
  readonly groupsClaim: string;
  readonly groups: RoleGroups;
  /** Sign-out URL, if the discovery document has none. */
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
