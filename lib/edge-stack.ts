import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
  type BehaviorOptions,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import type { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { acknowledge } from "./policies/acknowledge.ts";
import { SOCKET_PATHS, viewerRequest } from "./api/viewer-request.ts";
import type { PbxApi } from "./api/pbx-api.ts";
import type { PublicApi } from "./api/web-api.ts";

export interface EdgeStackProps extends StackProps {
  readonly pbxApi: PbxApi;
  readonly publicApi: PublicApi;
  /** Both made in us-east-1. */
  readonly certificate: ICertificate;
  readonly webAcl: CfnWebACL;
}

/** One host name in front of both APIs, which cannot share a custom domain name. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, hostName: string, props: EdgeStackProps) {
    const { pbxApi, publicApi, certificate, webAcl, ...stackProps } = props;
    super(scope, id, stackProps);
    const viewer = new EdgeFunction(this, "ViewerRequest", {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(viewerRequest(config.fallbacks)),
    });
    const to = (domain: string): BehaviorOptions => ({
      origin: new HttpOrigin(domain, { originSslProtocols: [OriginSslPolicy.TLS_V1_2] }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: viewer }],
    });
    const distribution = new Distribution(this, "Distribution", {
      comment: `Push service, stage ${config.name}`,
      domainNames: [hostName],
      certificate,
      webAclId: webAcl.attrArn,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: to(publicApi.domain),
      additionalBehaviors: {
        ...Object.fromEntries(SOCKET_PATHS.map((path) => [path, to(pbxApi.domain)])),
        "/push/status*": {
          ...to(publicApi.domain),
          allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
          cachePolicy: this.#statusCache(),
        },
      },
    });
    acknowledge(distribution, "PBXes and their administrators may be in any country.", "AwsSolutions-CFR1");
    acknowledge(
      distribution,
      "Its access log would hold the links of our emails with their tickets; the APIs' own logs leave path and query out.",
      "AwsSolutions-CFR3",
    );
    this.#nameIt(config, hostName, distribution);
  }

  /** Caches as long as the page's Cache-Control says: when something is down, everyone opens it. */
  #statusCache(): CachePolicy {
    return new CachePolicy(this, "StatusCache", {
      comment: "Push service: the status page, by form and language",
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.minutes(1),
      headerBehavior: CacheHeaderBehavior.allowList("Accept", "Accept-Language"),
      queryStringBehavior: CacheQueryStringBehavior.allowList("lang"),
      cookieBehavior: CacheCookieBehavior.none(),
    });
  }

  #nameIt({ hostedZone }: StageConfig, hostName: string, distribution: Distribution): void {
    if (hostedZone === undefined) {
      new CfnOutput(this, "NextStep", { value: `${hostName} CNAME ${distribution.distributionDomainName}` });
      return;
    }
    const zone = HostedZone.fromHostedZoneAttributes(this, "Zone", {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    const record = { zone, recordName: hostName, target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)) };
    new ARecord(this, "IPv4", record);
    new AaaaRecord(this, "IPv6", record);
  }
}
