import type { FullDynamo } from "../../adapters/aws/client/aws-client.ts";
import { snsClient } from "../../adapters/aws/client/clients.ts";
import { overSns } from "../../adapters/aws/client/sdk-client.ts";
import { dynamoDevices } from "../../adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../../adapters/aws/push/new-tokens.ts";
import { dynamoPostContext } from "../../adapters/aws/push/post-context.ts";
import { snsDispatcher } from "../../adapters/aws/push/sns-dispatcher.ts";
import { systemClock, systemRandom } from "../../adapters/host.ts";
import { sealer } from "../../core/push/seal.ts";
import type { SettingsOf } from "../../env.ts";
import type { Domains } from "../../ports/domains.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { TestPushPorts } from "../../usecases/admin/test-push.ts";

/** What test pushes need, an operator's or an owner's. */
export function testPushPorts(
  env: Pick<SettingsOf<"admin">, "APPS" | "TOKEN_PUBLIC_KEY" | "CORE_TABLE" | "SESSIONS_TABLE">,
  dynamo: FullDynamo,
  { domains, telemetry }: { readonly domains: Domains; readonly telemetry: Telemetry },
): TestPushPorts {
  return {
    domains,
    telemetry,
    clock: systemClock,
    random: systemRandom,
    context: dynamoPostContext(dynamo, { core: env.CORE_TABLE, sessions: env.SESSIONS_TABLE }),
    devices: dynamoDevices(dynamo, env.CORE_TABLE),
    newTokens: dynamoNewTokens(dynamo, env.CORE_TABLE),
    dispatcher: snsDispatcher(overSns(snsClient())),
    seal: sealer(env.TOKEN_PUBLIC_KEY),
    chance: Math.random,
    apps: env.APPS,
  };
}
