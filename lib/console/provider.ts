import type { StageConfig } from "../config.ts";

/** Who vouches for operators, as the console's function knows them. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretName?: string | undefined;
  readonly groupsClaim: string;
  readonly groups: { readonly support: string; readonly operator: string };
  /** Where its session ends, if its discovery document does not say. */
  readonly logoutUrl?: string;
}

/** Where browsers come back to (lambdas/handlers/admin/console/sign-in.ts). */
export const CALLBACK_PATH = "/push/admin/callback";
export const SIGNED_OUT_PATH = "/push/admin/signed-out";

/** The stage's own provider; undefined: there is no console, or Cognito stands in for one. */
export const ownProvider = ({ console: given }: StageConfig): Provider | undefined =>
  given === undefined || given === "cognito" ? undefined : given;
