import type { ApiDefinition } from "./apigateway/definition.ts";
import { apiGatewayResources } from "./apigateway/resources.ts";
import { createAppNames } from "./apps.ts";
import type { Faults } from "./aws/faults.ts";
import { AwsError, type AwsService } from "./aws/protocols.ts";
import { createCatalogue, type Catalogue } from "./cloudformation/catalogue.ts";
import { createCustomResources, type CustomResources } from "./cloudformation/custom-resource.ts";
import type { Created, Provider, ResourceRequest } from "./cloudformation/deploy.ts";
import { dynamoDbResources } from "./dynamodb/resources.ts";
import type { DynamoDb } from "./dynamodb/service.ts";
import type { ExpiringTable } from "./dynamodb/ttl.ts";
import type { LocalMetrics } from "./metrics/local-metrics.ts";
import { createAuthority, type Authority, type PolicyWatch } from "./iam/authority.ts";
import { templatePolicies } from "./iam/resources.ts";
import { createServices } from "./iam/services.ts";
import { scheduleResources } from "./events/resources.ts";
import { localAddresses } from "./front/addresses.ts";
import { kmsResources } from "./kms/resources.ts";
import { createKms } from "./kms/service.ts";
import { logResources } from "./logs/resources.ts";
import { createSubscriptions } from "./logs/subscriptions.ts";
import { createFunctionRegistry, type FunctionRegistry } from "./lambda/registry.ts";
import { lambdaResources } from "./lambda/resources.ts";
import { functionName, identityProvider, nameServers, patient } from "./product.ts";
import { secretResources } from "./secretsmanager/resources.ts";
import { createSecrets } from "./secretsmanager/service.ts";
import { createMailbox, type Mailbox } from "./ses/mailbox.ts";
import { createSes } from "./ses/service.ts";
import { createSnsSimulator, type SnsSimulator } from "./sns/simulator.ts";
import { sqsResources } from "./sqs/resources.ts";
import { createSqs, type Sqs } from "./sqs/service.ts";
import { topicResources } from "./sns/topics/resources.ts";

export interface WorldOptions {
  readonly region: string;
  readonly accountId: string;
  readonly dynamoDb: DynamoDb;
  /** Maximum sandboxes per function. */
  readonly concurrency: number;
  /** The functions' name servers; undefined: the machine's. */
  readonly dnsServers: string | undefined;
  /** Multiplies the functions' time limits. */
  readonly patience: number;
  readonly onLog: (functionName: string, line: string) => void;
  readonly faults: Faults;
  readonly metrics: LocalMetrics;
  readonly policyWatch: PolicyWatch;
}

/** The AWS of one host: its services, and the template's resources in them. */
export interface World {
  readonly services: Readonly<Record<string, AwsService>>;
  readonly authorize: Authority["authorize"];
  readonly functions: FunctionRegistry;
  readonly sqs: Sqs;
  readonly sns: SnsSimulator;
  readonly mailbox: Mailbox;
  readonly apis: ReadonlyMap<string, ApiDefinition>;
  readonly expiring: readonly ExpiringTable[];
  /** The providers of all types, once the host's addresses are known. */
  catalogue(addresses: Addresses): { readonly catalogue: Catalogue; readonly custom: CustomResources };
  /** Starts what had to wait for all resources; returns what must be stopped. */
  begin(): readonly { stop(): void | Promise<void> }[];
  /** Runs everything scheduled now; resolves when done. */
  runSchedules(): Promise<void>;
  /** What is created but never runs here. */
  readonly notRun: readonly string[];
}

interface Addresses {
  /** The AWS endpoint. */
  readonly aws: string;
  /** The endpoint for people and PBXes. */
  readonly front: string;
}

const ENDPOINTS = ["DYNAMODB", "SNS", "SQS", "SES", "KMS", "SECRETS_MANAGER", "CLOUDWATCH"];

