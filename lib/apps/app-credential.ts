import { Stack, Tags } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Secret, type ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { Entrypoint } from "../../lambdas/env.ts";
import type { AppSettings } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import { ReasonedPolicy } from "../policies/reasoned-policy.ts";
import type { ServiceFunction } from "../functions/shared/service-function.ts";

/** Allows one action on secrets, given by `AppCredential.secretArn`. */
export function grantSecretAction(
  user: ServiceFunction<Entrypoint>,
  id: string,
  action: string,
  arns: readonly string[],
): void {
  const named = arns.filter((arn) => arn.endsWith("?"));
  const known = arns.filter((arn) => !arn.endsWith("?"));
  if (known.length > 0) user.role.addToPolicy(new PolicyStatement({ actions: [action], resources: known }));
  if (named.length === 0) return;
  const reason =
    "AWS ends a secret's ARN with six characters that nobody knows before; this is one secret's name each.";
  new ReasonedPolicy(user, id, user.role, reason, { actions: [action], resources: named });
}

/** Lets a function read a secret that an operator created. */
export function grantSecretByName(reader: ServiceFunction<Entrypoint>, id: string, name: string): void {
  const { secretArn } = Secret.fromSecretNameV2(reader, id, name);
  grantSecretAction(reader, `Read-${id}`, "secretsmanager:GetSecretValue", [`${secretArn}-??????`]);
}

/**
 * The credential of an app in Secrets Manager. Normally the operator creates it under the name in the configuration;
 * where SNS is simulated, a dummy of the right format is generated (`dummyCredentials`).
 */
export class AppCredential extends Construct {
  /** `SecretId` for GetSecretValue: name or ARN. */
  readonly reference: string;
  /** Event patterns for the secret's id in CloudTrail: its name, or its ARN with six random characters at the end. */
  readonly spellings: readonly unknown[];
  readonly #secret: ISecret;

  constructor(scope: Construct, id: string, app: AppSettings) {
    super(scope, id);
    if (app.credentialSecret === undefined) {
      this.#secret = this.#generate(app);
      this.reference = this.#secret.secretArn;
      this.spellings = [this.#secret.secretArn];
    } else {
      const name = app.credentialSecret;
      this.#secret = Secret.fromSecretNameV2(this, "Secret", name);
      const { region, account, partition } = Stack.of(this);
      this.reference = name;
      this.spellings = [name, { prefix: `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-` }];
    }
  }

  /** ARN of the secret, with wildcards for the six characters that AWS appends to a name. */
  get secretArn(): string {
    return this.#secret.secretFullArn ?? `${this.#secret.secretArn}-??????`;
  }

  grantRead(reader: ServiceFunction<Entrypoint>): void {
    grantSecretAction(reader, `Read-${this.node.id}`, "secretsmanager:GetSecretValue", [this.secretArn]);
  }

  #generate({ platform, bundle }: AppSettings): ISecret {
    const [template, generateStringKey] =
      platform === "GCM"
        ? [{ type: "service_account", project_id: bundle, client_email: `push@${bundle}` }, "private_key"]
        : [{ keyId: "DUMMYKEY00", teamId: "DUMMYTEAM0" }, "p8"];
    const secret = new Secret(this, "Dummy", {
      generateSecretString: { secretStringTemplate: JSON.stringify(template), generateStringKey },
    });
    Tags.of(secret).add("push:expires", "2099-12-31"); // as an operator would write it (docs/operate/deploying.md)
    acknowledge(
      secret,
      "Generated, and no real credential: it stands in for one where SNS is simulated.",
      "AwsSolutions-SMG4",
    );
    // cdk-lib's classes do not fit their own interfaces under exactOptionalPropertyTypes.
    return secret as ISecret;
  }
}
