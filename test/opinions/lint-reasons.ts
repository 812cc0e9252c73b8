/** What cfn-lint finds and we leave as it is: its rule, what its message or path holds, and why. */
export const reasons: readonly { readonly rule: string; readonly about: RegExp; readonly reason: string }[] = [
  {
    rule: "W3005",
    about: /Function[0-9A-F]{8}\/DependsOn/u,
    reason:
      "cdk-lib makes a function wait for its role and the role's policy; that the role alone is named twice harms nothing",
  },
  {
    rule: "W3005",
    about: /^'ProvisioningLive[^]*ServiceToken/u,
    reason: "a custom resource waits for all of the function that makes it, its rights included; the alias is among it",
  },
];