export function createWorld({
  region,
  accountId,
  dynamoDb,
  concurrency,
  dnsServers,
  patience,
  onLog,
  faults,
  metrics,
  policyWatch,
}: WorldOptions): World {
  const apis = new Map<string, ApiDefinition>();
  const policies = templatePolicies({ region, accountId }, () => socketApi(apis), policyWatch.onCreated);
  const authority = createAuthority(policies.attached, policies.facts, policyWatch);
  const writable = (name: string) => {
    const definition = functions.find(name)?.definition;
    return definition !== undefined && acting.mayLog(definition) ? definition : undefined;
  };
  const functions: FunctionRegistry = createFunctionRegistry({
    onLog(name, line) {
      const definition = writable(name);
      if (definition === undefined) return;
      onLog(name, line);
      subscriptions.onLine(definition.logGroup, line);
    },
    onInvocation(name) {
      // Lambda writes its own START and REPORT lines with the function's role, too (AWS Lambda Developer Guide,
      // "Sending Lambda function logs to CloudWatch Logs"). Their text is not needed here.
      writable(name);
      return metrics.aws.invocation(name);
    },
    before: (name) => strikeFunction(faults, name),
  });
  const acting = createServices(authority, policies.facts, functions);
  const subscriptions = createSubscriptions(faults, (sentence) => onLog("logs", sentence));
  const expiring: ExpiringTable[] = [];
  const notRun: string[] = [];
  const schedules: (() => Promise<void>)[] = [];
  const starts: (() => { stop(): void | Promise<void> })[] = [];
  const mailbox = createMailbox();
  const dns = nameServers(dnsServers);
  const [sqs, kms, secrets] = [createSqs(), createKms(), createSecrets()];
  const sns = createSnsSimulator({
    region,
    account: accountId,
    appOf: createAppNames(functions),
    deliverToQueue: (queueArn, body, attributes, topicArn) => {
      if (authority.mayService("sns.amazonaws.com", "sqs:SendMessage", queueArn, topicArn))
        sqs.queue(queueArn)?.send(body, { attributes });
    },
    deliveryLog: (line) => void acting.mayLogDelivery(line),
    mayPublish: (topicArn, applicationArn) =>
      authority.mayService("sns.amazonaws.com", "sns:Publish", topicArn, applicationArn),
  });
  const queue = (arn: string) => sqs.queue(arn);
  const later = (start: () => { stop(): void | Promise<void> }) => void starts.push(start);

  return {
    functions,
    sqs,
    sns,
    mailbox,
    apis,
    expiring,
    notRun,
    authorize: authority.authorize,
    services: Object.fromEntries(
      Object.entries<AwsService>({
        dynamodb: dynamoDb.service,
        sqs: sqs.service,
        sns: ({ headers, body }) => sns.handle({ method: "POST", headers, body: body.toString("utf8") }),
        ses: createSes(mailbox),
        kms: kms.service,
        secretsmanager: secrets.service,
        monitoring: metrics.service,
      }).map(([name, service]) => [name, authority.guard(service)]),
    ),
    catalogue(addresses) {
      const custom = createCustomResources(functions, addresses.aws);
      const catalogue = createCatalogue(
        {
          ...apiGatewayResources(apis, acting.apiTargets),
          ...metrics.resources,
          ...dynamoDbResources(dynamoDb, (table) => void expiring.push(table)),
          ...policies.resources,
          ...logResources({ ...acting, subscriptions, findFunction: (arn) => functions.find(arn) }),
          ...kmsResources(kms),
          ...lambdaResources({
            ...acting,
            functions,
            queue,
            concurrency,
            patience,
            later,
            environment: (own) =>
              environment(
                { ...own, ...dns, ...patient(own, patience), ...identityProvider(own, addresses.front) },
                addresses,
                apis,
              ),
          }),
          ...scheduleResources({
            ...acting,
            findFunction: (arn) => functions.find(arn),
            queue,
            later,
            onSchedule: (run) => void schedules.push(run),
            notRun: (what) => void notRun.push(what),
          }),
          ...secretResources(secrets),
          ...sqsResources(sqs, addresses.aws),
          ...topicResources(sns.control),
        },
        custom.provide,
      );
      return { catalogue: { ...catalogue, provide: noting(catalogue.provide, policies.note) }, custom };
    },
    begin: () => [...starts.map((start) => start()), subscriptions.begin(), metrics.watchQueues(sqs.list())],
    async runSchedules() {
      await Promise.all(schedules.map((run) => run()));
    },
  };
}

/** `ID/STAGE` of the one WebSocket API. */
function socketApi(apis: ReadonlyMap<string, ApiDefinition>): string {
  const api = [...apis.values()].find(({ protocol }) => protocol === "WEBSOCKET");
  return `${api?.id}/${api?.stage?.name}`;
}

const noting =
  (provide: Provider, note: (request: ResourceRequest, created: Created) => void): Provider =>
  async (request) => {
    const created = await provide(request);
    note(request, created);
    return created;
  };

/** Applies a fault to an event: delays it like a slow cold start, or makes its function crash. */
async function strikeFunction(faults: Faults, name: string) {
  try {
    await faults.strike("lambda", functionName(name) ?? name, new AbortController().signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ok: false, error: { errorType: error.code, errorMessage: error.message } } as const;
  }
}

/** A function's variables with this host's addresses, and the endpoint for its SDK. */
function environment(
  own: Readonly<Record<string, string>>,
  { aws, front }: Addresses,
  apis: ReadonlyMap<string, ApiDefinition>,
): Readonly<Record<string, string>> {
  return {
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    // Services that are not simulated answer with an error: no call leaves this machine.
    AWS_ENDPOINT_URL: aws,
    ...Object.fromEntries(ENDPOINTS.map((service) => [`AWS_ENDPOINT_URL_${service}`, aws])),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, localAddresses(value, apis, front)])),
  };
}
