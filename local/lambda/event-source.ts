import { systemAttributes } from "../sqs/service.ts";
import { md5, type Queue, type Received } from "../sqs/queue.ts";
import type { LambdaFunction } from "./pool.ts";

export interface EventSourceDefinition {
  readonly batchSize: number;
  /** Longest wait for more messages in a batch, in ms. */
  readonly windowMs: number;
  /** The function reports which messages failed; otherwise the whole batch fails or succeeds. */
  readonly reportsItemFailures: boolean;
  /** Maximum concurrent batches. */
  readonly concurrency: number;
  readonly region: string;
}

export interface EventSource {
  /** Resolves once running batches have ended. */
  stop(): Promise<void>;
}

const IDLE_POLL_MS = 20_000;

/**
 * Delivers a queue's messages to a function in batches, as an event source mapping does. Deletes those that succeeded;
 * the others return after the queue's visibility timeout.
 */
export function startEventSource(queue: Queue, target: LambdaFunction, definition: EventSourceDefinition): EventSource {
  const stopping = new AbortController();
  const { signal } = stopping;

  const work = async () => {
    while (!signal.aborted) {
      const batch = await nextBatch(queue, definition, signal);
      if (batch.length > 0) await handOver(queue, target, definition, batch);
    }
  };
  const workers = Array.from({ length: definition.concurrency }, work);

  return {
    async stop() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}

async function nextBatch(queue: Queue, { batchSize, windowMs }: EventSourceDefinition, signal: AbortSignal) {
  const batch = [...(await queue.poll(batchSize, { waitMs: IDLE_POLL_MS, signal }))];
  const until = Date.now() + windowMs;
  while (batch.length > 0 && batch.length < batchSize && Date.now() < until && !signal.aborted)
    batch.push(...(await queue.poll(batchSize - batch.length, { waitMs: until - Date.now(), signal })));
  return batch;
}

async function handOver(
  queue: Queue,
  target: LambdaFunction,
  definition: EventSourceDefinition,
  batch: readonly Received[],
) {
  const Records = batch.map((message) => ({
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
      ]),
    ),
    md5OfBody: md5(message.body),
    eventSource: "aws:sqs",
    eventSourceARN: queue.definition.arn,
    awsRegion: definition.region,
  }));
  const result = await target.invoke({ Records });
  const failed = result.ok && definition.reportsItemFailures ? failedItems(result.payload, batch) : new Set<string>();
  if (!result.ok || failed === undefined) return;
  for (const { id, receiptHandle } of batch) if (!failed.has(id)) queue.remove(receiptHandle);
}

/** Ids of failed messages; undefined if the answer is malformed, which fails the whole batch as on AWS. */
function failedItems(payload: unknown, batch: readonly Received[]): ReadonlySet<string> | undefined {
  if (payload === null || payload === undefined) return new Set();
  const failures = (payload as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  const known = new Set(batch.map(({ id }) => id));
  return ids.every((id): id is string => typeof id === "string" && known.has(id)) ? new Set(ids) : undefined;
}
