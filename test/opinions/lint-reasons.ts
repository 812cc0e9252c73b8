/** Findings of cfn-lint that we accept: the rule, a part of the message or path, and why. */
export const reasons: readonly { readonly rule: string; readonly about: RegExp; readonly reason: string }[] = [
  {
    rule: "W3005",
    about: /Function[0-9A-F]{8}\/DependsOn/u,
    reason: "cdk-lib makes a function depend on its role and the role's policy; naming the role twice does no harm",
  },
  {
    rule: "W3005",
    about: /^'ProvisioningLive[^]*ServiceToken/u,
    reason:
      "a custom resource depends on everything of the function that creates it, including its rights and its alias",
  },
];
