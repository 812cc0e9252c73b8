import { randomUUID } from "node:crypto";
import { dynamoCounters } from "../../../lambdas/adapters/aws/shared/counters.ts";
import { dynamoDomains } from "../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoNotices } from "../../../lambdas/adapters/aws/domains/notices.ts";
import { dynamoRegistrations } from "../../../lambdas/adapters/aws/registration/registrations.ts";
import { dynamoSecrets } from "../../../lambdas/adapters/aws/domains/secrets.ts";
import { dynamoKnownNetworks } from "../../../lambdas/adapters/aws/mail/known-networks.ts";
import { dynamoSuppressions } from "../../../lambdas/adapters/aws/mail/suppressions.ts";
import { dynamoTxtValues } from "../../../lambdas/adapters/aws/domains/txt-values.ts";
import type { TestDynamo } from "./dynamo.ts";
import type { Store } from "../memory/memory-store.ts";

/** The functions' stores in DynamoDB. */
export const storeIn = ({ clients: { sdk: client }, tables }: TestDynamo): Store => ({
  domains: dynamoDomains(client, tables, randomUUID),
  secrets: dynamoSecrets(client, tables.secrets),
  registrations: dynamoRegistrations(client, tables.sessions),
  counters: dynamoCounters(client, tables.sessions),
  notices: dynamoNotices(client, tables.core),
  suppressions: dynamoSuppressions(client, tables.core),
  knownNetworks: dynamoKnownNetworks(client, tables.sessions),
  txtValues: dynamoTxtValues(client, tables.sessions),
});
