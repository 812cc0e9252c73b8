import type { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sqsMailQueue } from "../../../../lambdas/adapters/aws/mail/mail-queue.ts";
import { connectWindow } from "../../../../lambdas/usecases/registration/connect-window.ts";
import { storeIn } from "../../../support/aws/dynamo-store.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { address, OPERATOR, ownershipServices, type OwnershipServices } from "../../../support/services/ownership.ts";
import { limits } from "../../../support/services/registration.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
let source = 0;
const STRANGER = "stranger@elsewhere.example";
let dynamo: TestDynamo;
/** AWS calls, in order. */
const called: string[] = [];

beforeAll(async () => {
  dynamo = await startDynamo();
  dynamo.client.middlewareStack.add(
    (next, context) => (input) => {
      called.push(`dynamodb.${String(context["commandName"])}`);
      return next(input);
    },
    { step: "initialize", name: "record" },
  );
});
afterAll(() => dynamo.stop());

const sqs = {
  send: (command: object) => Promise.resolve(void called.push(`sqs.${command.constructor.name}`)),
} as unknown as SQSClient;

/** AWS calls and answer of one request from an unrelated address. */
async function outside(domain: string, email: string, prepare: (services: OwnershipServices) => Promise<unknown>) {
  const services = ownershipServices(storeIn(dynamo));
  await prepare(services);
  const window = connectWindow({ ...services, limits, mailQueue: sqsMailQueue(sqs, "https://sqs.test/queue") });
  called.length = 0;
  // A separate source, as one that has requested several gets a delay.
  const answer = await window.request(domain, address(email), `192.0.2.${(source += 1)}`, "en");
  return {
    calls: [...called],
    answer: Object.entries(answer ?? {}).map(([key, value]) => [key, typeof value, String(value).length]),
  };
}

it.each<[string, string, string, (services: OwnershipServices) => Promise<unknown>]>([
  ["is free", "free.example.com", STRANGER, () => Promise.resolve()],
  [
    "someone else owns",
    "taken.example.com",
    STRANGER,
    (services) => services.register("taken.example.com", "owner@taken.example.com"),
  ],
  ["the requester owns", "mine.example.com", STRANGER, (services) => services.register("mine.example.com", STRANGER)],
  [
    "is provisional, with a member requesting it",
    "loose.example.com",
    "it@loose.example.com",
    (services) => services.register("loose.example.com", STRANGER),
  ],
  [
    "the operator set up without an owner",
    "operated.example.com",
    STRANGER,
    (services) => services.office.add({ account: "operated.example.com" }, OPERATOR),
  ],
  [
    "the operator set up for the requester",
    "given.example.com",
    STRANGER,
    (services) => services.office.add({ account: "given.example.com", owner: STRANGER }, OPERATOR),
  ],
  [
    "is suspended",
    "halted.example.com",
    STRANGER,
    async (services) => {
      await services.register("halted.example.com", STRANGER);
      await services.office.suspend("halted.example.com", OPERATOR);
    },
  ],
  [
    "is free, but the requester's address is suppressed",
    "bounced.example.com",
    STRANGER,
    (services) => services.suppressions.add({ address: STRANGER, reason: "bounced", at: 0 }),
  ],
])(
  "a registration of a domain that %s makes the same AWS calls and gives the same answer",
  async (_, domain, email, prepare) => {
    expect(await outside(domain, email, prepare)).toEqual({
      calls: ["dynamodb.TransactWriteItemsCommand", "dynamodb.PutItemCommand", "sqs.SendMessageCommand"],
      answer: [
        ["ticket", "string", 43],
        ["code", "string", 6],
        ["reference", "string", 4],
        ["expiresIn", "number", 4],
      ],
    });
  },
);
