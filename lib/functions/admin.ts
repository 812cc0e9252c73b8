import type { Construct } from "constructs";
import { grantOperator, operatorEnvironment, type OperatorProps } from "./shared/operator.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

/** The operator's commands and queries. */
export class AdminFunction extends ServiceFunction<"admin"> {
  constructor(scope: Construct, props: OperatorProps) {
    const environment = operatorEnvironment(scope, props);
    super(scope, "admin", { config: props.config, environment, failures: ANSWERED });
    grantOperator(this, props);
  }
}
