/**
 * Every metric the code emits, by name and unit (CloudWatch EMF, namespace `PushService`). Dashboards, alarms and tests
 * use this type, so no other name exists. Dimensions: always `stage`, and those in brackets.
 */
export const metrics = {
  /** A login or its challenge ended [outcome: ok | refused | limited | invalid (no challenge, no connection, malformed) | error (ours)]. */
  Login: "Count",
  /** A post was answered [platform, outcome: accepted | an err name]. */
  Post: "Count",
  /** 1 for a post that failed because of us, AWS or a vendor, else 0 [platform]: the average is the failing share. */
  PostTrouble: "Count",
  /** From the frame's arrival at API Gateway until SNS accepted it [platform]. */
  PostLatency: "Milliseconds",
  /** One SNS Publish; a retry is another [platform]. */
  PublishLatency: "Milliseconds",
  /** A Publish was retried [platform]. */
  PublishRetry: "Count",
  /** A Publish timed out, lost its connection or failed inside SNS, and may have been accepted [platform]. */
  PublishUnknown: "Count",
  /** A post was answered with an error because time ran out, with or without an unanswered Publish [platform]. */
  DeadlineMissed: "Count",
  /** A post was answered after its deadline, with or without an error [platform]. */
  PostLate: "Count",
  /** CreatePlatformEndpoint or SetEndpointAttributes was called, retries too: they share a small quota [platform]. */
  EndpointCall: "Count",
  /** Endpoint of a token created, re-enabled, recreated, disabled [platform, outcome]. */
  Endpoint: "Count",
  /** Outcome that SNS reported after Publish [platform, outcome: FailureType]. */
  Delivery: "Count",
  /** SNS or the vendor gave up an accepted wake-up, though not because of its token [platform]. */
  DeliveryTrouble: "Count",
  /** Many once-good tokens were disabled at once, so we ignored an event or refused a post [platform]. */
  BreakerOpen: "Count",
  /** A socket opened, logged in, closed, was closed by us [outcome]. */
  Connection: "Count",
  /** An email left or was held back [outcome: sent | limited | silent | suppressed | failed | bounced | complained | praised | rejected]. */
  Mail: "Count",
  /** A registration took a step [outcome: requested | delayed | resent | confirmed | refused | limited | acknowledged]. */
  Registration: "Count",
  /** A link to a domain's page was requested or used [outcome: asked | limited | entered | wrong-code | refused]. */
  AccessLink: "Count",
  /** A domain took a step by its owner, a claimant, a PBX or time [outcome: the action]. */
  Ownership: "Count",
  /** The operator did something [outcome: the verb; `push` for a test push]. */
  Admin: "Count",
  /** A call limit held someone back [outcome: the limit's name]. */
  Limited: "Count",
  /** A handler caught an unexpected error [outcome: function]. */
  Unexpected: "Count",
  /** 1 for a canary's wake-up that arrived, 0 for one that did not: its average is the availability. */
  Canary: "Count",
  /** A canary's wake-up failed [outcome: the step it failed at]. */
  CanaryFailure: "Count",
  /** From sending the canary's post until its message reached the phone. */
  CanaryLatency: "Milliseconds",
  /** Days until a watched credential or certificate expires; one point for each that has a date. */
  CredentialDaysLeft: "None",
  /** Days since a watched credential was last changed; one point for each. */
  CredentialAge: "None",
  /** Watched credentials that do not work, or could not be checked. */
  CredentialInvalid: "Count",
} as const;

export type MetricName = keyof typeof metrics;

/** All the dimensions. Account, connection and source address appear only in logs. */
export interface MetricDimensions {
  readonly platform?: string;
  readonly outcome?: string;
}
