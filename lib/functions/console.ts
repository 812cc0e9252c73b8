import type { Construct } from "constructs";
import { addressVariable } from "../api/viewer-request.ts";
import { grantSecretByName } from "../apps/app-credential.ts";
import { providerVariables, type Provider } from "../console/provider.ts";
import { grantOperator, operatorEnvironment, type OperatorProps } from "./shared/operator.ts";
import type { Parts } from "./shared/parts.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

type ConsoleProps = OperatorProps & Parts<"publicUrl"> & { readonly provider: Provider };

/** The operator's commands and queries in a browser, with the rights of the command line's function. */
export class ConsoleFunction extends ServiceFunction<"console"> {
  constructor(scope: Construct, props: ConsoleProps) {
    const { config, publicUrl, provider } = props;
    super(scope, "console", {
      config,
      // A generated name would be exported to the stack with dashboard and alarms. CloudFormation keeps exports that
      // are in use, so the console could never be removed from a stage.
      name: `push-${config.name}-console`,
      environment: {
        ...operatorEnvironment(scope, props),
        ...addressVariable(config),
        PUBLIC_URL: publicUrl,
        OPERATOR: JSON.stringify(config.operator),
        ...providerVariables(provider),
      },
      failures: ANSWERED,
    });
    grantOperator(this, props);
    if (provider.clientSecretName !== undefined) grantSecretByName(this, "ClientSecret", provider.clientSecretName);
  }
}
