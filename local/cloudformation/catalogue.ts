import { arn } from "../aws/arn.ts";
import type { Provider } from "./deploy.ts";
import { cannotRun } from "./read.ts";

/** Types that exist only in the cloud, so nothing runs for them here. */
const STANDS_IN = [
  "AWS::ApiGatewayV2::ApiMapping",
  "AWS::ApiGatewayV2::Authorizer",
  "AWS::ApiGatewayV2::Deployment",
  "AWS::ApiGatewayV2::DomainName",
  "AWS::ApplicationAutoScaling::",
  "AWS::CDK::Metadata",
  "AWS::CertificateManager::",
  "AWS::CloudFront::",
  "AWS::CloudWatch::",
  "AWS::CodeDeploy::",
  "AWS::KMS::Alias",
  "AWS::Logs::",
  "AWS::Route53::",
  "AWS::S3::",
  "AWS::SES::",
  "AWS::SSM::Parameter",
  "AWS::WAFv2::",
];

export interface Catalogue {
  readonly provide: Provider;
  /** Types with nothing behind them here, with the number of their resources in the template. */
  readonly standIns: () => ReadonlyMap<string, number>;
}

/** Finds the provider of each type; an unknown type fails the start with a message that names it. */
export function createCatalogue(providers: Readonly<Record<string, Provider>>, custom: Provider): Catalogue {
  const standIns = new Map<string, number>();
  return {
    provide(request) {
      const { type, logicalId, stack, properties, generatedName } = request;
      const provider = providers[type];
      if (provider !== undefined) return provider(request);
      if (type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource") return custom(request);
      if (!STANDS_IN.some((known) => (known.endsWith("::") ? type.startsWith(known) : type === known)))
        throw cannotRun(request, "the local host does not know this type");
      standIns.set(type, (standIns.get(type) ?? 0) + 1);
      const service = type.split("::")[1]?.toLowerCase() ?? "";
      const Name = properties["Name"] ?? properties["EmailIdentity"];
      const ref = typeof Name === "string" ? Name : generatedName;
      return { ref, attributes: { Arn: arn(stack, service, `${logicalId}/${ref}`) }, standsIn: true };
    },
    standIns: () => standIns,
  };
}
