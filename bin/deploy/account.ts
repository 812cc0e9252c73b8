/** What AWS limits, in one account and Region. Rates are per second. */
export const quotas = [
  "connects",
  "requests",
  "concurrency",
  "publishes",
  "endpointCalls",
  "tableReads",
  "tableWrites",
  "mailsPerDay",
] as const;
export type Quota = (typeof quotas)[number];

/** A value, or why it could not be read. */
export type Reading<T> = { readonly value: T } | { readonly unknown: string };

/** How SES treats the account: only `production` emails go to everybody. */
export type MailAccess = "production" | "sandbox" | "paused";

/** The stage's `mail.identity`, as SES and the stage's deployed mail stack know it. */
export interface Sender {
  readonly inSes: "verified" | "unverified" | "missing";
  /** Whether the stack made it, and what becomes of it when it leaves the stack's template. */
  readonly inStack: "no" | "stays" | "goes";
}

/** What the account has. */
export interface Account {
  readonly quotas: Readonly<Record<Quota, Reading<number>>>;
  readonly mailAccess: Reading<MailAccess>;
  readonly sender: Reading<Sender>;
}

/** Where to find and raise a quota: its Service Quotas code, or a page if it has none. */
export interface Place {
  readonly label: string;
  readonly service: string;
  readonly code?: string;
  readonly page?: string;
}

export const places: Readonly<Record<Quota, Place>> = {
  connects: { label: "API Gateway: new WebSocket connections/s", service: "apigateway", code: "L-9ED1E49A" },
  requests: { label: "API Gateway: requests and frames/s", service: "apigateway", code: "L-8A5B8E43" },
  concurrency: { label: "Lambda: concurrent executions", service: "lambda", code: "L-B99A9384" },
  publishes: { label: "SNS: Publish/s", service: "sns", code: "L-F8E2BA85" },
  endpointCalls: {
    label: "SNS: endpoint calls/s",
    service: "sns",
    page: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
  },
  tableReads: { label: "DynamoDB: read units/s of a table", service: "dynamodb", code: "L-CF0CBE56" },
  tableWrites: { label: "DynamoDB: write units/s of a table", service: "dynamodb", code: "L-AB614373" },
  mailsPerDay: { label: "SES: emails in 24 h", service: "ses", code: "L-804C8AE8" },
};
