import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { GetAccountCommand, SESv2Client, type GetAccountCommandOutput } from "@aws-sdk/client-sesv2";
import type { StageConfig } from "../../lib/config.ts";
import { PATIENT } from "../shared/credentials.ts";
import { readSender } from "./aws-sender.ts";
import { reading } from "./reading.ts";
import { places, type Account, type MailAccess, type Quota, type Reading } from "./account.ts";

/**
 * Reads what AWS allows the account in a stage's Region, with the credentials of the SDK's chain. What cannot be read is
 * a reading with the reason; never rejects. Changes nothing. Rights: `servicequotas:GetServiceQuota`,
 * `servicequotas:GetAWSDefaultServiceQuota`, `lambda:GetAccountSettings`, `ses:GetAccount`, `ses:GetEmailIdentity`,
 * `cloudformation:DescribeStackResources`, `cloudformation:GetTemplate`.
 */
export async function readAccount({ name, region, mail: { identity } }: StageConfig): Promise<Account> {
  const settings = { region, ...PATIENT };
  const serviceQuotas = new ServiceQuotasClient(settings);
  const lambda = new LambdaClient(settings);
  const ses = new SESv2Client(settings);
  const cloudFormation = new CloudFormationClient(settings);
  const listed = (quota: Quota) => readQuota(serviceQuotas, quota);
  const mail = reading("ses:GetAccount", () => ses.send(new GetAccountCommand({})));
  const concurrency = reading("lambda:GetAccountSettings", async () => {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    return AccountLimit?.ConcurrentExecutions;
  });
  try {
    return {
      quotas: {
        connects: await listed("connects"),
        requests: await listed("requests"),
        concurrency: await concurrency,
        publishes: await listed("publishes"),
        endpointCalls: await listed("endpointCalls"),
        tableReads: await listed("tableReads"),
        tableWrites: await listed("tableWrites"),
        mailsPerDay: part(await mail, mailsPerDay),
      },
      mailAccess: part(await mail, mailAccess),
      sender: await readSender(ses, cloudFormation, { identity, stack: `push-${name}-mail` }),
    };
  } finally {
    for (const client of [serviceQuotas, lambda, ses, cloudFormation]) client.destroy();
  }
}

function readQuota(client: ServiceQuotasClient, quota: Quota): Promise<Reading<number>> {
  const { service: ServiceCode, code: QuotaCode } = places[quota];
  if (QuotaCode === undefined) return Promise.resolve({ unknown: "no API of AWS returns it" });
  const input = { ServiceCode, QuotaCode };
  return reading("servicequotas:GetServiceQuota", async () => {
    const { Quota } = await client.send(new GetServiceQuotaCommand(input)).catch((error: unknown) => {
      // For a quota that was never raised AWS may return the default only.
      if (error instanceof NoSuchResourceException) return client.send(new GetAWSDefaultServiceQuotaCommand(input));
      throw error;
    });
    return Quota?.Value;
  });
}

function part<T, U>(whole: Reading<T>, select: (value: T) => U | undefined): Reading<U> {
  if ("unknown" in whole) return whole;
  const value = select(whole.value);
  return value === undefined ? { unknown: "ses:GetAccount answered without it" } : { value };
}

/** AWS returns -1 if there is no limit. */
function mailsPerDay({ SendQuota }: GetAccountCommandOutput): number | undefined {
  const most = SendQuota?.Max24HourSend;
  return most === -1 ? Infinity : most;
}

function mailAccess({ SendingEnabled, ProductionAccessEnabled }: GetAccountCommandOutput): MailAccess | undefined {
  if (ProductionAccessEnabled === undefined) return undefined;
  if (SendingEnabled === false) return "paused";
  return ProductionAccessEnabled ? "production" : "sandbox";
}
