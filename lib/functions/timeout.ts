import { Duration } from "aws-cdk-lib";

/** API Gateway gives up after 29 s; a function that outlives its caller works for nobody. */
export const FUNCTION_TIMEOUT = Duration.seconds(20);
