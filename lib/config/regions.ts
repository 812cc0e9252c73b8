/** Regions with platform applications (SNS developer guide, "mobile application supported Regions", November 2026). */
const push: readonly string[] = [
  ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["ap-east-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "af-south-1", "me-central-1", "me-south-1"],
];

/**
 * Those that lack another service every stage uses, by CloudFormation's resource types per Region (as of cfn-lint 1.58,
 * November 2026). Only SES is missing anywhere.
 */
const withoutSes: readonly string[] = ["eu-south-2", "ap-east-1"];

/** Regions that a stage can be deployed in. */
export const regions: readonly string[] = push.filter((region) => !withoutSes.includes(region));

/** Why a stage cannot be deployed in a Region outside `regions`. */
export function regionFault(region: string): string {
  if (region.startsWith("us-gov-"))
    return `${region} is in AWS GovCloud, which this service does not support: it has no CloudFront and no us-east-1 for hostName`;
  if (region.startsWith("cn-"))
    return `${region} is in AWS China, which this service does not support: it has no SNS mobile push and no SES`;
  if (withoutSes.includes(region)) return `${region} has no SES, which sends the emails`;
  return `${region} offers no SNS mobile push`;
}
