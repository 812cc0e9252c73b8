import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as v from "valibot";
import { readBody } from "../../../local/aws/body.ts";
import { listen } from "../../../local/aws/listen.ts";

/** Request units as DynamoDB bills them. */
interface Units {
  readonly read: number;
  /** Written to the table itself. */
  readonly write: number;
  /** Written to its indexes, which are counted and limited separately. */
  readonly indexWrite: number;
}

export interface Meter {
  /** A DynamoDB that measures on its way to the real one. */
  readonly url: string;
  /** Units by table name since the last call. */
  take(): Readonly<Record<string, Units>>;
  stop(): Promise<void>;
}

const BODY_LIMIT = 20 * 1024 * 1024; // 20 MB: a BatchGetItem answers 16
const FORWARDED = ["content-type", "x-amz-target", "authorization", "x-amz-date"];
const READING = /\.(GetItem|BatchGetItem|Query|Scan|TransactGetItems)$/u;
const WRITING = /\.(PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/u;

const consumed = v.object({
  TableName: v.string(),
  CapacityUnits: v.number(),
  GlobalSecondaryIndexes: v.optional(v.record(v.string(), v.object({ CapacityUnits: v.number() })), {}),
});
const answer = v.object({ ConsumedCapacity: v.optional(v.union([consumed, v.array(consumed)])) });
type Consumed = v.InferOutput<typeof consumed>;

/** A proxy in front of a DynamoDB that requests the consumed capacity of every call and adds it up. */
export async function startMeter(target: string): Promise<Meter> {
  const tables = new Map<string, Units>();
  const add = (operation: string, { TableName, CapacityUnits, GlobalSecondaryIndexes }: Consumed) => {
    const { read, write, indexWrite } = tables.get(TableName) ?? { read: 0, write: 0, indexWrite: 0 };
    const inIndexes = Object.values(GlobalSecondaryIndexes).reduce((sum, index) => sum + index.CapacityUnits, 0);
    const units = READING.test(operation)
      ? { read: read + CapacityUnits, write, indexWrite }
      : { read, write: write + CapacityUnits - inIndexes, indexWrite: indexWrite + inIndexes };
    tables.set(TableName, units);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const operation = String(request.headers["x-amz-target"] ?? "");
    const body = await readBody(request, BODY_LIMIT);
    const headers = Object.fromEntries(FORWARDED.map((name) => [name, String(request.headers[name] ?? "")]));
    const billed = READING.test(operation) || WRITING.test(operation);
    const sent = { method: "POST", headers, body: billed ? asking(body) : (body?.toString("utf8") ?? "") };
    const asked = await (operation === "" ? fetch(target) : fetch(target, sent));
    const text = await asked.text();
    const told = asked.ok && billed ? v.safeParse(answer, JSON.parse(text)) : undefined;
    if (told?.success) for (const each of [told.output.ConsumedCapacity ?? []].flat()) add(operation, each);
    response.writeHead(asked.status, { "content-type": asked.headers.get("content-type") ?? "text/plain" });
    response.end(text);
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  const listening = await listen(server, 0);
  return {
    url: listening.url,
    take() {
      const units = Object.fromEntries(tables);
      tables.clear();
      return units;
    },
    stop: () => listening.close(),
  };
}

function asking(body: Buffer | undefined): string {
  const input = JSON.parse(body?.toString("utf8") ?? "{}") as object;
  return JSON.stringify({ ...input, ReturnConsumedCapacity: "INDEXES" });
}
