import { Stack, Tags } from "aws-cdk-lib";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Secret, type ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { AppSettings } from "../config.ts";
import { acknowledge } from "./acknowledge.ts";

/**
 * The credential of an app in Secrets Manager. Normally the operator puts it there, by the name in the configuration;
 * where SNS is simulated, one is generated (`dummyCredentials`), of the right form and good for nothing.
 */
export class AppCredential extends Construct {
  /** What GetSecretValue is asked for. */
  readonly reference: string;
  /** What CloudTrail may hold as the secret's id: its name, or its ARN with six random characters at the end. */
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

  /** ARN of the secret; in place of the six characters that AWS adds to a name, wildcards. */
  get secretArn(): string {
    return this.#secret.secretFullArn ?? `${this.#secret.secretArn}-??????`;
  }

  grantRead(role: IRole): void {
    this.#secret.grantRead(role);
  }

  #generate({ platform, bundle }: AppSettings): ISecret {
    const [template, generateStringKey] =
      platform === "GCM"
        ? [{ type: "service_account", project_id: bundle, client_email: `push@${bundle}` }, "private_key"]
        : [{ keyId: "DUMMYKEY00", teamId: "DUMMYTEAM0" }, "p8"];
    const secret = new Secret(this, "Dummy", {
      generateSecretString: { secretStringTemplate: JSON.stringify(template), generateStringKey },
    });
    Tags.of(secret).add("push:expires", "2099-12-31"); // as an operator would write it (docs/operations.md)
    acknowledge(secret, "Generated and good for nothing: it stands in where SNS is simulated.", "AwsSolutions-SMG4");
    // cdk-lib's classes do not fit their own interfaces under exactOptionalPropertyTypes.
    return secret as ISecret;
  }
}
