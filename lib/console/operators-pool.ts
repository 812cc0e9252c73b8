import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClientIdentityProvider,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import type { CALLBACK, SIGNED_OUT } from "../../lambdas/handlers/admin/console/sign-in.ts";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import type { Provider } from "./provider.ts";

const GROUPS = { support: "push-support", operator: "push-operators" } as const;

const callback: typeof CALLBACK = "/push/admin/callback";
const signedOut: typeof SIGNED_OUT = "/push/admin/signed-out";

/**
 * A user pool for operators without a company identity provider (docs/operate/console.md), and the console as its
 * public client, protected by PKCE. The pool is kept when the stage no longer uses it.
 */
export class OperatorsPool extends Construct implements Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly groupsClaim = "cognito:groups";
  readonly groups = GROUPS;
  readonly logoutUrl: string;

  /** @param publicUrl base of the pages */
  constructor(scope: Construct, id: string, config: StageConfig, publicUrl: string) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    const pool = this.#makePool(config.removal === "retain");
    for (const [role, groupName] of Object.entries(GROUPS))
      new CfnUserPoolGroup(this, role, { groupName, userPoolId: pool.userPoolId });
    // Prefixes are unique across all accounts of a Region.
    const domainPrefix = `push-${config.name}-${account}`;
    pool.addDomain("Domain", { cognitoDomain: { domainPrefix } });
    const client = pool.addClient("Console", {
      generateSecret: false,
      preventUserExistenceErrors: true,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE, OAuthScope.EMAIL],
        callbackUrls: [publicUrl + callback],
        logoutUrls: [publicUrl + signedOut],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      accessTokenValidity: Duration.minutes(5),
      idTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(1),
    });
    this.issuer = `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`;
    this.clientId = client.userPoolClientId;
    // Cognito has sign-out parameters of its own (Amazon Cognito Developer Guide, "The managed login sign-out
    // endpoint").
    this.logoutUrl =
      `https://${domainPrefix}.auth.${region}.amazoncognito.com/logout` +
      `?client_id=${this.clientId}&logout_uri=${publicUrl}${signedOut}`;
    new CfnOutput(this, "PoolId", { value: pool.userPoolId, description: "User pool of the console; kept" });
  }

  #makePool(stays: boolean): UserPool {
    const pool = new UserPool(this, "Pool", {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.NONE,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: stays,
      removalPolicy: stays ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(
      pool,
      "Threat protection is a plan of its own; every user needs a second factor, and self-sign-up is off.",
      "AwsSolutions-COG3",
      "AwsSolutions-COG8",
    );
    return pool;
  }
}
