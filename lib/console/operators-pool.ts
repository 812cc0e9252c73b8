import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  type IUserPool,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import { CALLBACK_PATH, SIGNED_OUT_PATH, type Provider } from "./provider.ts";

const GROUPS = { support: "push-support", operator: "push-operators" } as const;

/** Operators of a company without an identity provider of its own (docs/console.md). */
export class OperatorsPool extends Construct {
  readonly pool: IUserPool;
  /** Of the pages on which they sign in, without scheme. */
  readonly domain: string;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    const stays = config.removal === "retain";
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
      "Threat protection is a plan of its own; a second factor is required of everybody, and nobody signs up by themselves.",
      "AwsSolutions-COG3",
      "AwsSolutions-COG8",
    );
    for (const [role, groupName] of Object.entries(GROUPS))
      new CfnUserPoolGroup(this, role, { groupName, userPoolId: pool.userPoolId });
    const { account, region } = Stack.of(this);
    // Prefixes are one for each account and stage: the Region has one name space for everybody.
    const domainPrefix = `push-${config.name}-${account}`;
    pool.addDomain("Domain", { cognitoDomain: { domainPrefix } });
    this.domain = `${domainPrefix}.auth.${region}.amazoncognito.com`;
    this.pool = pool;
    new CfnOutput(this, "PoolId", { value: pool.userPoolId, description: "User pool of the console; kept" });
  }
}

/** The console as the pool knows it: a public client, which PKCE protects. @param publicUrl base of the pages */
export function clientOf(scope: Construct, { pool, domain }: OperatorsPool, publicUrl: string): Provider {
  const client = new UserPoolClient(scope, "ConsoleClient", {
    userPool: pool,
    generateSecret: false,
    preventUserExistenceErrors: true,
    authFlows: {},
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.PROFILE, OAuthScope.EMAIL],
      callbackUrls: [publicUrl + CALLBACK_PATH],
      logoutUrls: [publicUrl + SIGNED_OUT_PATH],
    },
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    accessTokenValidity: Duration.minutes(5),
    idTokenValidity: Duration.minutes(5),
    refreshTokenValidity: Duration.hours(1),
  });
  const { region } = Stack.of(pool);
  const clientId = client.userPoolClientId;
  return {
    issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`,
    clientId,
    groupsClaim: "cognito:groups",
    groups: GROUPS,
    // Its parameters are its own (Amazon Cognito Developer Guide, "The managed login sign-out endpoint").
    logoutUrl: `https://${domain}/logout?client_id=${clientId}&logout_uri=${publicUrl}${SIGNED_OUT_PATH}`,
  };
}
