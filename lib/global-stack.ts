import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from "aws-cdk-lib";
import {
  Certificate,
  CertificateValidation,
  KeyAlgorithm,
  type ICertificate,
} from "aws-cdk-lib/aws-certificatemanager";
import { HostedZone } from "aws-cdk-lib/aws-route53";
import { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import { wafDefaults, type StageConfig } from "./config.ts";
import { SOCKET_PATHS } from "./api/viewer-request.ts";

/**
 * What CloudFront requires in us-east-1: the certificate and the firewall. The edge stack reads both by weak references
 * (Fn::GetStackOutput); strong ones would add custom resources with wide rights in both Regions.
 */
export class GlobalStack extends Stack {
  /** Ours, unless the stage names one that exists. */
  readonly certificate: ICertificate;
  readonly webAcl: CfnWebACL;

  constructor(scope: Construct, id: string, config: StageConfig, hostName: string, props: StackProps) {
    super(scope, id, props);
    const { waf = wafDefaults, fallbacks } = config;
    this.certificate =
      fallbacks.certificateArn === undefined
        ? this.#newCertificate(config, hostName)
        : Certificate.fromCertificateArn(this, "Certificate", fallbacks.certificateArn);
    this.webAcl = new CfnWebACL(this, "Firewall", {
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: seen("Firewall"),
      rules: [
        // PBX paths have a limit of their own: many PBXes share one address, and after an outage all reconnect.
        rateRule("Handshakes", 0, waf.handshakes, toSocket),
        rateRule("Pages", 1, waf.requests, { notStatement: { statement: toSocket } }),
      ],
    });
    CrossStackReferences.of(this.webAcl).produce(ReferenceStrength.WEAK);
  }

  #newCertificate({ hostedZone }: StageConfig, hostName: string): Certificate {
    const zone =
      hostedZone &&
      HostedZone.fromHostedZoneAttributes(this, "Zone", { hostedZoneId: hostedZone.id, zoneName: hostedZone.name });
    const certificate = new Certificate(this, "Certificate", {
      domainName: hostName,
      // Without `hostedZone`, the deployment waits until someone adds the record that ACM shows.
      validation: CertificateValidation.fromDns(zone),
      keyAlgorithm: KeyAlgorithm.RSA_2048,
    });
    CrossStackReferences.of(certificate).produce(ReferenceStrength.WEAK);
    return certificate;
  }
}

/** Blocks an address, IPv4 or IPv6, that sends more than `limit` requests within five minutes. */
const rateRule = (name: string, priority: number, limit: number, scope: CfnWebACL.StatementProperty) => ({
  name,
  priority,
  action: { block: {} },
  visibilityConfig: seen(name),
  statement: {
    rateBasedStatement: { aggregateKeyType: "IP", evaluationWindowSec: 300, limit, scopeDownStatement: scope },
  },
});

/** Matches the paths of PBXes as sent: the firewall runs before the viewer-request function. */
const toSocket: CfnWebACL.StatementProperty = {
  orStatement: {
    statements: SOCKET_PATHS.map((searchString) => ({
      byteMatchStatement: {
        fieldToMatch: { uriPath: {} },
        positionalConstraint: "EXACTLY",
        searchString,
        textTransformations: [{ priority: 0, type: "NONE" }],
      },
    })),
  },
};

const seen = (metricName: string) => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false });
